//! The redemption of a code.
//!
//! # Why a code works only once
//!
//! [`redeem`] returns one D1 batch. A batch is one transaction, and the database is one SQLite file with a single writer.
//! Batches are therefore serialized: of any two, from any locations, one runs entirely before the other. Take any two
//! attempts to redeem the same code, and let *A* be the one that runs first and *B* the other.
//!
//! - If *A* claims the code, its row is in `redeemed_codes` when *B* runs. The digest is the primary key, so *B*'s
//!   `claim_code.sql` inserts nothing. `change_password.sql` and `write_audit_row.sql` require a claim with *B*'s own
//!   attempt id, find none, and change nothing.
//! - If *A* does not claim the code, *A* changes nothing at all, for the same reason, and *B* runs as if it were alone.
//!
//! The row must stay until well after the code has expired, because an attempt may still be in progress then. If the row
//! were removed too early, `codes_valid_from`, which `change_password.sql` moved past the code's `IssuedAt`, would still
//! refuse the code, as long as nobody moves that cut-off back.
//!
//! # Why an attempt may be sent twice
//!
//! If D1's response is lost, the Worker sends the same batch again, with the same attempt id. An attempt that committed has
//! a row in `audit_log`. It is written in the same transaction as the change, and kept far longer than an attempt takes.
//!
//! - If the row is there, `change_password.sql` and `write_audit_row.sql` change nothing. In particular, they don't undo a
//!   later reset.
//! - If the row isn't there, the second batch does the work. If the first one arrives later, it finds the row.
//!
//! `verdict.sql` looks for that same row, and therefore reports the truth in each case.

use serde::Deserialize;

use super::statement::{Statement, Value};
use crate::ports::{Claim, RedeemError, Redemption, Verdict};

/// Returns the batch that redeems a code. Its last statement returns one [`VerdictRow`].
#[must_use]
pub fn redeem(redemption: &Redemption) -> [Statement; 4] {
    let attempt_id = redemption.attempt_id.hyphenated().to_string();
    let statement = |sql, own: Option<Value>| {
        let mut values = claim_values(&redemption.claim);
        values.push(Value::Text(attempt_id.clone()));
        values.extend(own);
        Statement { sql, values }
    };
    [
        statement(include_str!("claim_code.sql"), Some(redemption.expires_at.into())),
        statement(include_str!("change_password.sql"), Some(redemption.password_hash.as_phc().into())),
        statement(include_str!("write_audit_row.sql"), Some(Value::Text(redemption.address.to_string()))),
        statement(include_str!("verdict.sql"), None),
    ]
}

/// Returns the query for what [`redeem`] would decide now. It returns one [`VerdictRow`].
#[must_use]
pub fn can_redeem(claim: &Claim) -> Statement {
    Statement { sql: include_str!("can_redeem.sql"), values: claim_values(claim) }
}

/// `?1` to `?3`, the same in every statement.
fn claim_values(claim: &Claim) -> Vec<Value> {
    vec![claim.code.as_str().into(), claim.user_id.as_str().into(), claim.issued_at.into()]
}

/// The row of `verdict.sql` and `can_redeem.sql`. SQLite has no Booleans.
#[derive(Debug, Deserialize)]
pub struct VerdictRow {
    granted: u8,
    used: u8,
    user_exists: u8,
}

impl From<VerdictRow> for Verdict {
    fn from(row: VerdictRow) -> Self {
        match row {
            VerdictRow { granted: 1, .. } => Self::Granted,
            VerdictRow { used: 0, user_exists: 0, .. } => Self::UserGone,
            VerdictRow { .. } => Self::Refused,
        }
    }
}

/// Classifies the message of a D1 error after [`redeem`].
///
/// SQLite's result code is in the message if SQLite ran the batch and rolled it back. Any other error may hide a commit.
#[must_use]
pub fn redeem_error(message: &str) -> RedeemError {
    if message.contains("SQLITE_") { RedeemError::NothingChanged } else { RedeemError::Unclear }
}
