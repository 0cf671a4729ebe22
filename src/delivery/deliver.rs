//! The delivery of any message.

use super::{
    notice::{Notice, send_notice},
    reset_mail::send_reset_mail,
    status::Status,
};
use crate::{message::Message, ports::DeliveryPorts, settings::Settings, unix_millis::UnixMillis};

/// Delivers a message that was enqueued at `enqueued_at`.
pub async fn deliver(
    message: &Message,
    enqueued_at: UnixMillis,
    settings: &Settings,
    ports: &impl DeliveryPorts,
) -> Status {
    let delivered = match message {
        Message::ResetPassword { request_id, user_name, language } => {
            send_reset_mail(request_id, user_name, *language, settings, ports).await
        }
        Message::PasswordChanged { attempt_id, country, device, language } => {
            let notice =
                Notice { attempt_id, country: country.as_deref(), device: *device, language: *language };
            send_notice(&notice, enqueued_at, settings, ports).await
        }
    };
    delivered.unwrap_or(Status::Retry)
}
