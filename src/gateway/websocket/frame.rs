//! What a frame says, and its answer.

use std::fmt;

use serde::Serialize;
use serde_json::Number;
use zeroize::Zeroizing;

use crate::calls::{
    Call, InvalidPayload, MAX_PAYLOAD_BYTES, Payload, Refusal,
    standard_response::{ErrorCode, StandardResponse},
};

/// The largest frame that is read. The longest call fits: its password, 1,024 code points in escapes of 12 bytes that take
/// 14 within another string, is 14 KiB of it.
pub const MAX_FRAME_BYTES: usize = MAX_PAYLOAD_BYTES;

/// A frame that is a call.
pub struct CallFrame {
    pub(super) label: Label,
    pub(super) call: Call,
    pub(super) payload: Zeroizing<String>,
    /// Whether the connection has room for the call.
    pub(super) is_admitted: bool,
}

impl fmt::Debug for CallFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallFrame")
            .field("label", &self.label)
            .field("call", &self.call)
            .finish_non_exhaustive()
    }
}

impl CallFrame {
    /// Its sequence number.
    #[must_use]
    pub fn sequence(&self) -> Option<&Number> {
        self.label.sequence.as_ref()
    }

    /// The answer, should the Worker break in the middle of the call.
    #[must_use]
    pub fn broken(&self) -> String {
        self.label.answer(MessageType::Reply, &Refusal::Unclear.into())
    }
}

/// By what a client knows the answer to a frame: its `i` and `n`, as far as they could be read.
#[derive(Debug, Default)]
pub(super) struct Label {
    sequence: Option<Number>,
    name: Option<String>,
}

impl Label {
    #[expect(clippy::expect_used, reason = "two numbers and two strings")]
    pub(super) fn answer(&self, message_type: MessageType, response: &StandardResponse) -> String {
        #[derive(Serialize)]
        struct Answer<'a> {
            m: u8,
            i: Option<&'a Number>,
            n: Option<&'a str>,
            o: String,
        }

        let answer = Answer {
            m: message_type as u8,
            i: self.sequence.as_ref(),
            n: self.name.as_deref(),
            o: response.to_json(),
        };
        serde_json::to_string(&answer).expect("JSON can say this")
    }
}

/// The message types that are used here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MessageType {
    Request = 0,
    Reply = 1,
    Error = 5,
}

/// Why a frame is no call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unserved {
    /// It is binary, or is no UTF-8. The runtime puts U+FFFD for what is none: a password would become another.
    #[error("Send frames as text, in UTF-8.")]
    NotText,
    /// It is larger than [`MAX_FRAME_BYTES`].
    #[error("The frame is too large. Send at most {MAX_FRAME_BYTES} bytes.")]
    TooLarge,
    /// It is no JSON object.
    #[error("A frame must be one JSON object with the keys m, i, n and o.")]
    NotAnObject,
    /// A key is not what it must be.
    #[error("{0}")]
    Invalid(InvalidPayload),
    /// It is an answer, or about a subscription.
    #[error("m must be 0: nothing but requests is taken here.")]
    NotARequest,
    /// Its call is none of ours.
    #[error("There is no such call here. The calls are ResetPassword and ResetPassword2.")]
    UnknownCall,
}

impl From<InvalidPayload> for Unserved {
    fn from(invalid: InvalidPayload) -> Self {
        match invalid {
            InvalidPayload::NotAnObject => Self::NotAnObject,
            invalid => Self::Invalid(invalid),
        }
    }
}

impl From<Unserved> for StandardResponse {
    fn from(unserved: Unserved) -> Self {
        let code = match unserved {
            Unserved::NotARequest | Unserved::UnknownCall => ErrorCode::OperationNotSupported,
            Unserved::NotText | Unserved::TooLarge | Unserved::NotAnObject | Unserved::Invalid(_) => {
                ErrorCode::InvalidResponse
            }
        };
        Self::error(code, unserved.to_string())
    }
}

/// Reads a frame, and leaves in `label` what it could read of that before it failed.
pub(super) fn read(text: &str, label: &mut Label) -> Result<CallFrame, Unserved> {
    if text.len() > MAX_FRAME_BYTES {
        return Err(Unserved::TooLarge);
    }
    if text.contains(char::REPLACEMENT_CHARACTER) {
        return Err(Unserved::NotText);
    }
    let mut frame = Payload::read(text.as_bytes(), ["m", "i", "n", "o"])?;
    label.sequence = Some(frame.integer("i")?);
    label.name = Some(frame.string("n")?);
    if frame.integer("m")? != Number::from(MessageType::Request as u8) {
        return Err(Unserved::NotARequest);
    }
    let call = label.name.as_deref().and_then(Call::named).ok_or(Unserved::UnknownCall)?;
    let payload = Zeroizing::new(frame.string("o")?);
    Ok(CallFrame { label: std::mem::take(label), call, payload, is_admitted: false })
}
