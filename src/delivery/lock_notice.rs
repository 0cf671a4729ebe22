//! The notices that an account was locked.

use super::{
    send::{in_reliable_languages, letterhead, mark_sent, send},
    status::Status,
};
use crate::{
    languages::Language,
    mail::{self, LockedMail},
    ports::{DeliveryPorts, NoticeLease, Unavailable},
    settings::Settings,
    unix_millis::UnixMillis,
};

/// Tells the user that an attempt has locked the account, if it has: at the address on file at that time and, if it is another
/// one, at the address that the notice with the lock code went to. The message is done when both are settled.
pub(super) async fn send_lock_notices(
    attempt_id: &str,
    commit_before: UnixMillis,
    language: Language,
    settings: &Settings,
    ports: &impl DeliveryPorts,
) -> Result<Status, Unavailable> {
    let mut all = Status::Done;
    for notice_id in [attempt_id.to_owned(), format!("{attempt_id}/reset")] {
        if send_one(&notice_id, commit_before, language, settings, ports).await? == Status::Retry {
            all = Status::Retry;
        }
    }
    Ok(all)
}

async fn send_one(
    notice_id: &str,
    commit_before: UnixMillis,
    language: Language,
    settings: &Settings,
    ports: &impl DeliveryPorts,
) -> Result<Status, Unavailable> {
    let (recipient, locked_at) = match ports.lease_notice(notice_id, commit_before).await? {
        NoticeLease::Leased { recipient, changed_at, .. } => (recipient, changed_at),
        NoticeLease::Blocked => return Ok(Status::Retry),
        NoticeLease::NotDue => return Ok(Status::Done),
    };
    let content = LockedMail { at: locked_at, letterhead: letterhead(settings, &recipient) };
    let mail =
        in_reliable_languages(&recipient, language, |language| mail::render_locked_mail(language, &content));
    if let Err(status) = send(notice_id, &recipient, &mail, settings, ports).await {
        return Ok(status);
    }
    mark_sent(ports, async || ports.mark_notice_sent(notice_id).await).await;
    Ok(Status::Done)
}
