//! The exchange's users, in the D1 database `EXCHANGE`: where it is decided who redeems a code.
//!
//! # Why a code works once
//!
//! [`redeem`](ExchangeUsers::redeem) is one D1 batch. A batch is a transaction, and the database is one SQLite file with
//! one writer: of any two batches, from whatever locations, one sees all that the other did, or the other sees all that
//! the one did. So take any two attempts with the same code, and call the one that comes first in that order *A* and the
//! other *B*.
//!
//! - If *A* claims the code, its row is in `redeemed_codes` when *B* runs. The digest is the primary key, so *B*'s
//!   `CLAIM` inserts nothing. `CHANGE` and `AUDIT` ask for a claim with *B*'s own attempt id, and find none.
//! - If *A* does not claim it, *A* writes nothing at all, for the same reason, and *B* runs as if it were alone.
//!
//! The row must stay until well after the code has expired, since an attempt may be on its way then. Were it gone too
//! early, `codes_valid_from`, which `CHANGE` moved past the code's `IssuedAt`, would still refuse the code, as long as
//! nobody ever moves that cut-off back.
//!
//! # Why it may be asked twice
//!
//! If an answer is lost, the same batch is sent again with the same attempt id. An attempt that committed has a row in
//! `audit_log`, written by the same transaction as the change and kept far longer than an attempt takes: `CHANGE` and
//! `AUDIT` do nothing where it is there, also not to a password that was changed by another attempt in between. Where it
//! is not, they do their work now, and should the first batch still arrive, it is the one to find nothing to do.
//! `VERDICT` looks for that very row, and so tells the truth in each case.

use serde::Deserialize;
use worker::{D1Database, D1PreparedStatement, D1Result, Error, wasm_bindgen::JsValue};

use super::Edge;
use crate::calls::outside::{Claim, ExchangeUsers, RedeemError, Redemption, Unavailable, Verdict};

// In every statement: ?1 is the code's digest, ?2 the user's id, ?3 the code's IssuedAt, ?4 the attempt's id. `clock` is
// D1's own: a Worker's stands still while it hashes, and a session opened meanwhile must not outlive the reset.

/// Claims the code, if nobody has, nothing has voided it, and the user is there and may call.
const CLAIM: &str = "
INSERT INTO redeemed_codes (code_digest, user_id, attempt_id, redeemed_at, expires_at)
SELECT ?1, users.user_id, ?4, clock.now, ?5
FROM users, clock
WHERE users.user_id = ?2
  AND users.codes_valid_from <= ?3
  AND EXISTS (SELECT 1 FROM user_permissions AS held
              WHERE held.user_id = users.user_id AND held.permission IN ('Operator', 'Trading'))
ON CONFLICT (code_digest) DO NOTHING";

/// Changes the password, voids this code (?6 is just after its `IssuedAt`) and all that were issued before now, and ends
/// all sessions: once for an attempt that has the claim. No cut-off moves back.
const CHANGE: &str = "
UPDATE users
SET password_hash = ?5,
    password_changed_at = clock.now,
    codes_valid_from = max(codes_valid_from, clock.now, ?6),
    sessions_valid_from = max(sessions_valid_from, clock.now)
FROM clock
WHERE users.user_id = ?2
  AND EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1 AND attempt_id = ?4)
  AND NOT EXISTS (SELECT 1 FROM audit_log WHERE attempt_id = ?4)";

/// Writes down who did it, when and from where (?5). It stands after `CHANGE`, which must not find it there.
const AUDIT: &str = "
INSERT INTO audit_log (at, call, outcome, user_id, attempt_id, address)
SELECT clock.now, 'ResetPassword2', 'redeemed', ?2, ?4, ?5
FROM clock
WHERE EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1 AND attempt_id = ?4)
ON CONFLICT (attempt_id) DO NOTHING";

/// Tells how it ended.
const VERDICT: &str = "
SELECT EXISTS (SELECT 1 FROM audit_log WHERE attempt_id = ?4) AS granted,
       EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1) AS used,
       EXISTS (SELECT 1 FROM users WHERE user_id = ?2) AS user_exists";

