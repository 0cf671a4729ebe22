//! What the code needs from the outside world: one trait for each thing, with the guarantees that an implementation must
//! give.
//!
//! `edge` implements these traits on the Workers runtime. Tests implement them with fakes that fail on demand.

use serde::Serialize;
use uuid::Uuid;

use crate::{
    call_name::CallName,
    client::ClientAddress,
    languages::Language,
    mail::Mail,
    message::Message,
    outcome::Outcome,
    password::PasswordHash,
    pending_code::{CodeDigest, PendingCodeRecord},
    unix_millis::UnixMillis,
    user_id::UserId,
};

/// What the calls need.
pub trait CallPorts: CallLimit + Clock + ExchangeUsers + Outbox + PendingCodes + Randomness {}

impl<P: CallLimit + Clock + ExchangeUsers + Outbox + PendingCodes + Randomness> CallPorts for P {}

/// What the gateway needs: everything that the calls need, the log, and the health check.
pub trait GatewayPorts: CallPorts + CallLog + HealthCheck {}

impl<P: CallPorts + CallLog + HealthCheck> GatewayPorts for P {}

/// What the delivery of messages needs.
pub trait DeliveryPorts: Clock + MailLog + Mailer + PendingCodes + Randomness {}

impl<P: Clock + MailLog + Mailer + PendingCodes + Randomness> DeliveryPorts for P {}

/// A port failed. Nothing was changed, unless the method says that something may have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unavailable;

/// The rate limit for one client address.
///
/// It saves work and doesn't have to be exact: a pending code has 122 random bits and is safe without it. An implementation that
/// fails must allow the call.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait CallLimit {
    /// Counts a call from `address`, and returns whether it is within the limit.
    async fn allows(&self, address: &ClientAddress) -> bool;
}

/// The current time.
///
/// It may stand still while the Worker computes, and may differ from D1's clock by seconds.
pub trait Clock {
    /// Returns the current time.
    fn now(&self) -> UnixMillis;
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

    /// Removes a code's record some time after the response has been sent. Nothing depends on it, since the record
    /// expires.
    fn remove_after_response(&self, digest: CodeDigest);
}

/// The queue of outgoing messages.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait Outbox {
    /// Enqueues a message. Once this returns `Ok`, the message is delivered at least once, or ends up in the dead-letter
    /// queue.
    ///
    /// # Errors
    ///
    /// [`EnqueueError`], which says whether the message may have been enqueued.
    async fn enqueue(&self, message: &Message) -> Result<(), EnqueueError>;
}

/// A message could not be enqueued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnqueueError {
    /// The message was not sent.
    NotEnqueued,
    /// The message was sent, but its acceptance was not confirmed. It may be delivered.
    Unclear,
}

/// The exchange's users, in D1. It decides who redeems a code.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait ExchangeUsers {
    /// Returns what [`redeem`](Self::redeem) would return now, without changing anything.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the store failed.
    async fn can_redeem(&self, claim: &Claim) -> Result<Verdict, Unavailable>;

    /// Redeems a code for a new password in one transaction, or changes nothing. Of any number of concurrent redemptions
    /// of one code, exactly one is granted.
    ///
    /// It is idempotent for an [`attempt_id`](Redemption::attempt_id): called again, it
    /// returns how the attempt ended, or completes it.
    ///
    /// # Errors
    ///
    /// [`RedeemError`], which says whether the redemption may have committed.
    async fn redeem(&self, redemption: &Redemption) -> Result<Verdict, RedeemError>;
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
    /// Identifies the attempt. Unique.
    pub attempt_id: Uuid,
    /// The time at which the code expires.
    pub expires_at: UnixMillis,
    /// The hash of the new password.
    pub password_hash: PasswordHash,
    /// The address of the client, for the audit log.
    pub address: ClientAddress,
}

/// The decision about a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The code can be redeemed, or this attempt has redeemed it and the password is changed.
    Granted,
    /// The code was used or voided, or the user may not reset the password. Nothing was changed.
    Refused,
    /// The code is good, but the user no longer exists. Nothing was changed.
    UserGone,
}

/// The store failed during a redemption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedeemError {
    /// The batch was not sent, or the store rolled it back.
    NothingChanged,
    /// The response was lost. The redemption may have committed, or may still commit.
    Unclear,
}

/// The log of requested and sent e-mails, in D1.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait MailLog {
    /// Reserves the reset mail that `request_id` requests for `user_name`, and returns its recipient unless it was sent.
    /// Reserving it again has no further effect.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the log failed. The mail may have been reserved.
    async fn reserve_reset_mail(&self, request_id: &str, user_name: &str)
    -> Result<Reservation, Unavailable>;

    /// Reserves the notice for an attempt that committed, and returns its recipient unless it was sent. Reserving it again
    /// has no further effect.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the log failed. The notice may have been reserved.
    async fn reserve_notice(&self, attempt_id: &str) -> Result<Reservation, Unavailable>;

    /// Voids the user's codes that were issued before `issued_at`.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if they may not have been voided, or if the cut-off is already later than `issued_at`.
    async fn supersede(&self, user_id: &UserId, issued_at: UnixMillis) -> Result<(), Unavailable>;

    /// Records that a mail was sent.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if this may not have been recorded.
    async fn mark_sent(&self, mail_id: &str) -> Result<(), Unavailable>;
}

/// The state of a mail in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reservation {
    /// The mail is to be sent.
    Due(Recipient),
    /// No mail is due: there is no such user, no such attempt (yet), or the user has had enough mails.
    NotDue,
    /// The mail was sent.
    Sent,
}

/// The recipient of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The user's id.
    pub user_id: UserId,
    /// The user's name.
    pub user_name: Option<String>,
    /// The user's e-mail address.
    pub email: String,
    /// The user's locale, if the exchange has stored one.
    pub locale: Option<String>,
    /// The user's cut-off: codes issued before it are void.
    pub codes_valid_from: UnixMillis,
    /// The time at which the attempt changed the password. Only notices have one.
    pub changed_at: Option<UnixMillis>,
}

impl Recipient {
    /// Returns the language of the user's locale, or `fallback` if there is no locale that we have a language for.
    #[must_use]
    pub fn language_or(&self, fallback: Language) -> Language {
        self.locale.as_deref().and_then(Language::of_locale).unwrap_or(fallback)
    }
}

/// The e-mail service.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait Mailer {
    /// Sends an e-mail.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the service did not confirm it. The e-mail may have been sent.
    async fn send(&self, from: &str, to: &str, mail: &Mail) -> Result<(), Unavailable>;
}

/// The log of calls.
pub trait CallLog {
    /// Records how a call ended. Must not delay the response.
    fn log(&self, call: CallName, outcome: Outcome);
}

/// The health of the stores and the queue.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait HealthCheck {
    /// Checks whether everything that the calls need can be reached. Writes nothing, and takes seconds at most.
    async fn check_health(&self) -> Health;
}

/// What the calls depend on, and whether it can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Workers KV, with the issued codes.
    pub kv: Check,
    /// D1, with the users.
    pub d1: Check,
    /// The mail queue.
    pub queue: Check,
}

/// The result of one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Whether the service responded in time.
    pub reachable: bool,
    /// How long that took, in milliseconds.
    pub ms: u64,
}
