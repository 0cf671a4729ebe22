//! The Worker's clock.

use worker::Date;

use crate::unix_millis::UnixMillis;

/// Returns the current time. A Worker's clock stands still while the Worker computes.
pub(super) fn now() -> UnixMillis {
    UnixMillis::try_from(Date::now().as_millis()).unwrap_or(UnixMillis::MAX)
}
