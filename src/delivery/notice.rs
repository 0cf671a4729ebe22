//! The notice that a password was changed.

use super::status::Status;
use crate::{
    device::DeviceFamily,
    languages::Language,
    mail::{self, ChangedMail},
    ports::{DeliveryPorts, Reservation, Unavailable},
    settings::Settings,
    unix_millis::UnixMillis,
};

/// How long an attempt can take to commit, in milliseconds: D1 ends a query after 30 seconds, and the Worker sends the
/// batch at most twice.
const LONGEST_ATTEMPT_MILLIS: u64 = 120_000;

/// An attempt that the user is notified of, if it committed.
pub(super) struct Notice<'a> {
    pub(super) attempt_id: &'a str,
    pub(super) country: Option<&'a str>,
    pub(super) device: DeviceFamily,
    pub(super) language: Language,
}

/// Notifies a user that the password was changed.
///
/// The message was enqueued before the attempt committed, so it can't be lost after the commit. It may be delivered while
/// the attempt is still in progress: an attempt that is not found is looked for again until it can no longer commit.
pub(super) async fn send_notice(
    notice: &Notice<'_>,
    enqueued_at: UnixMillis,
    settings: &Settings,
    ports: &impl DeliveryPorts,
) -> Result<Status, Unavailable> {
    // Read before the reservation, so that an attempt which commits in between isn't missed.
    let now = ports.now();
    let recipient = match ports.reserve_notice(notice.attempt_id).await? {
        Reservation::Due(recipient) => recipient,
        Reservation::NotDue if now < enqueued_at.plus(LONGEST_ATTEMPT_MILLIS) => return Ok(Status::Retry),
        Reservation::NotDue | Reservation::Sent => return Ok(Status::Done),
    };
    let forgot_password_url = settings.forgot_password_url();
    let content = ChangedMail {
        at: recipient.changed_at.unwrap_or(enqueued_at),
        country: notice.country,
        device: notice.device,
        forgot_password_url: &forgot_password_url,
    };
    let language = recipient.language_or(notice.language);
    let mail = mail::password_changed(language, &content);
    ports.send(&settings.mail_from, &recipient.email, &mail).await?;
    let _ = ports.mark_sent(notice.attempt_id).await;
    Ok(Status::Done)
}