/// Tells how it would end: `CLAIM`'s conditions, without the claim.
const EXAMINE: &str = "
SELECT NOT EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1)
         AND EXISTS (SELECT 1 FROM users
                     WHERE users.user_id = ?2
                       AND users.codes_valid_from <= ?3
                       AND EXISTS (SELECT 1 FROM user_permissions AS held
                                   WHERE held.user_id = users.user_id
                                     AND held.permission IN ('Operator', 'Trading'))) AS granted,
       EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1) AS used,
       EXISTS (SELECT 1 FROM users WHERE user_id = ?2) AS user_exists";

/// The row of [`VERDICT`] and of [`EXAMINE`]: SQLite has no booleans.
#[derive(Deserialize)]
struct VerdictRow {
    granted: u8,
    used: u8,
    user_exists: u8,
}

impl ExchangeUsers for Edge {
    async fn examine(&self, claim: &Claim) -> Result<Verdict, Unavailable> {
        let answer = async {
            let d1 = self.exchange()?;
            verdict(&d1.batch(vec![examination(&d1, claim)?]).await?)
        };
        self.trace.step(&self.trace.d1, answer).await.map_err(|error| {
            self.d1_error(&error);
            Unavailable
        })
    }

    async fn redeem(&self, redemption: &Redemption) -> Result<Verdict, RedeemError> {
        let prepared = self.exchange().and_then(|d1| Ok((batch(&d1, redemption)?, d1)));
        // Up to here nothing was sent.
        let (statements, d1) = prepared.map_err(|error| {
            self.d1_error(&error);
            RedeemError::NothingChanged
        })?;
        let answer = async { verdict(&d1.batch(statements).await?) };
        self.trace.step(&self.trace.d1, answer).await.map_err(|error| redeem_error(&self.d1_error(&error)))
    }
}

fn examination(d1: &D1Database, claim: &Claim) -> Result<D1PreparedStatement, Error> {
    d1.prepare(EXAMINE).bind(&values(claim))
}

/// ?1, ?2 and ?3.
fn values(claim: &Claim) -> [JsValue; 3] {
    [claim.code.as_str().into(), claim.user_id.as_str().into(), claim.issued_at.as_f64().into()]
}

fn batch(d1: &D1Database, redemption: &Redemption) -> Result<Vec<D1PreparedStatement>, Error> {
    let attempt_id: JsValue = redemption.attempt_id.hyphenated().to_string().into();
    let expires_at: JsValue = redemption.expires_at.as_f64().into();
    let address: JsValue = redemption.address.to_string().into();
    let after_issue: JsValue = redemption.claim.issued_at.plus(1).as_f64().into();
    let password_hash: JsValue = redemption.password_hash.as_phc().into();
    let statement = |sql: &str, more: &[JsValue]| {
        let first = values(&redemption.claim).into_iter().chain([attempt_id.clone()]);
        d1.prepare(sql).bind(&first.chain(more.iter().cloned()).collect::<Vec<_>>())
    };
    Ok(vec![
        statement(CLAIM, &[expires_at])?,
        statement(CHANGE, &[password_hash, after_issue])?,
        statement(AUDIT, &[address])?,
        statement(VERDICT, &[])?,
    ])
}

fn verdict(results: &[D1Result]) -> Result<Verdict, Error> {
    let row: Option<VerdictRow> = match results.last() {
        Some(last) => last.results()?.pop(),
        None => None,
    };
    match row {
        Some(VerdictRow { granted: 1, .. }) => Ok(Verdict::Granted),
        Some(VerdictRow { used: 0, user_exists: 0, .. }) => Ok(Verdict::UserGone),
        Some(_) => Ok(Verdict::Refused),
        None => Err(Error::RustError("a batch without its verdict".to_owned())),
    }
}

/// SQLite's result code is in the message where SQLite ran, and refused, the batch. Anything else may hide a commit.
fn redeem_error(message: &str) -> RedeemError {
    if message.contains("SQLITE_") { RedeemError::NothingChanged } else { RedeemError::Unclear }
}
