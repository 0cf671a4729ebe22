//! The delivery of any message.

use super::{
    event::send_event,
    lock_notice::send_lock_notices,
    notice::{Notice, send_notice},
    reset_mail::{Request, send_reset_mails},
    status::Status,
};
use crate::{
    message::Message, pending_code::MAX_CLOCK_SKEW_MILLIS, ports::DeliveryPorts, settings::Settings,
    unix_millis::UnixMillis,
};

/// The deadline of an attempt whose message doesn't state it, in milliseconds after the message was enqueued.
const DEFAULT_ATTEMPT_MILLIS: u64 = 120_000;

/// Delivers a message that was enqueued at `enqueued_at`.
pub async fn deliver(
    message: &Message,
    enqueued_at: UnixMillis,
    settings: &Settings,
    ports: &impl DeliveryPorts,
) -> Status {
    let delivered = match message {
        Message::ResetPassword { request_id, user_name, requested_at, language } => {
            // For a message that was replayed from the dead-letter queue, `enqueued_at` is the time of the replay.
            // Otherwise, the queue's clock is the better one.
            let latest = requested_at.map_or(enqueued_at, |time| time.plus(MAX_CLOCK_SKEW_MILLIS));
            let requested_at = enqueued_at.min(latest);
            let request = Request { id: request_id, user_name, requested_at, language: *language };
            send_reset_mails(&request, settings, ports).await
        }
        Message::PasswordChanged { attempt_id, commit_before, country, device, language } => {
            let notice = Notice {
                attempt_id,
                commit_before: commit_before.unwrap_or(enqueued_at.plus(DEFAULT_ATTEMPT_MILLIS)),
                enqueued_at,
                country: country.as_deref(),
                device: *device,
                language: *language,
            };
            send_notice(&notice, settings, ports).await
        }
        Message::AccountLocked { attempt_id, commit_before, language } => {
            send_lock_notices(attempt_id, *commit_before, *language, settings, ports).await
        }
        Message::Event { attempt_id, commit_before, country } => {
            send_event(attempt_id, *commit_before, country.as_deref(), settings, ports).await
        }
    };
    delivered.unwrap_or(Status::Retry)
}
