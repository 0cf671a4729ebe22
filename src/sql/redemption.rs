//! The redemption of a code.
//!
//! # Why a code works only once
//!
//! [`redeem`] returns one D1 batch. A batch is one transaction, and the database is one SQLite file with a single writer.
//! Batches are therefore serialized: of any two, from any locations, one runs entirely before the other. Take any two
//! attempts to redeem the same code, and let *A* be the one that runs first and *B* the other.
//!
//! - If *A* claims the code, its row is in `redeemed_codes` when *B* runs. The digest is the primary key, so *B*'s
//!   `claim_code.sql` inserts nothing. `change_password.sql`, `record_notice.sql` and `write_audit_row.sql` require a claim
//!   with *B*'s own attempt id, find none, and change nothing.
//! - If *A* does not claim the code, it changes nothing that *B* reads: at most, `refuse_attempt.sql` writes a row under
//!   *A*'s own attempt id. So *B* runs as if it were alone.
//!
//! The row must stay until well after the code has expired, because an attempt may still be in progress then. If the row
//! were removed too early, `codes_valid_from`, which `change_password.sql` moved past the code's `IssuedAt`, would still
//! refuse the code, as long as no program moves that cut-off back.
//!
//! # Why an attempt may be sent twice
//!
//! If D1's response is lost, the Worker sends the attempt again, with the same attempt id. An attempt that committed has a
//! row in `audit_log`. It is written in the same transaction as the change, and kept far longer than an attempt takes.
//!
//! - If the row is there, the statements that change something change nothing. In particular, they don't undo a later
//!   reset.
//! - If the row isn't there, the second batch does the work, or `refuse_attempt.sql` writes a row that ends
//!   the attempt. If the first batch arrives later, it finds a row in either case.
//!
//! `verdict.sql` looks for that same row, so it reports what happened, and its verdict is final.
//!
//! # Why the notice can't be lost
//!
//! `record_notice.sql` records the notice in the same transaction, with the address on file at that time. The message that
//! sends it was enqueued before. An attempt can commit only before its deadline, by D1's clock, so a consumer that finds no
//! notice after the deadline, by the same clock, knows that there will never be one.

use std::slice;

use serde::Deserialize;

use super::statement::{Statement, Value};
use crate::ports::{Claim, RedeemError, Redemption, Try, Verdict};

/// Returns the batch that redeems a code, on behalf of the request with this id. Its last statement returns one [`VerdictRow`].
#[must_use]
pub fn redeem(redemption: &Redemption, try_number: Try, request_id: &str) -> Vec<Statement> {
    let mut shared = claim_values(&redemption.claim);
    shared.push(Value::Text(redemption.attempt_id.hyphenated().to_string()));
    shared.push(redemption.commit_before.into());
    let statement = |sql, own: &[Value]| Statement { sql, values: [&shared, own].concat() };
    let hold = Value::Integer(redemption.withdrawal_hold_millis);
    let address = Value::Text(redemption.address.to_string());
    let hash = redemption.password_hash.as_phc().into();
    let mut batch = vec![
        statement(include_str!("claim_code.sql"), &[redemption.expires_at.into()]),
        statement(include_str!("change_password.sql"), &[hash, hold.clone()]),
        statement(include_str!("record_notice.sql"), slice::from_ref(&hold)),
        statement(include_str!("write_audit_row.sql"), &[address.clone(), hold, request_id.into()]),
    ];
    match try_number {
        Try::First => {}
        Try::Again => {
            batch.push(statement(include_str!("refuse_attempt.sql"), &[address, request_id.into()]));
        }
    }
    batch.push(statement(include_str!("verdict.sql"), &[]));
    batch
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
    late: u8,
}

impl VerdictRow {
    /// Returns the verdict.
    ///
    /// # Errors
    ///
    /// [`RedeemError::TooLate`] if the attempt came too late. The code can be redeemed by another attempt.
    pub fn verdict(&self) -> Result<Verdict, RedeemError> {
        match self {
            Self { granted: 1, .. } => Ok(Verdict::Granted),
            Self { used: 0, user_exists: 0, .. } => Ok(Verdict::UserGone),
            Self { used: 0, late: 1, .. } => Err(RedeemError::TooLate),
            Self { .. } => Ok(Verdict::Refused),
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
