//! The notice that a password was changed.

use uuid::Builder;

use super::{
    send::{in_reliable_languages, letterhead, mark_sent, send},
    status::Status,
};
use crate::{
    device::DeviceFamily,
    languages::Language,
    lock_code::{LockCode, LockCodeRecord},
    mail::{self, LockLink, NoticeMail},
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
    let (recipient, changed_at, withdrawals_held_until, lock_code_expires_at) = match lease {
        NoticeLease::Leased { recipient, changed_at, withdrawals_held_until, lock_code_expires_at } => {
            (recipient, changed_at, withdrawals_held_until, lock_code_expires_at)
        }
        NoticeLease::Blocked => return Ok(Status::Retry),
        NoticeLease::NotDue => return Ok(Status::Done),
    };
    let at = changed_at.unwrap_or(notice.enqueued_at);

    // A lock code. A second try gets another one: the first mail may have arrived.
    let guid = Builder::from_random_bytes(ports.random()?).into_uuid();
    if let Some(expires_at) = lock_code_expires_at {
        let record = LockCodeRecord {
            user_id: recipient.user_id.clone(),
            issued_at: at,
            expires_at,
            attempt_id: Some(notice.attempt_id.to_owned()),
        };
        if ports.store_lock_code(&LockCode::from(guid).digest(), &record).await.is_err() {
            let _ = ports.release(notice.attempt_id).await;
            return Ok(Status::Retry);
        }
    }
    let code = guid.to_string();
    let link = settings.lock_link(&recipient.user_id, &code);
    let lock = LockLink { link: &link, code: &code, user_id: recipient.user_id.as_str() };

    let forgot_password_url = settings.forgot_password_url();
    let content = NoticeMail {
        at,
        country: notice.country,
        device: notice.device,
        withdrawals_held_until,
        letterhead: letterhead(settings, &recipient),
        lock: lock_code_expires_at.map(|_| lock),
        forgot_password_url: &forgot_password_url,
    };
    let mail = in_reliable_languages(&recipient, notice.language, |language| {
        mail::render_notice_mail(language, &content)
    });
    if let Err(status) = send(notice.attempt_id, &recipient, &mail, settings, ports).await {
        return Ok(status);
    }
    mark_sent(ports, async || ports.mark_notice_sent(notice.attempt_id).await).await;
    Ok(Status::Done)
}
