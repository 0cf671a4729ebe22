//! The reset mail: the mail with the link.

use uuid::Builder;

use super::{
    send::{letterhead, mark_sent, send},
    status::Status,
};
use crate::{
    languages::Language,
    mail::{self, ResetMail},
    pending_code::{PendingCode, PendingCodeRecord},
    ports::{DeliveryPorts, ResetMailLease, ResetMailRequest, Unavailable},
    settings::Settings,
    unix_millis::UnixMillis,
    user_id::UserId,
};

/// A request for a link.
pub(super) struct Request<'a> {
    pub(super) id: &'a str,
    /// The user name that was entered. Perhaps it is an e-mail address.
    pub(super) user_name: &'a str,
    pub(super) requested_at: UnixMillis,
    /// The language of the requesting browser.
    pub(super) language: Language,
}

/// Sends the reset mail to the user who is meant or, if it is an e-mail address that was entered, to each user who has it.
///
/// New user names are indexed first. If that fails, a user who isn't found may still exist, so the message is retried.
pub(super) async fn send_reset_mails(
    request: &Request<'_>,
    settings: &Settings,
    ports: &impl DeliveryPorts,
) -> Result<Status, Unavailable> {
    let is_indexed = ports.index_user_names().await.is_ok();
    if request.user_name.contains('@') {
        // It may be a name that isn't indexed yet. Nearly all such names have letters beyond ASCII.
        if !is_indexed && !request.user_name.is_ascii() {
            return Ok(Status::Retry);
        }
        let users = ports.users_with_address(request.user_name).await?;
        if !users.is_empty() {
            return Ok(send_to_each(&users, request, settings, ports).await);
        }
    }
    send_reset_mail(request, None, is_indexed, settings, ports).await
}

/// Sends each user a mail of their own. One that fails doesn't keep the others from theirs.
async fn send_to_each(
    users: &[UserId],
    request: &Request<'_>,
    settings: &Settings,
    ports: &impl DeliveryPorts,
) -> Status {
    let mut all = Status::Done;
    for user_id in users {
        let id = format!("{}/{}", request.id, user_id.as_str());
        let of_user = Request { id: &id, ..*request };
        if send_reset_mail(&of_user, Some(user_id), true, settings, ports).await != Ok(Status::Done) {
            all = Status::Retry;
        }
    }
    all
}

/// Sends the reset mail to one user.
///
/// 1. **Lease** the mail, if one is due.
/// 2. **Store** the code in KV.
/// 3. **Send** the mail. Until then, older codes remain valid: failures and retries void nothing.
/// 4. **Mark** the mail as sent. This voids older codes, which then leave KV.
async fn send_reset_mail(
    request: &Request<'_>,
    user_with_address: Option<&UserId>,
    is_indexed: bool,
    settings: &Settings,
    ports: &impl DeliveryPorts,
) -> Result<Status, Unavailable> {
    let &Request { id, user_name, requested_at, language } = request;

    // 1. Lease.
    let guid = Builder::from_random_bytes(ports.random()?).into_uuid();
    let digest = PendingCode::from(guid).digest();
    let request = ResetMailRequest {
        request_id: id,
        user_name,
        user_with_address,
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
        let _ = ports.release(id).await;
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
        letterhead: letterhead(settings, &recipient),
    };
    let mail = mail::render_reset_mail(recipient.language().unwrap_or(language), &content);
    if let Err(status) = send(id, &recipient, &mail, settings, ports).await {
        return Ok(status);
    }

    // 4. Mark.
    let superseded = mark_sent(ports, async || ports.mark_reset_mail_sent(id, &digest).await).await;
    for digest in superseded.unwrap_or_default() {
        ports.remove_after_response(digest);
    }
    Ok(Status::Done)
}
