//! Passwords, named after what the policy says about them.

/// Accepted.
pub const GOOD: &str = "four words that fit";

/// Accepted, and different from [`GOOD`].
pub const OTHER: &str = "another set of words";

/// Rejected as too short.
pub const TOO_SHORT: &str = "too short";

/// Rejected as too common.
pub const TOO_COMMON: &str = "1qaz2wsx3edc4rfv";
