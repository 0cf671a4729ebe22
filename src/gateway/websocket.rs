//! `/WSGateway/`: calls as frames of a WebSocket (RFC 6455).
//!
//! A text frame is `{"m":0,"i":0,"n":"ResetPassword2","o":"{…}"}`: the message type (0 is a request), a sequence number, the
//! call's name, and its payload as a JSON string. The answer to a call has `m` 1, the `i` and `n` of the request, and the
//! standard response object as a JSON string in `o`, whatever the outcome: the exchange's own client waits for an `m` of 1
//! and looks at nothing else. A frame that is no call gets `m` 5.

mod frame;

use std::cell::Cell;

use ::http::{
    Method, Request, Response, StatusCode,
    header::{ORIGIN, UPGRADE},
};

pub use self::frame::{CallFrame, MAX_FRAME_BYTES, Unserved};
use self::frame::{Label, MessageType, read};
use super::{Outside, make, reply::Reply, request::client};
use crate::{
    calls::{Refusal, standard_response::ErrorCode},
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
/// number. The limit does not bound them, since it counts sound calls.
const MAX_WASTED: u32 = 100;

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

    /// Takes a message, or that there is one which cannot be read, and counts it.
    ///
    /// # Errors
    ///
    /// The answer to what is no call.
    pub fn receive(&self, text: Result<impl AsRef<str>, Unserved>) -> Result<CallFrame, String> {
        let mut label = Label::default();
        let mut frame = text.and_then(|text| read(text.as_ref(), &mut label)).map_err(|unserved| {
            self.waste();
            label.answer(MessageType::Error, &unserved.into())
        })?;
        frame.is_admitted = self.in_flight.get() < MAX_IN_FLIGHT;
        self.in_flight.set(self.in_flight.get() + 1);
        self.calls.set(self.calls.get() + 1);
        Ok(frame)
    }

    /// Makes the call, if there is room for it, and gives the answer to its frame.
    pub async fn call(&self, frame: CallFrame, outside: &impl Outside) -> String {
        let outcome = if frame.is_admitted {
            let settings = self.settings.as_ref().map_err(|invalid| *invalid);
            make(frame.call, Ok(frame.payload), &self.client, settings, outside).await
        } else {
            let outcome = Err(Refusal::TooManyAttempts);
            outside.log(frame.call, outcome);
            outcome
        };
        self.in_flight.set(self.in_flight.get() - 1);
        if let Err(Refusal::Invalid(_) | Refusal::TooManyAttempts) = outcome {
            self.waste();
        }
        frame.label.answer(MessageType::Reply, &outcome.into())
    }

    fn waste(&self) {
        self.wasted.set(self.wasted.get() + 1);
    }

    /// Whether no more of its messages are to be taken.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.wasted.get() >= MAX_WASTED || self.calls.get() >= MAX_CALLS
    }

    /// How it is to be closed now, if it is: when it is over, and its last call is answered.
    #[must_use]
    pub fn end(&self) -> Option<Close> {
        let close = if self.wasted.get() >= MAX_WASTED { Close::ABUSED } else { Close::SERVED };
        (self.is_over() && self.in_flight.get() == 0).then_some(close)
    }
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
        // RFC 9110, section 15.5.22, asks for a header `Upgrade` with it, which the runtime takes away.
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
        (Some(origin), Ok(settings)) => {
            settings.allowed_origin == "*"
                || settings.allowed_origin == origin
                || *settings.public_url == *origin
        }
        (None, _) | (_, Err(_)) => true,
    }
}

#[cfg(test)]
mod tests;
