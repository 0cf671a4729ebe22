//! How a call arrives and how its response leaves. The HTTP status describes the gateway; the body describes the call.

mod admission;
mod dispatch;
mod form;
mod health;
mod http;
mod json_response;
mod not_found;
mod page_response;
mod pages;
mod request;
mod response_headers;
mod routes;
#[cfg(test)]
mod stub_ports;
#[cfg(test)]
mod tests;
mod websocket;

pub use self::{
    not_found::unreadable_request,
    request::{CfCountry, HEADERS_READ},
    routes::{ROUTES, Route, handle, open_connection, response_after_panic},
    websocket::{CallFrame, Close, Connection, FrameError, IDLE_TIMEOUT_SECONDS, MAX_FRAME_BYTES},
};
