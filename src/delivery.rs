//! What becomes of a message from the queue: a mail, or nothing.
//!
//! In scope: whether a mail is due, the code that goes into it, and the order in which all this is written down. Out of
//! scope: what the mail says ([`mail`]), and how often a message is tried before it rests in the
//! dead-letter queue (wrangler.toml).

use serde::{Deserialize, Serialize};
use uuid::{Builder, Uuid};

use crate::{
    calls::outside::{Clock, Randomness, Unavailable},
    client::Client,
    device::DeviceFamily,
    languages::Language,
    mail::{self, ChangedMail, Mail, ResetMail},
    pending_code::{CodeDigest, PendingCode, PendingCodeRecord},
    settings::Settings,
    unix_millis::UnixMillis,
    user_id::UserId,
};

/// How long an attempt may take to commit: D1 ends a query after 30 seconds, and the Worker asks twice.
const LONGEST_ATTEMPT_MILLIS: u64 = 120_000;

/// A message in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Message {
    /// Somebody asked for a link to a new password.
    ResetPassword {
        /// Names the request: no two have the same.
        request_id: String,
        /// The name that they gave, whether there is such a user or not.
        user_name: String,
        /// The language of their browser.
        language: Language,
    },
    /// If this attempt redeemed its code, the user is to be told.
    PasswordChanged {
        /// Names the attempt.
        attempt_id: String,
        /// The country that it came from.
        country: Option<String>,
        /// The device that it came from.
        device: DeviceFamily,
        /// The language of the browser that it came from.
        language: Language,
    },
}

impl Message {
    /// The message that tells a user of what `client` did.
    #[must_use]
    pub fn password_changed(attempt_id: Uuid, client: &Client) -> Self {
        Self::PasswordChanged {
            attempt_id: attempt_id.to_string(),
            country: client.country.clone(),
            device: client.device,
            language: client.language,
        }
    }
}

/// What a message's delivery sees of the world outside.
pub trait Outside: Clock + CodeStore + MailBook + Postman + Randomness {}

impl<All: Clock + CodeStore + MailBook + Postman + Randomness> Outside for All {}

/// Where issued codes are kept.
#[expect(async_fn_in_trait, reason = "a Worker has one thread: no future needs to be Send")]
pub trait CodeStore {
    /// Keeps what is to be known of a code until it expires.
    ///
    /// # Errors
    ///
    /// [`Unavailable`], where it may not have been kept.
    async fn keep(&self, code: &CodeDigest, record: &PendingCodeRecord) -> Result<(), Unavailable>;
}

/// Which mails were asked for, and sent: in D1, so that it holds wherever a message is delivered.
#[expect(async_fn_in_trait, reason = "a Worker has one thread: no future needs to be Send")]
pub trait MailBook {
    /// Books the mail that `request_id` asks for, once, and gives whom it goes to, unless it was sent.
    ///
    /// # Errors
    ///
    /// [`Unavailable`], where the book did not answer.
    async fn reserve_reset(&self, request_id: &str, user_name: &str) -> Result<Reservation, Unavailable>;

    /// Books the mail that tells of an attempt, once, and gives whom it goes to, unless it was sent.
    ///
    /// # Errors
    ///
    /// [`Unavailable`], where the book did not answer.
    async fn reserve_changed(&self, attempt_id: &str) -> Result<Reservation, Unavailable>;

    /// Voids the codes of a user from before `issued_at`.
    ///
    /// # Errors
    ///
    /// [`Unavailable`], where they may not have been voided, or where the cut-off has overtaken `issued_at` meanwhile.
    async fn supersede(&self, user_id: &UserId, issued_at: UnixMillis) -> Result<(), Unavailable>;

    /// Writes down that a mail was sent.
    ///
    /// # Errors
    ///
    /// [`Unavailable`], where that may not be in the book.
    async fn mark_sent(&self, mail_id: &str) -> Result<(), Unavailable>;
}

/// What the book says of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reservation {
    /// It is to be sent.
    Due(Recipient),
    /// It is not in the book: there is no such user, or no such attempt (yet), or the user had enough mails.
    None,
    /// It was sent.
    Sent,
}

/// Whom a mail goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The user.
    pub user_id: UserId,
    /// The user's name.
    pub user_name: Option<String>,
    /// The user's address.
    pub email: String,
    /// The user's language, where the exchange knows it.
    pub locale: Option<String>,
    /// From when on codes of this user are good.
    pub codes_valid_from: UnixMillis,
    /// When the attempt that they are told of changed the password.
    pub changed_at: Option<UnixMillis>,
}

impl Recipient {
    /// The language to write in: the user's own, else that of the browser.
    fn language(&self, of_browser: Language) -> Language {
        self.locale.as_deref().and_then(Language::of_locale).unwrap_or(of_browser)
    }
}

