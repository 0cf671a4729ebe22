//! The lock of an account.
//!
//! A batch is one transaction. Its first statement writes the audit row of the attempt, unless the account is locked already,
//! the code is void, or it is too late. Mails are recorded only if that row is there. So of any number of attempts, one
//! locks the account, and no mail is sent twice. A later one that is in time only moves the cut-offs, which never move back:
//! the exchange may have locked the account without ending its sessions. After an unlock, a late batch finds that the code is
//! void.

use serde::Deserialize;

use super::statement::{Statement, Value};
use crate::ports::{Lock, LockError, LockVerdict};

/// Returns the batch that locks an account, on behalf of the request with this id. Its last statement returns one [`LockVerdictRow`].
#[must_use]
pub fn lock(lock: &Lock, request_id: &str) -> [Statement; 4] {
    let code = [
        Value::Text(lock.attempt_id.hyphenated().to_string()),
        lock.user_id.as_str().into(),
        lock.issued_at.into(),
    ];
    let commit_before = Value::from(lock.commit_before);
    let values = |own: &[Value]| [code.as_slice(), std::slice::from_ref(&commit_before), own].concat();
    let address = Value::Text(lock.address.to_string());
    // No attempt has an empty id.
    let reset = Value::Text(lock.reset_attempt_id.clone().unwrap_or_default());
    [
        Statement {
            sql: include_str!("write_lock_audit_row.sql"),
            values: values(&[address, request_id.into()]),
        },
        Statement { sql: include_str!("record_lock_notices.sql"), values: values(&[reset]) },
        Statement { sql: include_str!("lock_user.sql"), values: values(&[]) },
        Statement { sql: include_str!("lock_verdict.sql"), values: values(&[]) },
    ]
}

/// The row of `lock_verdict.sql`. SQLite has no Booleans.
#[derive(Debug, Deserialize)]
pub struct LockVerdictRow {
    code_is_valid: u8,
    is_locked: u8,
    has_acted: u8,
}

impl LockVerdictRow {
    /// Returns the verdict.
    ///
    /// # Errors
    ///
    /// If the attempt came too late: [`LockError::NotLocked`], or, if the account is locked, [`LockError::Unclear`], because
    /// its sessions may not have ended. Another attempt can lock the account, or end them.
    pub fn verdict(&self) -> Result<LockVerdict, LockError> {
        match self {
            Self { code_is_valid: 0, .. } => Ok(LockVerdict::Refused),
            Self { is_locked: 0, .. } => Err(LockError::NotLocked),
            Self { has_acted: 0, .. } => Err(LockError::Unclear),
            Self { .. } => Ok(LockVerdict::Locked),
        }
    }
}

/// Classifies the message of a D1 error after [`lock`].
///
/// SQLite's result code is in the message if SQLite ran the batch and rolled it back. Any other error may hide a commit.
#[must_use]
pub fn lock_error(message: &str) -> LockError {
    if message.contains("SQLITE_") { LockError::NotLocked } else { LockError::Unclear }
}
