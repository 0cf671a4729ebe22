//! Time, randomness, and the hash.

use crate::{
    password::{NewPassword, PasswordHash, SALT_BYTES},
    unix_millis::UnixMillis,
};

/// A port failed. Nothing was changed, unless the method says that something may have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unavailable;

/// The current time.
///
/// It may stand still while the Worker computes, and may differ from D1's clock by seconds.
pub trait Clock {
    /// Returns the current time.
    fn now(&self) -> UnixMillis;
}

/// A timer.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait Timer {
    /// Waits for `millis` milliseconds.
    async fn sleep(&self, millis: u64);
}

/// A source of cryptographic randomness.
pub trait Randomness {
    /// Returns unpredictable bytes.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the source failed.
    fn random<const N: usize>(&self) -> Result<[u8; N], Unavailable>;
}

/// The hash function for passwords.
pub trait Hasher {
    /// Hashes a password. `salt` must be random.
    fn hash(&self, password: &NewPassword, salt: [u8; SALT_BYTES]) -> PasswordHash;
}
