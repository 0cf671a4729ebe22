//! The clock of this machine.

use std::time::{SystemTime, UNIX_EPOCH};

/// The current time in Unix milliseconds.
pub fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(now.as_millis()).unwrap()
}

/// Repeats `attempt` until a run starts and ends in the same minute of the clock, and returns what that run returned.
///
/// The rate limiter of the local runtime counts by minutes of the clock.
pub async fn within_one_minute<T>(mut attempt: impl AsyncFnMut() -> T) -> T {
    for _ in 0..5 {
        let minute = now() / 60_000;
        let result = attempt().await;
        if now() / 60_000 == minute {
            return result;
        }
    }
    panic!("no attempt fit into a minute");
}
