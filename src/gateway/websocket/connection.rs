//! An open connection: which frames it accepts, and when it ends.

use std::cell::Cell;

use ::http::Request;

use super::{
    frame::{CallFrame, FrameError, FrameId, MessageType, parse},
    upgrade::may_open,
};
use crate::{
    calls::CallRequest,
    client::Client,
    gateway::{
        dispatch::{self, dispatch},
        request::client,
    },
    outcome::Outcome,
    ports::GatewayPorts,
    settings::{InvalidSetting, Settings},
};

/// How long a connection may be idle, in seconds. Some clients connect when their page opens, and make the
/// call when the user has filled in the form.
pub const IDLE_TIMEOUT_SECONDS: u64 = 600;

/// How many calls may be in progress on one connection: as many as the rate limit allows one address in a minute.
const MAX_CALLS_IN_PROGRESS: u32 = 60;

/// How many calls one connection may make. To the platform, a connection is one request, which may make 1,000
/// subrequests, and a call makes up to ten: two rate limits, KV, the breach check and its cache (three), the queue, D1
/// twice, and KV again.
const MAX_CALLS: u32 = 100;

/// How many frames of a connection may be rejected: those that aren't calls, and calls that are refused because they are
/// malformed or too many. The rate limit covers only well-formed calls.
const MAX_REJECTED: u32 = 100;

/// Why the server closes a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Close {
    /// The status code (RFC 6455, section 7.4.1).
    pub code: u16,
    /// The reason.
    pub reason: &'static str,
}

impl Close {
    /// The client has left, or has closed the connection.
    pub(super) const NORMAL: Self = Self { code: 1000, reason: "" };
    /// No message arrived for [`IDLE_TIMEOUT_SECONDS`].
    pub const IDLE: Self = Self { code: 1001, reason: "No message for ten minutes." };
    /// The connection has made [`MAX_CALLS`] calls.
    pub(super) const MAX_CALLS: Self =
        Self { code: 1001, reason: "Too many calls for one connection. Connect again." };
    /// [`MAX_REJECTED`] frames were rejected.
    pub(super) const MAX_REJECTED: Self = Self { code: 1008, reason: "Too many invalid frames." };
    /// A frame was larger than [`MAX_FRAME_BYTES`](super::MAX_FRAME_BYTES). The runtime puts frames of up to 32 MiB together in the
    /// memory of the isolate, so a connection may send only one.
    pub(super) const OVERSIZED: Self = Self { code: 1009, reason: "The frame is too large." };
    /// The Worker panicked.
    pub const PANIC: Self = Self { code: 1011, reason: "The server failed. Connect again." };
}

/// An open connection.
#[derive(Debug)]
pub struct Connection {
    client: Client,
    settings: Result<Settings, InvalidSetting>,
    calls: Cell<u32>,
    calls_in_progress: Cell<u32>,
    rejected: Cell<u32>,
    frame_was_oversized: Cell<bool>,
    client_has_left: Cell<bool>,
}

impl Connection {
    /// Returns the connection that a request to the gateway's path opens, or `None` if it doesn't open one.
    pub(in crate::gateway) fn open<B>(
        request: &Request<B>,
        settings: &Result<Settings, InvalidSetting>,
    ) -> Option<Self> {
        may_open(request, settings).then(|| Self {
            client: client(request),
            settings: settings.clone(),
            calls: Cell::new(0),
            calls_in_progress: Cell::new(0),
            rejected: Cell::new(0),
            frame_was_oversized: Cell::new(false),
            client_has_left: Cell::new(false),
        })
    }

    /// Parses a frame, given its text or why it can't be read, and counts it.
    ///
    /// # Errors
    ///
    /// The reply to a frame that isn't a call.
    pub fn receive(&self, text: Result<impl AsRef<str>, FrameError>) -> Result<CallFrame, String> {
        let mut id = FrameId::default();
        let mut frame = text.and_then(|text| parse(text.as_ref(), &mut id)).map_err(|error| {
            self.count_rejected();
            if error == FrameError::Oversized {
                self.frame_was_oversized.set(true);
            }
            id.reply(MessageType::Error, &error.into())
        })?;
        frame.is_admitted = self.calls_in_progress.get() < MAX_CALLS_IN_PROGRESS;
        self.calls_in_progress.set(self.calls_in_progress.get() + 1);
        self.calls.set(self.calls.get() + 1);
        Ok(frame)
    }

    /// Performs the call, if not too many are in progress, and returns the reply to its frame.
    pub async fn call(&self, frame: CallFrame, ports: &impl GatewayPorts) -> String {
        let response = if frame.is_admitted {
            let request = CallRequest {
                payload: Ok(frame.payload.expose().as_bytes()),
                client: &self.client,
                settings: self.settings.as_ref().map_err(|invalid| *invalid),
            };
            dispatch(frame.call, &request, ports).await
        } else {
            dispatch::refuse(frame.call, ports)
        };
        self.calls_in_progress.set(self.calls_in_progress.get() - 1);
        // Calls that were refused before they cost anything count as rejected frames.
        if matches!(response.outcome(), Outcome::Invalid | Outcome::TooManyAttempts) {
            self.count_rejected();
        }
        frame.id.reply(MessageType::Reply, &response)
    }

    fn count_rejected(&self) {
        self.rejected.set(self.rejected.get() + 1);
    }

    /// Records that the client has left, or has closed the connection. It may still read the replies to its calls.
    pub fn client_left(&self) {
        self.client_has_left.set(true);
    }

    /// Whether no more frames are accepted.
    #[must_use]
    pub fn is_ending(&self) -> bool {
        self.end().is_some()
    }

    /// Returns how to close the connection if it is ending and no call is in progress.
    #[must_use]
    pub fn close_reason(&self) -> Option<Close> {
        self.end().filter(|_| self.calls_in_progress.get() == 0)
    }

    /// Returns why the connection is ending, if it is.
    fn end(&self) -> Option<Close> {
        if self.client_has_left.get() {
            Some(Close::NORMAL)
        } else if self.frame_was_oversized.get() {
            Some(Close::OVERSIZED)
        } else if self.rejected.get() >= MAX_REJECTED {
            Some(Close::MAX_REJECTED)
        } else if self.calls.get() >= MAX_CALLS {
            Some(Close::MAX_CALLS)
        } else {
            None
        }
    }
}
