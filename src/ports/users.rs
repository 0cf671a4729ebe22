//! The exchange's users.

use uuid::Uuid;

use super::environment::Unavailable;
use crate::{
    client::ClientAddress, password::PasswordHash, pending_code::CodeDigest, unix_millis::UnixMillis,
    user_id::UserId,
};

/// The exchange's users, in D1. It decides who redeems a code.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait ExchangeUsers {
    /// Returns what [`redeem`](Self::redeem) would return now, without changing anything.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the store failed.
    async fn can_redeem(&self, claim: &Claim) -> Result<Verdict, Unavailable>;

    /// Redeems a code for a new password and holds withdrawals in one transaction, or changes nothing. Of any number of concurrent redemptions
    /// of one code, exactly one is granted.
    ///
    /// It is idempotent for an [`attempt_id`](Redemption::attempt_id): called again with [`Try::Again`], it returns how the
    /// attempt ended, or ends it. An attempt never commits after this has returned a verdict other than
    /// [`Verdict::Granted`] for its last try, and never after [`commit_before`](Redemption::commit_before).
    ///
    /// # Errors
    ///
    /// [`RedeemError`], which tells whether the redemption may have committed.
    async fn redeem(&self, redemption: &Redemption, try_number: Try) -> Result<Verdict, RedeemError>;
}

/// A claim that a code may change a user's password.
#[derive(Debug)]
pub struct Claim {
    /// The digest of the code.
    pub code: CodeDigest,
    /// The user whose password the code may change.
    pub user_id: UserId,
    /// The time at which the code was issued.
    pub issued_at: UnixMillis,
}

/// An attempt to redeem a code.
#[derive(Debug)]
pub struct Redemption {
    /// The code and its user.
    pub claim: Claim,
    /// The unique id of the attempt.
    pub attempt_id: Uuid,
    /// The time by which the attempt must commit, by the store's clock.
    pub commit_before: UnixMillis,
    /// The time at which the code expires.
    pub expires_at: UnixMillis,
    /// The hash of the new password.
    pub password_hash: PasswordHash,
    /// How long withdrawals are held from the commit on, in milliseconds. 0 leaves them as they are.
    pub withdrawal_hold_millis: u64,
    /// The address of the client, for the audit log.
    pub address: ClientAddress,
}

/// Whether an attempt is sent for the first time, or again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Try {
    /// For the first time.
    First,
    /// Again, because the response was lost.
    Again,
}

/// The decision about a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The code can be redeemed, or this attempt has redeemed it and the password is changed.
    Granted,
    /// The code was used or voided, or the user is locked or may not reset the password. Nothing was changed.
    Refused,
    /// The code is valid, but the user no longer exists. Nothing was changed.
    UserGone,
}

/// The store failed during a redemption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedeemError {
    /// The batch was not sent, or the store rolled it back.
    NothingChanged,
    /// The attempt came after its deadline. It changed nothing, and never will.
    TooLate,
    /// The response was lost. The redemption may have committed, or may still commit.
    Unclear,
}

/// The locks of accounts, in D1.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait AccountLocks {
    /// Locks an account, ends its sessions, and voids its codes in one transaction, or changes nothing. It is idempotent: an
    /// account that is locked stays as it is.
    ///
    /// # Errors
    ///
    /// [`LockError`], which tells whether the account may have been locked.
    async fn lock(&self, lock: &Lock) -> Result<LockVerdict, LockError>;
}

/// An attempt to lock an account.
#[derive(Debug)]
pub struct Lock {
    /// The user whose account is to be locked.
    pub user_id: UserId,
    /// The time at which the lock code was issued.
    pub issued_at: UnixMillis,
    /// The unique id of the attempt.
    pub attempt_id: Uuid,
    /// The time by which the attempt must commit, by the store's clock.
    pub commit_before: UnixMillis,
    /// The reset that the code's notice was about: whoever got that notice is told of the lock.
    pub reset_attempt_id: Option<String>,
    /// The address of the client, for the audit log.
    pub address: ClientAddress,
}

/// The decision about an attempt to lock an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockVerdict {
    /// The account is locked, by this attempt or an earlier one.
    Locked,
    /// The code is void, or there is no such user. Nothing was changed.
    Refused,
}

/// The store failed while an account was to be locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockError {
    /// The attempt did not lock the account, and never will.
    NotLocked,
    /// The response was lost, and the attempt may have locked the account, or may still do so. Or it came too late to complete a lock
    /// by the exchange.
    Unclear,
}
