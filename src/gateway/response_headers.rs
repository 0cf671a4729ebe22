//! The response headers that JSON and pages share.

use ::http::{HeaderName, HeaderValue};

/// The response header that contains the outcome of a call.
pub(super) const X_OUTCOME: HeaderName = HeaderName::from_static("x-outcome");

/// How long a rate-limited client should wait: the period over which calls are counted.
pub(super) const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("60");

/// The `Strict-Transport-Security` of every response (RFC 6797): a year.
pub(super) const HSTS: &str = "max-age=31536000";
