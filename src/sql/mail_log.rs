//! The log of requested and sent mails.

use serde::Deserialize;

use super::statement::Statement;
use crate::{
    ports::{Recipient, Reservation},
    unix_millis::UnixMillis,
    user_id::UserId,
};

/// Returns the batch that reserves a reset mail. Its last statement returns one [`RecipientRow`] at most.
#[must_use]
pub fn reserve_reset_mail(request_id: &str, user_name: &str) -> [Statement; 2] {
    let sql = include_str!("reserve_reset_mail.sql");
    [Statement { sql, values: vec![request_id.into(), user_name.into()] }, recipient(request_id)]
}

/// Returns the batch that reserves the notice for an attempt. Its last statement returns one [`RecipientRow`] at most.
#[must_use]
pub fn reserve_notice(attempt_id: &str) -> [Statement; 2] {
    let sql = include_str!("reserve_notice.sql");
    [Statement { sql, values: vec![attempt_id.into()] }, recipient(attempt_id)]
}

/// Returns the statement that voids a user's older codes. It returns one row if it did, and none if the cut-off is already
/// later.
#[must_use]
pub fn supersede(user_id: &UserId, issued_at: UnixMillis) -> Statement {
    let sql = include_str!("supersede_codes.sql");
    Statement { sql, values: vec![user_id.as_str().into(), issued_at.into()] }
}

/// Returns the statement that records that a mail was sent.
#[must_use]
pub fn mark_sent(mail_id: &str) -> Statement {
    Statement { sql: include_str!("mark_sent.sql"), values: vec![mail_id.into()] }
}

fn recipient(mail_id: &str) -> Statement {
    Statement { sql: include_str!("recipient.sql"), values: vec![mail_id.into()] }
}

/// The row of `recipient.sql`. D1 returns every number as a double.
#[derive(Debug, Deserialize)]
pub struct RecipientRow {
    user_id: String,
    user_name: Option<String>,
    email: String,
    locale: Option<String>,
    codes_valid_from: f64,
    changed_at: Option<f64>,
    sent_at: Option<f64>,
}

impl From<Option<RecipientRow>> for Reservation {
    fn from(row: Option<RecipientRow>) -> Self {
        let Some(row) = row else { return Self::NotDue };
        let (None, Ok(user_id)) = (row.sent_at, UserId::try_from(row.user_id)) else {
            return Self::Sent;
        };
        Self::Due(Recipient {
            user_id,
            user_name: row.user_name,
            email: row.email,
            locale: row.locale,
            codes_valid_from: UnixMillis::from_f64(row.codes_valid_from),
            changed_at: row.changed_at.map(UnixMillis::from_f64),
        })
    }
}
