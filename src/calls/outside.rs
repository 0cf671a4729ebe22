//! What a call sees of the world outside. `edge` implements these traits on the Workers runtime; the tests implement
//! them with fakes that fail on demand.

use crate::{
    client::ClientAddress,
    delivery::Message,
    password::PasswordHash,
    pending_code::{CodeDigest, PendingCodeRecord},
    unix_millis::UnixMillis,
    user_id::UserId,
};

/// All of it.
pub trait Outside: CallLimit + Clock + ExchangeUsers + IssuedCodes + Outbox + Randomness {}

impl<All: CallLimit + Clock + ExchangeUsers + IssuedCodes + Outbox + Randomness> Outside for All {}

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

/// What is to be told by mail.
#[expect(async_fn_in_trait, reason = "a Worker has one thread: no future needs to be Send")]
pub trait Outbox {
    /// Puts a message into the queue, from where it cannot be lost.
    ///
    /// # Errors
    ///
    /// [`Unavailable`], where the queue did not take it.
    async fn enqueue(&self, message: &Message) -> Result<(), Unavailable>;
}

/// The exchange's users.
#[expect(async_fn_in_trait, reason = "a Worker has one thread: no future needs to be Send")]
pub trait ExchangeUsers {
    /// Says whether [`redeem`](Self::redeem) would redeem the code now.
    ///
    /// # Errors
    ///
    /// [`Unavailable`], where the store did not answer.
    async fn examine(&self, claim: &Claim) -> Result<Verdict, Unavailable>;

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

/// A code that was issued, for a user.
#[derive(Debug)]
pub struct Claim {
    /// The code.
    pub code: CodeDigest,
    /// Whose password it may change.
    pub user_id: UserId,
    /// When it was issued.
    pub issued_at: UnixMillis,
}

/// All that a redemption needs.
#[derive(Debug)]
pub struct Redemption {
    /// What is redeemed.
    pub claim: Claim,
    /// Names this attempt: no two attempts have the same.
    pub attempt_id: uuid::Uuid,
    /// When the code expires.
    pub expires_at: UnixMillis,
    /// What is to be kept of the new password.
    pub password_hash: PasswordHash,
    /// From where, for the audit log.
    pub address: ClientAddress,
}

/// What the store of users says of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The code is good; or, of a redemption: this attempt redeemed it, and the password is changed.
    Granted,
    /// The code is used or superseded, or the user may not do this. Nothing was changed.
    Refused,
    /// The code is good, but there is no such user any more. Nothing was changed.
    UserGone,
}

/// The store of users failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedeemError {
    /// It was not asked, or said that it rolled everything back.
    NothingChanged,
    /// Its answer is lost: it may have done all of the redemption, or nothing.
    Unclear,
}
