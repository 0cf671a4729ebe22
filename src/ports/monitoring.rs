//! The log and the health check.

use serde::Serialize;

use crate::{call_name::CallName, client::ClientAddress, outcome::Outcome, unix_millis::UnixMillis};

/// The log of calls.
pub trait CallLog {
    /// Records how a call ended. Must not delay the response.
    fn log(&self, call: CallName, outcome: Outcome);
}

/// The health of the stores and the queue.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait HealthCheck {
    /// Counts a health check from `address`, separately from its calls, and returns whether it is within the limit. An
    /// implementation that fails must allow it.
    async fn count_health_check(&self, address: &ClientAddress) -> bool;

    /// Checks whether everything that the calls need can be reached. Writes nothing, and takes a few seconds
    /// at most. The result may be a few seconds old.
    async fn check_health(&self) -> Health;
}

/// Whether each service that the calls depend on can be reached, and when an event was last delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Health {
    /// Workers KV, with the issued codes.
    pub kv: Check,
    /// D1, with the users.
    pub d1: Check,
    /// The mail queue.
    pub queue: Check,
    /// When an event was last delivered, or `None` if that is unknown or there was none.
    pub last_event_delivered_at: Option<UnixMillis>,
}

/// The result of one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Whether the service responded in time.
    pub reachable: bool,
    /// How long the check took, in milliseconds.
    pub ms: u64,
}
