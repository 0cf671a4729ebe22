//! The reset mail: the e-mail with the link.

use uuid::Builder;

use super::status::Status;
use crate::{
    languages::Language,
    mail::{self, ResetMail},
    pending_code::{PendingCode, PendingCodeRecord},
    ports::{DeliveryPorts, Reservation, Unavailable},
    settings::Settings,
};

/// Sends the reset mail.
///
/// 1. **Reserve** the mail. A user who has had enough mails gets none.
/// 2. **Issue** a code. KV has it before the older codes are voided, so a failure in between costs the user nothing.
/// 3. **Send** the mail.
/// 4. **Mark** it as sent, so that another delivery of the message doesn't send it again. The mail is out, so the message is
///    done even if this step fails.
pub(super) async fn send_reset_mail(
    request_id: &str,
    user_name: &str,
    language: Language,
    settings: &Settings,
    ports: &impl DeliveryPorts,
) -> Result<Status, Unavailable> {
    // 1. Reserve.
    let Reservation::Due(recipient) = ports.reserve_reset_mail(request_id, user_name).await? else {
        return Ok(Status::Done);
    };

    // 2. Issue.
    let guid = Builder::from_random_bytes(ports.random()?).into_uuid();
    // Later than the cut-off even if D1's clock is ahead of ours. Otherwise the code would be void from the start, or no
    // newer than the code that it supersedes.
    let issued_at = ports.now().max(recipient.codes_valid_from.plus(1));
    let record = PendingCodeRecord {
        user_id: recipient.user_id.clone(),
        user_name: recipient.user_name.clone(),
        issued_at,
        expires_at: issued_at.plus(settings.code_lifetime_seconds * 1000),
    };
    ports.store(&PendingCode::from(guid).digest(), &record).await?;
    ports.supersede(&recipient.user_id, issued_at).await?;

    // 3. Send.
    let code = guid.to_string();
    let link = settings.link(&recipient.user_id, &code);
    let content = ResetMail {
        link: &link,
        code: &code,
        user_id: recipient.user_id.as_str(),
        lifetime_minutes: settings.code_lifetime_seconds / 60,
    };
    let language = recipient.language_or(language);
    let mail = mail::reset_password(language, &content);
    ports.send(&settings.mail_from, &recipient.email, &mail).await?;

    // 4. Mark.
    let _ = ports.mark_sent(request_id).await;
    Ok(Status::Done)
}
