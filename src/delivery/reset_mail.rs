//! The reset mail: the mail with the link.

use uuid::Builder;

use super::{
    send::{mark_sent, send},
    status::Status,
};
use crate::{
    languages::Language,
    mail::{self, ResetMail},
    pending_code::{PendingCode, PendingCodeRecord},
    ports::{DeliveryPorts, ResetMailLease, ResetMailRequest, Unavailable},
    settings::Settings,
    unix_millis::UnixMillis,
};

/// Sends the reset mail.
///
/// 1. **Lease** the mail, if one is due. New user names are indexed first: if that fails, a user who isn't found may
///    still exist, so the message is retried.
/// 2. **Store** the code in KV.
/// 3. **Send** the mail. Until then, older codes remain valid: failures and retries void nothing.
/// 4. **Mark** the mail as sent. This voids older codes, which then leave KV.
pub(super) async fn send_reset_mail(
    request_id: &str,
    user_name: &str,
    requested_at: UnixMillis,
    language: Language,
    settings: &Settings,
    ports: &impl DeliveryPorts,
) -> Result<Status, Unavailable> {
    // 1. Lease.
    let is_indexed = ports.index_user_names().await.is_ok();
    let guid = Builder::from_random_bytes(ports.random()?).into_uuid();
    let digest = PendingCode::from(guid).digest();
    let request = ResetMailRequest {
        request_id,
        user_name,
        requested_at,
        code: &digest,
        code_lifetime_seconds: settings.code_lifetime_seconds,
    };
    let (recipient, issued_at, expires_at) = match ports.lease_reset_mail(&request).await? {
        ResetMailLease::Leased { recipient, issued_at, expires_at } => (recipient, issued_at, expires_at),
        ResetMailLease::Blocked => return Ok(Status::Retry),
        ResetMailLease::NotDue if !is_indexed => return Ok(Status::Retry),
        ResetMailLease::Locked
        | ResetMailLease::OptedOut
        | ResetMailLease::CutOff
        | ResetMailLease::NotDue => return Ok(Status::Done),
    };

    // 2. Store.
    let user_id = recipient.user_id.clone();
    let record = PendingCodeRecord { user_id, user_name: recipient.user_name.clone(), issued_at, expires_at };
    if ports.store(&digest, &record).await.is_err() {
        let _ = ports.release(request_id).await;
        return Ok(Status::Retry);
    }

    // 3. Send.
    let code = guid.to_string();
    let link = settings.link(&recipient.user_id, &code);
    let content = ResetMail {
        link: &link,
        code: &code,
        user_id: recipient.user_id.as_str(),
        lifetime_minutes: settings.code_lifetime_seconds / 60,
        phrase: recipient.phrase.as_ref(),
    };
    let mail = mail::render_reset_mail(recipient.language().unwrap_or(language), &content);
    if let Err(status) = send(request_id, &recipient, &mail, settings, ports).await {
        return Ok(status);
    }

    // 4. Mark.
    let superseded = mark_sent(ports, async || ports.mark_reset_mail_sent(request_id, &digest).await).await;
    for digest in superseded.unwrap_or_default() {
        ports.remove_after_response(digest);
    }
    Ok(Status::Done)
}
