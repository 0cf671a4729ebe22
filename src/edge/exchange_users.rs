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
//!   `CLAIM` inserts nothing. Every later statement of *B* asks for a claim with *B*'s own attempt id, and finds none.
//! - If *A* does not claim it, *A* wrote nothing at all, for the same reason, and *B* runs as if it were alone.
//!
//! The row can't be gone too early: it may be removed only after the code has expired, and then KV's record is refused
//! before D1 is asked. Were it gone nevertheless, `codes_valid_from`, which `CHANGE` moved past the code's `IssuedAt`,
//! would refuse the code for good.
//!
//! # Why it may be asked twice
//!
//! If an answer is lost, the same batch is sent again with the same attempt id. Where the first one committed, `CLAIM`
//! and `AUDIT` and `CHANGE` find `codes_valid_from` past `IssuedAt` and do nothing: also not to a password that was
//! changed by a third attempt in between. Where it did not, they do their work now, and should the first one still
//! arrive, it is the one to find nothing to do. `VERDICT` tells the truth in each case.

use serde::Deserialize;
use worker::{D1Database, D1PreparedStatement, D1Result, Error, console_error, wasm_bindgen::JsValue};

use super::Edge;
use crate::calls::outside::{ExchangeUsers, RedeemError, Redemption, Verdict};

/// Claims the code, if nobody has, nothing has voided it, and the user is there and may call.
const CLAIM: &str = "
INSERT INTO redeemed_codes (code_digest, user_id, attempt_id, redeemed_at, expires_at)
SELECT ?1, user_id, ?3, ?4, ?5 FROM users
WHERE user_id = ?2 AND codes_valid_from <= ?6
  AND EXISTS (SELECT 1 FROM user_permissions AS held
              WHERE held.user_id = users.user_id AND held.permission IN ('Operator', 'Trading'))
ON CONFLICT (code_digest) DO NOTHING";

/// Whether the user `?2` is as `CLAIM` found them, and the code `?1` is claimed by the attempt `?3`.
macro_rules! claimed {
    () => {
        "user_id = ?2 AND codes_valid_from <= ?4
  AND EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1 AND attempt_id = ?3)"
    };
}

/// Writes down who did it, when and from where. It stands before `CHANGE`, which moves `codes_valid_from`.
const AUDIT: &str = concat!(
    "
INSERT INTO audit_log (at, call, outcome, user_id, attempt_id, address)
SELECT ?5, 'ResetPassword2', 'redeemed', user_id, ?3, ?6 FROM users WHERE ",
    claimed!()
);

/// Changes the password, voids all codes that were issued up to now or together with this one, and ends all sessions.
/// No cut-off moves back, whatever the clocks of two locations say.
const CHANGE: &str = concat!(
    "
UPDATE users SET
  password_hash = ?7,
  password_changed_at = ?5,
  codes_valid_from = MAX(codes_valid_from, ?5, ?6),
  sessions_valid_from = MAX(sessions_valid_from, ?5)
WHERE ",
    claimed!()
);

/// Tells how it ended.
const VERDICT: &str = "
SELECT EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1 AND attempt_id = ?3) AS redeemed,
       EXISTS (SELECT 1 FROM users WHERE user_id = ?2) AS user_exists";

/// The row of [`VERDICT`]: SQLite has no booleans.
#[derive(Deserialize)]
struct VerdictRow {
    redeemed: u8,
    user_exists: u8,
}

impl ExchangeUsers for Edge {
    async fn redeem(&self, redemption: &Redemption) -> Result<Verdict, RedeemError> {
        let batch = match self.env.d1("EXCHANGE").and_then(|d1| Ok((batch(&d1, redemption)?, d1))) {
            Ok((statements, d1)) => d1.batch(statements).await,
            Err(error) => Err(error),
        };
        match batch.and_then(|results| verdict(&results)) {
            Ok(verdict) => Ok(verdict),
            Err(error) => {
                let cause = cause(&error);
                console_error!("EXCHANGE: {cause}");
                Err(redeem_error(&cause))
            }
        }
    }
}

fn batch(d1: &D1Database, redemption: &Redemption) -> Result<Vec<D1PreparedStatement>, Error> {
    let code: JsValue = redemption.code.as_str().into();
    let user_id: JsValue = redemption.user_id.as_str().into();
    let attempt_id: JsValue = redemption.attempt_id.hyphenated().to_string().into();
    let issued_at: JsValue = redemption.issued_at.as_f64().into();
    let expires_at: JsValue = redemption.expires_at.as_f64().into();
    let redeemed_at: JsValue = redemption.redeemed_at.as_f64().into();
    let after_issue: JsValue = redemption.issued_at.next().as_f64().into();
    let password_hash: JsValue = redemption.password_hash.as_phc().into();
    let address: JsValue = redemption.address.to_string().into();
    let statement = |sql: &str, values: &[&JsValue]| {
        let values: Vec<JsValue> = values.iter().map(|value| (*value).clone()).collect();
        d1.prepare(sql).bind(&values)
    };
    Ok(vec![
        statement(CLAIM, &[&code, &user_id, &attempt_id, &redeemed_at, &expires_at, &issued_at])?,
        statement(AUDIT, &[&code, &user_id, &attempt_id, &issued_at, &redeemed_at, &address])?,
        statement(
            CHANGE,
            &[&code, &user_id, &attempt_id, &issued_at, &redeemed_at, &after_issue, &password_hash],
        )?,
        statement(VERDICT, &[&code, &user_id, &attempt_id])?,
    ])
}

fn verdict(results: &[D1Result]) -> Result<Verdict, Error> {
    let row: Option<VerdictRow> = match results.last() {
        Some(last) => last.results()?.pop(),
        None => None,
    };
    match row {
        Some(VerdictRow { redeemed: 1, .. }) => Ok(Verdict::Redeemed),
        Some(VerdictRow { user_exists: 0, .. }) => Ok(Verdict::UserGone),
        Some(_) => Ok(Verdict::Refused),
        None => Err(Error::RustError("a batch without its verdict".to_owned())),
    }
}

/// What D1 says of an error: never a value that was bound.
fn cause(error: &Error) -> String {
    match error {
        Error::D1(error) => error.cause(),
        other => other.to_string(),
    }
}

/// D1 names SQLite's result code where SQLite ran, and refused, the batch; anything else may hide a commit.
fn redeem_error(cause: &str) -> RedeemError {
    if cause.contains("SQLITE_") { RedeemError::RolledBack } else { RedeemError::Unclear }
}
