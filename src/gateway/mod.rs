//! How a call arrives and how its answer leaves. The HTTP status speaks of the gateway, the body of the call.

mod health;
pub mod http;
#[cfg(test)]
mod nothing;
mod openapi;
mod pages;
mod reply;
mod request;
pub mod websocket;

use ::http::{Request, Response};

pub use self::{
    health::{Probe, Probed, Reach},
    request::{HEADERS_READ, RequestBody},
};
use crate::{
    calls::{Call, InvalidPayload, Refusal, outside},
    client::Client,
    settings::{InvalidSetting, Settings},
};

/// What the gateway sees of the world outside.
pub trait Outside: outside::Outside + CallLog + Probe {}

impl<All: outside::Outside + CallLog + Probe> Outside for All {}

/// Where it is written down how calls ended.
pub trait CallLog {
    /// Writes down how a call ended.
    fn log(&self, call: Call, outcome: Result<(), Refusal>);
}

/// Answers a request: by its path as a page, as something about this Worker, or else as a call. A request to open a
/// WebSocket does not come here, but to [`websocket`].
pub async fn answer(
    request: Request<impl RequestBody>,
    settings: &Result<Settings, InvalidSetting>,
    outside: &impl Outside,
) -> Response<String> {
    let settings = settings.as_ref().map_err(|invalid| *invalid);
    let path = request.uri().path();
    match pages::Page::at(path) {
        Some(page) => match settings {
            Ok(settings) => pages::answer(page, request, settings, outside).await,
            Err(invalid) => pages::misconfigured(invalid),
        },
        None if path == health::PATH => health::answer(&request, settings, outside).await,
        None if path == openapi::PATH => openapi::answer(request.method()),
        None if websocket::is_at(path) => websocket::not_opened(&request, settings),
        None => http::answer(request, settings, outside).await,
    }
}

/// Makes a call of what was read of it, and has it logged: every way to arrive leads through here.
async fn make(
    call: Call,
    payload: Result<impl AsRef<[u8]>, InvalidPayload>,
    client: &Client,
    settings: Result<&Settings, InvalidSetting>,
    outside: &impl Outside,
) -> Result<(), Refusal> {
    let made = async { call.make(payload?.as_ref(), client, &settings?.policy, outside).await };
    let outcome = made.await;
    outside.log(call, outcome);
    outcome
}
