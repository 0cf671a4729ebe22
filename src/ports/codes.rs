//! The issued codes.

use super::environment::Unavailable;
use crate::{
    lock_code::{LockCodeDigest, LockCodeRecord},
    pending_code::{CodeDigest, PendingCodeRecord},
};

/// The store of issued codes, Workers KV.
///
/// It is eventually consistent: a code that was just stored may not be found for a minute, and a code that was removed may
/// still be found. It can therefore only show that a code was issued, not that it can still be redeemed.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait PendingCodes {
    /// Returns the record of the code with this digest, or `None` if there is none.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the store failed or its entry is malformed.
    async fn find(&self, digest: &CodeDigest) -> Result<Option<PendingCodeRecord>, Unavailable>;

    /// Stores the record of a code until the code expires.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the record may not have been stored.
    async fn store(&self, digest: &CodeDigest, record: &PendingCodeRecord) -> Result<(), Unavailable>;

    /// Removes a code's record some time after the response has been sent. Nothing depends on its success: D1
    /// refuses the code, and the record expires.
    fn remove_after_response(&self, digest: CodeDigest);
}

/// The store of lock codes, in the same KV namespace.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait LockCodes {
    /// Returns the record of the lock code with this digest, or `None` if there is none.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the store failed or its entry is malformed.
    async fn find_lock_code(&self, digest: &LockCodeDigest) -> Result<Option<LockCodeRecord>, Unavailable>;

    /// Stores the record of a lock code until the code expires.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the record may not have been stored.
    async fn store_lock_code(
        &self,
        digest: &LockCodeDigest,
        record: &LockCodeRecord,
    ) -> Result<(), Unavailable>;
}
