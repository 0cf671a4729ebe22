//! Mails: whether they are due, and the service that sends them.

use super::environment::Unavailable;
use crate::{
    languages::Language,
    mail::{Mail, Phrase},
    pending_code::CodeDigest,
    unix_millis::UnixMillis,
    user_id::UserId,
};

/// The log of requested and sent mails, in D1.
///
/// A mail is leased before it is sent. A lease lasts two minutes, which is longer than sending a mail may take.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait MailLog {
    /// Stores the keys by which user names are compared ([`user_name_key`](crate::user_name::user_name_key)), for names
    /// that have none yet.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if a key may be missing, because this failed or there are too many new names.
    async fn index_user_names(&self) -> Result<(), Unavailable>;

    /// Returns the users with an e-mail address, ten at most. Returns none if the address is somebody's user name.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the log failed.
    async fn users_with_address(&self, address: &str) -> Result<Vec<UserId>, Unavailable>;

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

    /// Leases a notice, if the attempt that it is about committed. Its id is that of the attempt; the second notice of a lock has
    /// the suffix `/reset`.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if the log failed. The notice may have been leased.
    async fn lease_notice(
        &self,
        notice_id: &str,
        commit_before: UnixMillis,
    ) -> Result<NoticeLease, Unavailable>;

    /// Records that a notice was sent.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] if this may not have been recorded.
    async fn mark_notice_sent(&self, notice_id: &str) -> Result<(), Unavailable>;

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
    /// The unique id of the mail: that of the request, with a suffix if it leads to more than one mail.
    pub request_id: &'a str,
    /// The user name from the request, or the e-mail address.
    pub user_name: &'a str,
    /// The user, if the request has an e-mail address.
    pub user_with_address: Option<&'a UserId>,
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
    /// It won't be sent: the user is locked.
    Locked,
    /// It won't be sent: the exchange allows this user no resets.
    OptedOut,
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
        /// The time at which the attempt committed.
        changed_at: Option<UnixMillis>,
        /// Until when the change holds withdrawals, if it still does.
        withdrawals_held_until: Option<UnixMillis>,
        /// When a lock code in the notice expires, or `None` if such a code would be void.
        lock_code_expires_at: Option<UnixMillis>,
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
    /// The user's anti-phishing phrase, if there is one.
    pub phrase: Option<Phrase>,
}

impl Recipient {
    /// Returns the language of the user's locale, if there is a locale that we have a language for.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        self.locale.as_deref().and_then(Language::of_locale)
    }
}

/// The sender of a mail.
#[derive(Debug, Clone, Copy)]
pub struct Sender<'a> {
    /// The name that mail programs show.
    pub name: &'a str,
    /// The e-mail address.
    pub address: &'a str,
}

/// The mail service.
#[expect(async_fn_in_trait, reason = "a Worker has one thread, so no future needs to be Send")]
pub trait Mailer {
    /// Sends a mail. Takes much less time than a lease lasts.
    ///
    /// # Errors
    ///
    /// [`SendError`], which tells whether the mail may have been sent.
    async fn send(&self, from: &Sender<'_>, to: &str, mail: &Mail) -> Result<(), SendError>;
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
