//! The notice that a password was changed.

use super::{
    send::{mark_sent, send},
    status::Status,
};
use crate::{
    device::DeviceFamily,
    languages::Language,
    mail::{self, NoticeMail},
    ports::{DeliveryPorts, NoticeLease, Unavailable},
    settings::Settings,
    unix_millis::UnixMillis,
};

/// An attempt that the user is notified of, if it committed.
pub(super) struct Notice<'a> {
    pub(super) attempt_id: &'a str,
    /// The time by which the attempt must commit, by D1's clock.
    pub(super) commit_before: UnixMillis,
    pub(super) enqueued_at: UnixMillis,
    pub(super) country: Option<&'a str>,
    pub(super) device: DeviceFamily,
    pub(super) language: Language,
}

/// Notifies a user that the password was changed.
///
/// The message was enqueued before the attempt committed, so it can't be lost after the commit. It may be delivered while
/// the attempt is still in progress: it is delivered again until the attempt has committed or no longer can.
pub(super) async fn send_notice(
    notice: &Notice<'_>,
    settings: &Settings,
    ports: &impl DeliveryPorts,
) -> Result<Status, Unavailable> {
    let lease = ports.lease_notice(notice.attempt_id, notice.commit_before).await?;
    let (recipient, changed_at, withdrawals_held_until) = match lease {
        NoticeLease::Leased { recipient, changed_at, withdrawals_held_until } => {
            (recipient, changed_at, withdrawals_held_until)
        }
        NoticeLease::Blocked => return Ok(Status::Retry),
        NoticeLease::NotDue => return Ok(Status::Done),
    };
    let forgot_password_url = settings.forgot_password_url();
    let content = NoticeMail {
        at: changed_at.unwrap_or(notice.enqueued_at),
        country: notice.country,
        device: notice.device,
        withdrawals_held_until,
        phrase: recipient.phrase.as_ref(),
        forgot_password_url: &forgot_password_url,
    };
    let mail = match recipient.language() {
        Some(language) => mail::render_notice_mail(language, &content),
        // The browser may be a thief's, so its language alone is not enough.
        None if notice.language == Language::English => mail::render_notice_mail(Language::English, &content),
        None => mail::render_notice_mail(Language::English, &content)
            .followed_by(&mail::render_notice_mail(notice.language, &content)),
    };
    if let Err(status) = send(notice.attempt_id, &recipient, &mail, settings, ports).await {
        return Ok(status);
    }
    mark_sent(ports, async || ports.mark_notice_sent(notice.attempt_id).await).await;
    Ok(Status::Done)
}
