//! What the code needs from the outside world: one trait for each need, which documents what an
//! implementation must guarantee.
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
    password::{NewPassword, PasswordHash, SALT_BYTES},
    pending_code::{CodeDigest, PendingCodeRecord},
    unix_millis::UnixMillis,
    user_id::UserId,
};

/// What the calls need.
pub trait CallPorts:
    CallLimit + Clock + CodeLimit + ExchangeUsers + Hasher + Outbox + PendingCodes + Randomness + Timer
{
}

impl<P: CallLimit + Clock + CodeLimit + ExchangeUsers + Hasher + Outbox + PendingCodes + Randomness + Timer>
    CallPorts for P
{
}

/// What the gateway needs: everything that the calls need, the log, and the health check.
pub trait GatewayPorts: CallPorts + CallLog + HealthCheck {}

impl<P: CallPorts + CallLog + HealthCheck> GatewayPorts for P {}

/// What the delivery of messages needs.
pub trait DeliveryPorts: MailLog + Mailer + PendingCodes + Randomness + Timer {}

impl<P: MailLog + Mailer + PendingCodes + Randomness + Timer> DeliveryPorts for P {}

/// A port failed. Nothing was changed, unless the method says that something may have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unavailable;

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

/// The hash function for passwords.
pub trait Hasher {
    /// Hashes a password. `salt` must be random.
    fn hash(&self, password: &NewPassword, salt: [u8; SALT_BYTES]) -> PasswordHash;
}

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
    /// The code was used or voided, or the user may not reset the password. Nothing was changed.
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

/// The log of requested and sent mails, in D1.
///
/// A mail is leased before it is sent. A lease lasts two minutes, which is longer than sending a mail may take.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait MailLog {
    /// Stores the keys by which user names are compared ([`user_name_key`](crate::user_name::user_name_key)), for new names.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if a key may be missing, because this failed or there are too many new names.
    async fn index_user_names(&self) -> Result<(), Unavailable>;

    /// Leases the reset mail that a request asks for, if one is due (docs/contract.md, section 3).
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the log failed. The mail may have been leased.
    async fn lease_reset_mail(&self, request: &ResetMailRequest<'_>) -> Result<ResetMailLease, Unavailable>;

    /// Records that a leased reset mail was sent, and voids the user's older codes. Returns the digests of those that may
    /// still be in KV. Has no effect if another delivery holds the lease, and no further effect if called again.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if this may not have been recorded.
    async fn mark_reset_mail_sent(
        &self,
        request_id: &str,
        code: &CodeDigest,
    ) -> Result<Vec<CodeDigest>, Unavailable>;

    /// Leases the notice for an attempt, if the attempt committed.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the log failed. The notice may have been leased.
    async fn lease_notice(
        &self,
        attempt_id: &str,
        commit_before: UnixMillis,
    ) -> Result<NoticeLease, Unavailable>;

    /// Records that a notice was sent.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if this may not have been recorded.
    async fn mark_notice_sent(&self, attempt_id: &str) -> Result<(), Unavailable>;

    /// Ends the lease of a mail that was not sent.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the lease may not have been ended. It ends by itself.
    async fn release(&self, mail_id: &str) -> Result<(), Unavailable>;

    /// Records that the mail service refused a mail for good.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if this may not have been recorded.
    async fn mark_mail_refused(&self, mail_id: &str) -> Result<(), Unavailable>;
}

/// A request for a reset mail, and the code that the mail would contain.
#[derive(Debug, Clone, Copy)]
pub struct ResetMailRequest<'a> {
    /// The unique id of the request.
    pub request_id: &'a str,
    /// The user name from the request.
    pub user_name: &'a str,
    /// The time of the request.
    pub requested_at: UnixMillis,
    /// The digest of the code. Unique to each delivery of the request.
    pub code: &'a CodeDigest,
    /// The lifetime of the code, in seconds.
    pub code_lifetime_seconds: u64,
}

/// Whether a reset mail must be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResetMailLease {
    /// The caller must send it now.
    Leased {
        /// The recipient.
        recipient: Recipient,
        /// The time at which the code was issued.
        issued_at: UnixMillis,
        /// The time at which the code expires.
        expires_at: UnixMillis,
    },
    /// It can't be sent now, because another delivery is sending a mail to this user.
    Blocked,
    /// It won't be sent: the user's cut-off is in the future, so every code would be void.
    CutOff,
    /// It won't be sent: there is no such user, the request is settled, or the user has had the allowed
    /// number of mails and the newest link still works.
    NotDue,
}

/// Whether a notice must be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeLease {
    /// The caller must send it now.
    Leased {
        /// The recipient.
        recipient: Recipient,
        /// The time at which the password was changed.
        changed_at: Option<UnixMillis>,
    },
    /// It can't be sent now: another delivery is sending it, or the attempt can still commit.
    Blocked,
    /// It won't be sent: the attempt did not commit and never will, the user has no address, or the notice was sent.
    NotDue,
}

/// The recipient of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The user's id.
    pub user_id: UserId,
    /// The user's name.
    pub user_name: Option<String>,
    /// The e-mail address on file when the mail was first recorded.
    pub email: String,
    /// The user's locale, if the exchange has stored one.
    pub locale: Option<String>,
}

impl Recipient {
    /// Returns the language of the user's locale, if there is a locale that we have a language for.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        self.locale.as_deref().and_then(Language::of_locale)
    }
}

/// The mail service.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait Mailer {
    /// Sends a mail. Takes much less time than a lease lasts.
    ///
    /// # Errors
    ///
    /// [`SendError`], which tells whether the mail may have been sent.
    async fn send(&self, from: &str, to: &str, mail: &Mail) -> Result<(), SendError>;
}

/// Why it is not certain that a mail was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendError {
    /// The service refused the mail for now.
    Temporary,
    /// The service refused the mail for good, for example because the address is suppressed.
    Permanent,
    /// The response was lost. The mail may have been sent.
    Unclear,
}

/// The log of calls.
pub trait CallLog {
    /// Records how a call ended. Must not delay the response.
    fn log(&self, call: CallName, outcome: Outcome);
}

/// The health of the stores and the queue.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait HealthCheck {
    /// Counts a health check by `address`, apart from its calls, and returns whether it is within the limit. An
    /// implementation that fails must allow it.
    async fn count_health_check(&self, address: &ClientAddress) -> bool;

    /// Checks whether everything that the calls need can be reached. Writes nothing, and takes a few seconds
    /// at most. The result may be a few seconds old.
    async fn check_health(&self) -> Health;
}

/// Whether each service that the calls depend on can be reached.
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
    /// How long the check took, in milliseconds.
    pub ms: u64,
}
