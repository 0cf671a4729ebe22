//! The log of requested and sent mails.

use serde::Deserialize;

use super::statement::{Statement, Value};
use crate::{
    mail::Phrase,
    pending_code::CodeDigest,
    ports::{NoticeLease, Recipient, ResetMailLease, ResetMailRequest},
    unix_millis::UnixMillis,
    user_id::UserId,
    user_name::user_name_key,
};

/// Returns the query for the users with an e-mail address that is nobody's user name. It returns one [`UserIdRow`] each.
#[must_use]
pub fn users_with_address(address: &str) -> Statement {
    let values = vec![address.into(), user_name_key(address).as_str().into()];
    Statement { sql: include_str!("users_with_address.sql"), values }
}

/// Returns the batch that leases a reset mail. Its last statement returns one [`ResetMailRow`].
#[must_use]
pub fn lease_reset_mail(request: &ResetMailRequest<'_>) -> [Statement; 2] {
    let values = vec![
        request.request_id.into(),
        request.user_name.into(),
        request.requested_at.into(),
        request.code.as_str().into(),
        Value::Integer(request.code_lifetime_seconds * 1000),
        user_name_key(request.user_name).as_str().into(),
        request.user_with_address.map_or("", UserId::as_str).into(),
    ];
    [include_str!("lease_reset_mail.sql"), include_str!("reset_mail_lease.sql")]
        .map(|sql| Statement { sql, values: values.clone() })
}

/// Returns the batch that records that a reset mail was sent, and voids older codes. Its last statement returns the digests
/// of those codes, one [`DigestRow`] each.
#[must_use]
pub fn mark_reset_mail_sent(request_id: &str, code: &CodeDigest) -> [Statement; 3] {
    let values = vec![request_id.into(), code.as_str().into()];
    [
        include_str!("mark_reset_mail_sent.sql"),
        include_str!("supersede_codes.sql"),
        include_str!("superseded_codes.sql"),
    ]
    .map(|sql| Statement { sql, values: values.clone() })
}

/// Returns the batch that leases the notice for an attempt. The statement at [`NOTICE_LEASED`] returns a row if it was
/// leased, and the last statement returns one [`NoticeRow`].
#[must_use]
pub fn lease_notice(attempt_id: &str, commit_before: UnixMillis) -> [Statement; 3] {
    [
        Statement { sql: include_str!("record_old_notice.sql"), values: vec![attempt_id.into()] },
        Statement { sql: include_str!("lease_notice.sql"), values: vec![attempt_id.into()] },
        Statement { sql: include_str!("notice.sql"), values: vec![attempt_id.into(), commit_before.into()] },
    ]
}

/// The index of the statement that leases the notice.
pub const NOTICE_LEASED: usize = 1;

/// Returns the statement that records that a notice was sent.
#[must_use]
pub fn mark_notice_sent(attempt_id: &str) -> Statement {
    Statement { sql: include_str!("mark_notice_sent.sql"), values: vec![attempt_id.into()] }
}

/// Returns the statement that ends the lease of a mail that was not sent.
#[must_use]
pub fn release(mail_id: &str) -> Statement {
    Statement { sql: include_str!("release_mail.sql"), values: vec![mail_id.into()] }
}

/// Returns the statement that records that the mail service refused a mail for good.
#[must_use]
pub fn mark_mail_refused(mail_id: &str) -> Statement {
    Statement { sql: include_str!("mark_mail_refused.sql"), values: vec![mail_id.into()] }
}

/// The row of `reset_mail_lease.sql`. D1 returns every number as a double.
#[derive(Debug, Deserialize)]
pub struct ResetMailRow {
    user_id: Option<String>,
    email: Option<String>,
    issued_at: Option<f64>,
    expires_at: Option<f64>,
    user_name: Option<String>,
    locale: Option<String>,
    mail_phrase: Option<Phrase>,
    is_locked: u8,
    is_opted_out: u8,
    is_blocked: u8,
    is_cut_off: u8,
}

impl From<ResetMailRow> for ResetMailLease {
    fn from(row: ResetMailRow) -> Self {
        let user_id = row.user_id.and_then(|id| UserId::try_from(id).ok());
        match (user_id, row.email, row.issued_at, row.expires_at) {
            (Some(user_id), Some(email), Some(issued_at), Some(expires_at)) => Self::Leased {
                recipient: Recipient {
                    user_id,
                    user_name: row.user_name,
                    email,
                    locale: row.locale,
                    phrase: row.mail_phrase,
                },
                issued_at: UnixMillis::from_f64(issued_at),
                expires_at: UnixMillis::from_f64(expires_at),
            },
            _ if row.is_locked != 0 => Self::Locked,
            _ if row.is_opted_out != 0 => Self::OptedOut,
            _ if row.is_cut_off != 0 => Self::CutOff,
            _ if row.is_blocked != 0 => Self::Blocked,
            _ => Self::NotDue,
        }
    }
}

/// The row of `notice.sql`. D1 returns every number as a double.
#[derive(Debug, Deserialize)]
pub struct NoticeRow {
    user_id: Option<String>,
    email: Option<String>,
    user_name: Option<String>,
    locale: Option<String>,
    mail_phrase: Option<Phrase>,
    changed_at: Option<f64>,
    held_until: Option<f64>,
    lock_code_expires_at: Option<f64>,
    is_settled: Option<u8>,
    can_commit: u8,
}

impl NoticeRow {
    /// Returns the lease. `is_leased` tells whether this batch has leased the notice.
    #[must_use]
    pub fn lease(self, is_leased: bool) -> NoticeLease {
        let user_id = self.user_id.and_then(|id| UserId::try_from(id).ok());
        match (user_id, self.email) {
            (Some(user_id), Some(email)) if is_leased => NoticeLease::Leased {
                recipient: Recipient {
                    user_id,
                    user_name: self.user_name,
                    email,
                    locale: self.locale,
                    phrase: self.mail_phrase,
                },
                changed_at: self.changed_at.map(UnixMillis::from_f64),
                withdrawals_held_until: self.held_until.map(UnixMillis::from_f64),
                lock_code_expires_at: self.lock_code_expires_at.map(UnixMillis::from_f64),
            },
            (Some(_), Some(_)) if self.is_settled == Some(0) => NoticeLease::Blocked,
            _ if self.can_commit != 0 => NoticeLease::Blocked,
            _ => NoticeLease::NotDue,
        }
    }
}

/// A row of `superseded_codes.sql`.
#[derive(Debug, Deserialize)]
pub struct DigestRow {
    digest: String,
}

impl DigestRow {
    /// Returns the digest, or `None` if it is malformed.
    #[must_use]
    pub fn into_digest(self) -> Option<CodeDigest> {
        CodeDigest::from_hex(&self.digest)
    }
}

/// A row of `users_with_address.sql`.
#[derive(Debug, Deserialize)]
pub struct UserIdRow {
    user_id: String,
}

impl UserIdRow {
    /// Returns the id, or `None` if it is not a valid one.
    #[must_use]
    pub fn into_user_id(self) -> Option<UserId> {
        UserId::try_from(self.user_id).ok()
    }
}
