//! What a call sees of the world outside. `edge` implements these traits on the Workers runtime; the tests implement
//! them with fakes that fail on demand.

use crate::{
    client_address::ClientAddress,
    password::PasswordHash,
    pending_code::{CodeDigest, PendingCodeRecord},
    unix_millis::UnixMillis,
    user_id::UserId,
};

/// All of it.
pub trait Outside: CallLimit + Clock + ExchangeUsers + IssuedCodes + Randomness {}

impl<All: CallLimit + Clock + ExchangeUsers + IssuedCodes + Randomness> Outside for All {}

/// How often one address may call.
#[expect(async_fn_in_trait, reason = "a Worker has one thread: no future needs to be Send")]
pub trait CallLimit {
    /// Counts a call from `address`, and says whether it may be served.
    async fn allows(&self, address: &ClientAddress) -> bool;
}

/// The time.
pub trait Clock {
    /// Now.
    fn now(&self) -> UnixMillis;
}

/// A source of cryptographic randomness.
pub trait Randomness {
    /// Random bytes that nobody can guess.
    ///
    /// # Errors
    ///
    /// [`Unavailable`], where there are none to be had.
    fn random<const N: usize>(&self) -> Result<[u8; N], Unavailable>;
}

/// The codes that were issued: eventually consistent, and so only good for telling that a code *was* issued.
#[expect(async_fn_in_trait, reason = "a Worker has one thread: no future needs to be Send")]
pub trait IssuedCodes {
    /// What is known of the code with this digest; `None` where nothing is.
    ///
    /// # Errors
    ///
    /// [`Unavailable`], where the store did not answer or its entry can't be read.
    async fn find(&self, digest: &CodeDigest) -> Result<Option<PendingCodeRecord>, Unavailable>;

    /// Removes what is known of a code, at some time after the answer. Nothing depends on it: the entry expires.
    fn remove_after_answer(&self, digest: CodeDigest);
}

/// The exchange's users.
#[expect(async_fn_in_trait, reason = "a Worker has one thread: no future needs to be Send")]
pub trait ExchangeUsers {
    /// Redeems a code for a new password, in one transaction, or changes nothing.
    ///
    /// Asked again for the same [`attempt`](Redemption::attempt_id), it tells how that attempt ended, or makes it end.
    ///
    /// # Errors
    ///
    /// [`RedeemError`], which says whether something may have been changed.
    async fn redeem(&self, redemption: &Redemption) -> Result<Verdict, RedeemError>;
}

/// Something outside did not do its work, and nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unavailable;

/// All that a redemption needs.
#[derive(Debug)]
pub struct Redemption {
    /// The code to redeem.
    pub code: CodeDigest,
    /// Names this attempt: no two attempts have the same.
    pub attempt_id: uuid::Uuid,
    /// Whose password is to be changed.
    pub user_id: UserId,
    /// When the code was issued.
    pub issued_at: UnixMillis,
    /// When the code expires.
    pub expires_at: UnixMillis,
    /// Now.
    pub redeemed_at: UnixMillis,
    /// What is to be kept of the new password.
    pub password_hash: PasswordHash,
    /// From where, for the audit log.
    pub address: ClientAddress,
}

/// How a redemption ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// This attempt redeemed the code, and the password is changed.
    Redeemed,
    /// Nothing was changed: the code is used or superseded, or the user may not do this.
    Refused,
    /// Nothing was changed: there is no such user (any more).
    UserGone,
}

/// The store of users failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedeemError {
    /// It said that it rolled everything back.
    RolledBack,
    /// Its answer is lost: it may have done all of the redemption, or nothing.
    Unclear,
}
