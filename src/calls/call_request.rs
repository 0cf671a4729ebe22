//! The input of a call, however it arrived.

use uuid::Uuid;

use crate::{
    client::Client,
    json_object::InvalidJson,
    message::Message,
    settings::{InvalidSetting, Settings},
    unix_millis::UnixMillis,
};

/// The largest payload that is accepted, in bytes.
///
/// A password of 1,024 code points takes at most 12 KiB: each code point is at most two JSON escapes of 6 bytes, or four
/// decomposed code points of 3 bytes in UTF-8. The rest of a call takes less than 1 KiB.
pub const MAX_PAYLOAD_BYTES: usize = 16 * 1024;

/// How long the body of a request may take to arrive, in seconds.
pub const MAX_BODY_SECONDS: u64 = 20;

/// A call, before its payload is parsed.
#[derive(Clone, Copy)]
pub struct CallRequest<'a> {
    /// The bytes of the payload, or why they could not be read.
    pub payload: Result<&'a [u8], InvalidPayload>,
    /// The client that makes the call.
    pub client: &'a Client,
    /// The Worker's settings, or the first setting that is invalid.
    pub settings: Result<&'a Settings, InvalidSetting>,
}

impl CallRequest<'_> {
    /// Returns the messages to enqueue before an attempt: the notice for the user and, if the exchange receives events, its
    /// event.
    pub(super) fn messages(
        &self,
        notice: Message,
        attempt_id: &Uuid,
        commit_before: UnixMillis,
    ) -> Vec<Message> {
        let mut messages = vec![notice];
        if self.settings.is_ok_and(|settings| settings.webhook.is_some()) {
            let country = self.client.country.clone();
            messages.push(Message::Event { attempt_id: attempt_id.to_string(), commit_before, country });
        }
        messages
    }
}

/// A payload breaks a rule of the call. The message names the key and the rule, never the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPayload {
    /// The payload is larger than [`MAX_PAYLOAD_BYTES`].
    #[error("The body is too large. Send at most {MAX_PAYLOAD_BYTES} bytes.")]
    TooLarge,
    /// The payload did not arrive within [`MAX_BODY_SECONDS`].
    #[error("The body did not arrive within {MAX_BODY_SECONDS} seconds. Send the call again.")]
    TooSlow,
    /// The connection ended before the payload was complete.
    #[error("The body is incomplete. Send the call again.")]
    Incomplete,
    /// The payload is not the expected JSON object.
    #[error(transparent)]
    Json(#[from] InvalidJson),
}
