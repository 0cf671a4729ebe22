//! Frames and their replies.

use serde::Serialize;
use serde_json::Number;

use crate::{
    call_name::CallName,
    calls::MAX_PAYLOAD_BYTES,
    gateway::dispatch,
    json_object::{InvalidJson, JsonObject},
    outcome::Outcome,
    secret::Secret,
    standard_response::StandardResponse,
};

/// The largest frame that is accepted, in bytes. The longest call fits: its password has 1,024 code points,
/// and each takes at most 14 bytes (two JSON escapes of 6 bytes, whose backslashes are escaped again), 14 KiB
/// in all.
pub const MAX_FRAME_BYTES: usize = MAX_PAYLOAD_BYTES;

/// A frame that requests a call.
#[derive(Debug)]
pub struct CallFrame {
    pub(super) id: FrameId,
    pub(super) call: CallName,
    pub(super) payload: Secret<String>,
    /// Whether few enough calls are in progress.
    pub(super) is_admitted: bool,
}

impl CallFrame {
    /// Returns the sequence number.
    #[must_use]
    pub fn sequence(&self) -> Option<&Number> {
        self.id.sequence.as_ref()
    }

    /// Returns the reply if the Worker panics during the call.
    #[must_use]
    pub fn reply_after_panic(&self) -> String {
        self.id.reply(MessageType::Reply, &dispatch::after_panic(self.call))
    }
}

/// Identifies a frame to the client: its `i` and `n`, as far as they could be parsed.
#[derive(Debug, Default)]
pub(super) struct FrameId {
    sequence: Option<Number>,
    name: Option<String>,
}

impl FrameId {
    /// Returns a reply.
    #[expect(clippy::expect_used, reason = "two numbers and two strings can always be serialized")]
    pub(super) fn reply(&self, message_type: MessageType, response: &StandardResponse) -> String {
        #[derive(Serialize)]
        struct Reply<'a> {
            m: u8,
            i: Option<&'a Number>,
            n: Option<&'a str>,
            o: String,
        }

        let reply = Reply {
            m: message_type as u8,
            i: self.sequence.as_ref(),
            n: self.name.as_deref(),
            o: response.to_json(),
        };
        serde_json::to_string(&reply).expect("serializable")
    }
}

/// The message types that this gateway uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MessageType {
    Request = 0,
    Reply = 1,
    Error = 5,
}

/// Why a frame isn't a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The frame is binary or isn't UTF-8.
    #[error("Send text frames in UTF-8.")]
    NotText,
    /// The frame is larger than [`MAX_FRAME_BYTES`].
    #[error("The frame is too large. Send at most {MAX_FRAME_BYTES} bytes.")]
    Oversized,
    /// The frame isn't a JSON object with the keys `m`, `i`, `n`, and `o`.
    #[error(transparent)]
    Json(#[from] InvalidJson),
    /// The frame is a reply or concerns a subscription.
    #[error("m must be 0. This gateway only accepts requests.")]
    NotARequest,
    /// There is no such call.
    #[error("There is no such call. The calls are {}.", CallName::sentence_list(""))]
    UnknownCall,
}

impl From<FrameError> for StandardResponse {
    fn from(error: FrameError) -> Self {
        let outcome = match error {
            FrameError::NotARequest => Outcome::MethodNotAllowed,
            FrameError::UnknownCall => Outcome::UnknownCall,
            FrameError::NotText | FrameError::Oversized | FrameError::Json(_) => Outcome::Invalid,
        };
        Self::failure(outcome, error.to_string())
    }
}

/// Parses a frame. If that fails, `id` contains what could be parsed before.
pub(super) fn parse(text: &str, id: &mut FrameId) -> Result<CallFrame, FrameError> {
    if text.len() > MAX_FRAME_BYTES {
        return Err(FrameError::Oversized);
    }
    // The runtime replaces invalid UTF-8 with U+FFFD, so we reject frames that contain it: otherwise we would
    // hash a password that the user didn't type. (A client that means this character can send the escape
    // \ufffd.)
    if text.contains(char::REPLACEMENT_CHARACTER) {
        return Err(FrameError::NotText);
    }
    let mut frame = JsonObject::parse(text.as_bytes(), ["m", "i", "n", "o"])?;
    id.sequence = Some(frame.take_integer("i")?);
    id.name = Some(frame.take_string("n")?);
    if frame.take_integer("m")? != Number::from(MessageType::Request as u8) {
        return Err(FrameError::NotARequest);
    }
    let call = id.name.as_deref().and_then(|name| name.parse().ok()).ok_or(FrameError::UnknownCall)?;
    let payload = Secret::new(frame.take_string("o")?);
    Ok(CallFrame { id: std::mem::take(id), call, payload, is_admitted: false })
}
