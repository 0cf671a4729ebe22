//! `/WSGateway/`: calls as frames of a WebSocket (RFC 6455).
//!
//! A text frame is `{"m":0,"i":0,"n":"ResetPassword2","o":"{…}"}`: the message type (0 is a request), a sequence number, the
//! call's name, and its payload as a JSON string. The answer to a call has `m` 1, the `i` and `n` of the request, and the
//! standard response object as a JSON string in `o`, whatever the outcome: the exchange's own client waits for an `m` of 1
//! and looks at nothing else. A frame that is no call gets `m` 5.

use std::cell::Cell;

use ::http::{
    Method, Request, Response, StatusCode,
    header::{ORIGIN, UPGRADE},
};
use serde::Serialize;
use serde_json::Number;
use zeroize::Zeroizing;

use super::{Runtime, make, reply::Reply, request::client};
use crate::{
    calls::{
        Call, InvalidPayload, MAX_PAYLOAD_BYTES, Payload, Refusal,
        standard_response::{ErrorCode, StandardResponse},
    },
    client::Client,
    settings::{InvalidSetting, Settings},
};

/// How long a connection may be silent, in seconds. Some clients connect when their page opens, and call when its form is
/// filled in.
pub const MAX_SILENCE_SECONDS: u64 = 600;

/// How many calls may be under way on one connection: as many as the limit lets one address make in a minute.
const MAX_IN_FLIGHT: u32 = 60;

/// How many calls one connection may make: to Workers it is one request, which may ask a thousand times for something
/// outside, and a call does so up to six times (limit, KV, queue, twice D1, KV again).
const MAX_CALLS: u32 = 150;

/// How many frames a connection may waste: those that are no call, and the calls that are refused for their form or their
/// number. Nothing else bounds them, since the limit counts sound calls.
const MAX_WASTED: u32 = 100;

/// The largest frame that is read: a payload in a JSON string takes little more than by itself.
const MAX_FRAME_BYTES: usize = MAX_PAYLOAD_BYTES;

/// Why a connection is closed from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Close {
    /// The code (RFC 6455, section 7.4.1).
    pub code: u16,
    /// The reason.
    pub reason: &'static str,
}

impl Close {
    /// The client has left.
    pub const GOODBYE: Self = Self { code: 1000, reason: "" };
    /// Nothing came for [`MAX_SILENCE_SECONDS`].
    pub const IDLE: Self = Self { code: 1001, reason: "Nothing came for ten minutes." };
    /// It has made [`MAX_CALLS`] calls.
    const SERVED: Self = Self { code: 1001, reason: "Enough calls for one connection. Connect again." };
    /// Too many frames were wasted.
    const ABUSED: Self = Self { code: 1008, reason: "Too many frames that could not be served." };
    /// The Worker itself broke.
    pub const BROKEN: Self = Self { code: 1011, reason: "The server broke. Connect again." };
}

/// An open connection.
#[derive(Debug)]
pub struct Connection {
    client: Client,
    settings: Result<Settings, InvalidSetting>,
    calls: Cell<u32>,
    in_flight: Cell<u32>,
    wasted: Cell<u32>,
}

impl Connection {
    /// The connection that a request opens, if it does: a browser's only from a page that may read our answers.
    #[must_use]
    pub fn open<B>(request: &Request<B>, settings: &Result<Settings, InvalidSetting>) -> Option<Self> {
        let may_open = is_at(request.uri().path()) && is_upgrade(request) && is_allowed(request, settings);
        may_open.then(|| Self {
            client: client(request.headers()),
            settings: settings.clone(),
            calls: Cell::new(0),
            in_flight: Cell::new(0),
            wasted: Cell::new(0),
        })
    }

    /// Takes a message; `None` is one that is not text.
    ///
    /// 1. **Read** the frame: is it a request? Else `m` 5.
    /// 2. **Route**: which call is it? Else `m` 5.
    /// 3. **Count** the calls, and those that are under way.
    ///
    /// # Errors
    ///
    /// The answer, where there is nothing to [`call`](Self::call).
    pub fn receive(&self, text: Option<&str>) -> Result<CallFrame, String> {
        let mut label = Label::default();

        // 1. Read, and 2. Route.
        let frame = read(text, &mut label).map_err(|unserved| {
            self.waste();
            label.answer(MessageType::Error, &unserved.into())
        })?;

        // 3. Count.
        if self.in_flight.get() == MAX_IN_FLIGHT || self.calls.get() == MAX_CALLS {
            self.waste();
            return Err(frame.label.answer(MessageType::Reply, &Refusal::TooManyAttempts.into()));
        }
        self.in_flight.set(self.in_flight.get() + 1);
        self.calls.set(self.calls.get() + 1);
        Ok(frame)
    }

