//! What the attempts have done, for the events that the exchange gets.
//!
//! An event can't be lost for the same reason as a notice ([`redemption`](super::redemption)): its message was enqueued before
//! the attempt, and the audit row that it tells of is written in the attempt's own transaction.

use serde::Deserialize;

use super::statement::{Statement, Value};
use crate::{
    ports::AttemptResult,
    unix_millis::UnixMillis,
    user_id::UserId,
    webhook::{Event, EventKind},
};

/// Returns the query for what an attempt has done. It returns one [`EventRow`].
#[must_use]
pub fn find_event(attempt_id: &str, commit_before: UnixMillis) -> Statement {
    Statement { sql: include_str!("event.sql"), values: vec![attempt_id.into(), commit_before.into()] }
}

/// Returns the statement that records that an event was delivered.
#[must_use]
pub fn record_event_delivery() -> Statement {
    Statement { sql: include_str!("record_event_delivery.sql"), values: Vec::<Value>::new() }
}

/// The row of `event.sql`. D1 returns every number as a double.
#[derive(Debug, Deserialize)]
pub struct EventRow {
    outcome: Option<String>,
    user_id: Option<String>,
    at: Option<f64>,
    held_until: Option<f64>,
    can_commit: u8,
}

impl EventRow {
    /// Returns what the attempt `attempt_id` has done.
    #[must_use]
    pub fn result(self, attempt_id: &str) -> AttemptResult {
        let kind = match self.outcome.as_deref() {
            Some("redeemed") => {
                let withdrawals_held_until = self.held_until.map(UnixMillis::from_f64);
                Some(EventKind::PasswordChanged { withdrawals_held_until })
            }
            Some("locked") => Some(EventKind::UserLocked),
            _ => None,
        };
        let user_id = self.user_id.and_then(|id| UserId::try_from(id).ok());
        match (kind, user_id, self.at) {
            (Some(kind), Some(user_id), Some(at)) => AttemptResult::Committed(Event {
                kind,
                user_id,
                attempt_id: attempt_id.to_owned(),
                at: UnixMillis::from_f64(at),
            }),
            _ if self.can_commit != 0 => AttemptResult::MayCommit,
            _ => AttemptResult::NothingChanged,
        }
    }
}
