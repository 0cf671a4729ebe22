//! `/WSGateway/`: calls as frames of a WebSocket (RFC 6455).
//!
//! A text frame is `{"m":0,"i":0,"n":"ResetPassword2","o":"{…}"}`: the message type (0 is a request), a sequence number, the
//! name of the call, and its payload as a JSON string. The reply to a call has `m` 1, the `i` and `n` of the request, and
//! the standard response object as a JSON string in `o`, whatever the outcome: the exchange's own client waits for `m` 1
//! and ignores everything else. A frame that isn't a request for a known call gets `m` 5.

mod connection;
mod frame;
#[cfg(test)]
mod tests;
mod upgrade;

pub(super) use self::upgrade::{PATH, not_opened};
pub use self::{
    connection::{Close, Connection, IDLE_TIMEOUT_SECONDS},
    frame::{CallFrame, FrameError, MAX_FRAME_BYTES},
};
