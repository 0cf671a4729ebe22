//! Sending a leased mail, and recording that it was sent.

use super::status::Status;
use crate::{
    languages::Language,
    mail::{Letterhead, Mail},
    ports::{DeliveryPorts, Recipient, SendError, Sender, Timer, Unavailable},
    settings::Settings,
};

/// How many times to try to record that something was sent.
const MARK_TRIES: u32 = 3;

/// How long to wait between these tries, in milliseconds.
const MARK_DELAY_MILLIS: u64 = 500;

/// Returns what every mail to a recipient shows.
pub(super) fn letterhead<'a>(settings: &'a Settings, recipient: &'a Recipient) -> Letterhead<'a> {
    Letterhead {
        brand: &settings.brand,
        user_name: recipient.user_name.as_deref(),
        phrase: recipient.phrase.as_ref(),
    }
}

/// Sends a mail.
///
/// # Errors
///
/// How the delivery ends if the mail was not sent.
pub(super) async fn send(
    mail_id: &str,
    recipient: &Recipient,
    mail: &Mail,
    settings: &Settings,
    ports: &impl DeliveryPorts,
) -> Result<(), Status> {
    let sender = Sender { name: &settings.brand.exchange_name, address: &settings.mail_from };
    match ports.send(&sender, &recipient.email, mail).await {
        Ok(()) => Ok(()),
        Err(SendError::Temporary) => {
            let _ = ports.release(mail_id).await;
            Err(Status::Retry)
        }
        // The lease stays: until it ends, the mail may still arrive, and no newer mail may overtake it.
        Err(SendError::Unclear) => Err(Status::Retry),
        Err(SendError::Permanent) => {
            Err(if ports.mark_mail_refused(mail_id).await.is_ok() { Status::Done } else { Status::Retry })
        }
    }
}

/// Renders a notice in the language of the user's locale. Without one, renders it in English and then in the language of the
/// browser that made the call. That may be a thief's, so its language alone is not enough.
pub(super) fn in_reliable_languages(
    recipient: &Recipient,
    browser: Language,
    render: impl Fn(Language) -> Mail,
) -> Mail {
    match recipient.language() {
        Some(language) => render(language),
        None if browser == Language::English => render(Language::English),
        None => render(Language::English).followed_by(&render(browser)),
    }
}

/// Records that a mail or an event was sent. It is out, so the message is done even if this fails every time.
pub(super) async fn mark_sent<T>(
    timer: &impl Timer,
    mark: impl AsyncFn() -> Result<T, Unavailable>,
) -> Option<T> {
    for _ in 1..MARK_TRIES {
        if let Ok(marked) = mark().await {
            return Some(marked);
        }
        timer.sleep(MARK_DELAY_MILLIS).await;
    }
    mark().await.ok()
}