    /// Makes the call, and gives the answer to its frame.
    pub async fn call(&self, frame: CallFrame, outside: &impl Runtime) -> String {
        let settings = self.settings.as_ref().map_err(|invalid| *invalid);
        let outcome = make(frame.call, Ok(frame.payload), &self.client, settings, outside).await;
        self.in_flight.set(self.in_flight.get() - 1);
        if let Err(Refusal::Invalid(_) | Refusal::TooManyAttempts) = outcome {
            self.waste();
        }
        frame.label.answer(MessageType::Reply, &outcome.into())
    }

    fn waste(&self) {
        self.wasted.set(self.wasted.get() + 1);
    }

    /// How it is to be closed now, if it is: at once where it is abused, else when its last call is answered.
    #[must_use]
    pub fn end(&self) -> Option<Close> {
        if self.wasted.get() >= MAX_WASTED {
            Some(Close::ABUSED)
        } else if self.calls.get() == MAX_CALLS && self.in_flight.get() == 0 {
            Some(Close::SERVED)
        } else {
            None
        }
    }
}

/// A frame that is a call.
#[derive(Debug)]
pub struct CallFrame {
    label: Label,
    call: Call,
    payload: Zeroizing<String>,
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

/// By what a client knows the answer to a frame: as far as it could be read, its `i` and `n`.
#[derive(Debug, Default)]
struct Label {
    sequence: Option<Number>,
    name: Option<String>,
}

impl Label {
    #[expect(clippy::expect_used, reason = "two numbers and two strings")]
    fn answer(&self, message_type: MessageType, response: &StandardResponse) -> String {
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
enum MessageType {
    Request = 0,
    Reply = 1,
    Error = 5,
}

/// Why a frame is no call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum Unserved {
    #[error("Send frames as text.")]
    NotText,
    #[error("The frame is too large. Send at most {MAX_FRAME_BYTES} bytes.")]
    TooLarge,
    #[error("A frame must be one JSON object with the keys m, i, n and o.")]
    NotAnObject,
    #[error("{0}")]
    Invalid(InvalidPayload),
    #[error("m must be 0: nothing but requests is taken here.")]
    NotARequest,
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
fn read(text: Option<&str>, label: &mut Label) -> Result<CallFrame, Unserved> {
    let text = text.ok_or(Unserved::NotText)?;
    if text.len() > MAX_FRAME_BYTES {
        return Err(Unserved::TooLarge);
    }
    let mut frame = Payload::read(text.as_bytes(), ["m", "i", "n", "o"])?;
    label.sequence = Some(frame.integer("i")?);
    label.name = Some(frame.string("n")?);
    if frame.integer("m")? != Number::from(MessageType::Request as u8) {
        return Err(Unserved::NotARequest);
    }
    let call = label.name.as_deref().and_then(Call::named).ok_or(Unserved::UnknownCall)?;
    let payload = Zeroizing::new(frame.string("o")?);
    Ok(CallFrame { label: std::mem::take(label), call, payload })
}

/// Whether the gateway is at this path.
pub(super) fn is_at(path: &str) -> bool {
    path.strip_suffix('/').unwrap_or(path).eq_ignore_ascii_case("/WSGateway")
}

/// The answer to a request that opens no connection.
pub(super) fn not_opened<B>(
    request: &Request<B>,
    settings: Result<&Settings, InvalidSetting>,
) -> Response<String> {
    let reply = if !matches!(*request.method(), Method::GET | Method::HEAD) {
        Reply::not_a_get()
    } else if is_upgrade(request) {
        Reply::error(
            StatusCode::FORBIDDEN,
            ErrorCode::OperationNotSupported,
            "Pages of this origin may not call here: see the setting ALLOWED_ORIGIN.",
        )
    } else {
        Reply::error(
            StatusCode::UPGRADE_REQUIRED,
            ErrorCode::OperationNotSupported,
            "This is a WebSocket gateway. Open a WebSocket, or send POST /AP/<Call>.",
        )
    };
    reply.into_response(settings.ok())
}

fn is_upgrade<B>(request: &Request<B>) -> bool {
    let upgrade = request.headers().get(UPGRADE);
    request.method() == Method::GET
        && upgrade.is_some_and(|to| to.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Whether the page that asks may read our answers. What is no browser sends no `Origin`, and needs no leave.
fn is_allowed<B>(request: &Request<B>, settings: &Result<Settings, InvalidSetting>) -> bool {
    match (request.headers().get(ORIGIN), settings) {
        (Some(origin), Ok(settings)) => settings.allowed_origin == "*" || settings.allowed_origin == origin,
        (None, _) | (_, Err(_)) => true,
    }
}

#[cfg(test)]
mod tests;
