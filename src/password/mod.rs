//! Passwords: which ones may be chosen, and the hash that is stored.

#[cfg(feature = "worker")]
mod breach;
mod common_passwords;
mod hash;
mod new_password;
mod patterns;
mod policy;

#[cfg(feature = "worker")]
pub use self::breach::{BreachList, BreachQuery, NotABreachList};
pub use self::{
    hash::{OUTPUT_BYTES, PasswordHash, ROUNDS, SALT_BYTES, UnreadableHash, Verification, verify},
    new_password::NewPassword,
    policy::{MAX_LENGTH, Policy, Violation},
};
