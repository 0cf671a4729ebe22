//! The rate limits of calls.

use crate::{client::ClientAddress, pending_code::CodeDigest};

/// The rate limit for one client address.
///
/// It saves work and doesn't have to be exact: a pending code has 122 random bits and is safe without it. An
/// implementation that fails must allow the call.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait CallLimit {
    /// Counts a call from `address`, and returns whether it is within the limit.
    async fn count_call(&self, address: &ClientAddress) -> bool;
}

/// The rate limit for one code.
///
/// It counts only attempts with a code that was issued, and bounds the hashes that a caller with one code can
/// cause. An implementation that fails must allow the attempt.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait CodeLimit {
    /// Counts an attempt with the code, and returns whether it is within the limit.
    async fn count_attempt(&self, code: &CodeDigest) -> bool;
}