/// Who takes a mail out.
#[expect(async_fn_in_trait, reason = "a Worker has one thread: no future needs to be Send")]
pub trait Postman {
    /// Sends a mail to an address.
    ///
    /// # Errors
    ///
    /// [`Unavailable`], where it was not sent.
    async fn send(&self, from: &str, to: &str, mail: &Mail) -> Result<(), Unavailable>;
}

/// How a delivery ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivered {
    /// The message has done its work.
    Done,
    /// Something failed, or cannot be known yet: try again later.
    TryAgain,
}

/// Delivers a message that was put into the queue at `enqueued_at`.
pub async fn deliver(
    message: &Message,
    enqueued_at: UnixMillis,
    settings: &Settings,
    outside: &impl Outside,
) -> Delivered {
    let delivered = match message {
        Message::ResetPassword { request_id, user_name, language } => {
            mail_reset(request_id, user_name, *language, settings, outside).await
        }
        Message::PasswordChanged { attempt_id, country, device, language } => {
            let notice =
                Notice { attempt_id, country: country.as_deref(), device: *device, language: *language };
            tell_changed(&notice, enqueued_at, settings, outside).await
        }
    };
    delivered.unwrap_or(Delivered::TryAgain)
}

/// Sends the mail with the link.
///
/// 1. **Book** it. A user who had enough mails gets none, and nobody is told.
/// 2. **Issue** a code: KV has it before the older ones are voided, so that a failure in between costs the user nothing.
/// 3. **Send**.
/// 4. **Mark** it as sent, so that the message, should it come again, sends no second one. The mail is out: if this fails,
///    the message is done all the same.
async fn mail_reset(
    request_id: &str,
    user_name: &str,
    language: Language,
    settings: &Settings,
    outside: &impl Outside,
) -> Result<Delivered, Unavailable> {
    // 1. Book.
    let Reservation::Due(recipient) = outside.reserve_reset(request_id, user_name).await? else {
        return Ok(Delivered::Done);
    };

    // 2. Issue.
    let guid = Builder::from_random_bytes(outside.random()?).into_uuid();
    // After the cut-off, should D1's clock be ahead of ours: the code would be void from birth, or no newer than another.
    let issued_at = outside.now().max(recipient.codes_valid_from.plus(1));
    let record = PendingCodeRecord {
        user_id: recipient.user_id.clone(),
        user_name: recipient.user_name.clone(),
        issued_at,
        expires_at: issued_at.plus(settings.code_lifetime_seconds * 1000),
    };
    outside.keep(&PendingCode::from(guid).digest(), &record).await?;
    outside.supersede(&recipient.user_id, issued_at).await?;

    // 3. Send.
    let code = guid.to_string();
    let link = settings.link(&recipient.user_id, &code);
    let request = ResetMail {
        link: &link,
        code: &code,
        user_id: recipient.user_id.as_str(),
        lifetime_minutes: settings.code_lifetime_seconds / 60,
    };
    let mail = mail::reset_password(recipient.language(language), &request);
    outside.send(&settings.mail_from, &recipient.email, &mail).await?;

    // 4. Mark.
    let _ = outside.mark_sent(request_id).await;
    Ok(Delivered::Done)
}

/// An attempt of which the user is to be told, if it redeemed its code.
struct Notice<'a> {
    attempt_id: &'a str,
    country: Option<&'a str>,
    device: DeviceFamily,
    language: Language,
}

/// Tells a user that the password was changed.
///
/// The message was there before the attempt committed, so it cannot be lost after that. It may be delivered while the
/// attempt is still under way: so an attempt that is not there is looked for again, until none can still commit.
async fn tell_changed(
    notice: &Notice<'_>,
    enqueued_at: UnixMillis,
    settings: &Settings,
    outside: &impl Outside,
) -> Result<Delivered, Unavailable> {
    let looked_at = outside.now();
    let recipient = match outside.reserve_changed(notice.attempt_id).await? {
        Reservation::Due(recipient) => recipient,
        Reservation::None if looked_at < enqueued_at.plus(LONGEST_ATTEMPT_MILLIS) => {
            return Ok(Delivered::TryAgain);
        }
        Reservation::None | Reservation::Sent => return Ok(Delivered::Done),
    };
    let forgot_password_url = settings.forgot_password_url();
    let changed = ChangedMail {
        at: recipient.changed_at.unwrap_or(enqueued_at),
        country: notice.country,
        device: notice.device,
        forgot_password_url: &forgot_password_url,
    };
    let mail = mail::password_changed(recipient.language(notice.language), &changed);
    outside.send(&settings.mail_from, &recipient.email, &mail).await?;
    let _ = outside.mark_sent(notice.attempt_id).await;
    Ok(Delivered::Done)
}

#[cfg(test)]
mod tests;
