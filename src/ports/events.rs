//! The events that the exchange gets.

use super::environment::Unavailable;
use crate::{
    unix_millis::UnixMillis,
    webhook::{Event, WebhookRequest},
};

/// What attempts have done, in D1.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait EventLog {
    /// Returns what an attempt has done that must commit before `commit_before`, by D1's clock.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if D1 failed.
    async fn find_event(
        &self,
        attempt_id: &str,
        commit_before: UnixMillis,
    ) -> Result<AttemptResult, Unavailable>;

    /// Records that an event was delivered just now, for the health check.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if this may not have been recorded.
    async fn record_event_delivery(&self) -> Result<(), Unavailable>;
}

/// What an attempt has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptResult {
    /// It has committed. The exchange must be told.
    Committed(Event),
    /// Nothing so far, but it can still commit.
    MayCommit,
    /// Nothing, and it never will.
    NothingChanged,
}

/// The exchange's receiver of events.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait WebhookReceiver {
    /// Delivers an event. Follows no redirect, and takes ten seconds at most.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] unless the receiver responded with a 2xx status. The event may have been received.
    async fn post(&self, url: &str, request: &WebhookRequest) -> Result<(), Unavailable>;
}
