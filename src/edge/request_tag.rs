//! What identifies a request in its response and in the log.

use serde::Serialize;
use serde_json::Number;
use uuid::Builder;
use worker::{console_error, console_log, js_sys::Reflect, wasm_bindgen::JsValue, web_sys};

/// Identifies an event, or a frame of a WebSocket. The id is also in the response header `X-Request-Id`.
#[derive(Debug, Clone, Serialize)]
pub(super) struct RequestTag {
    request_id: String,
    /// The Cloudflare location that received the request, as an airport code.
    location: Option<String>,
    /// The sequence number of a frame. All calls on one WebSocket share its request id.
    #[serde(skip_serializing_if = "Option::is_none")]
    frame: Option<Number>,
}

impl RequestTag {
    /// Returns a tag for an event without a request.
    pub(super) fn new() -> Self {
        let mut bytes = [0; 16];
        // An id of zeros is better than no log line.
        let _ = getrandom::fill(&mut bytes);
        let id = Builder::from_random_bytes(bytes).into_uuid();
        Self { request_id: id.to_string(), location: None, frame: None }
    }

    /// Returns a tag for a request.
    pub(super) fn for_request(request: &web_sys::Request) -> Self {
        let member = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok();
        Self {
            location: member(request, "cf")
                .and_then(|cf| member(&cf, "colo"))
                .and_then(|colo| colo.as_string()),
            ..Self::new()
        }
    }

    /// Returns a tag for a frame on the WebSocket that this request opened.
    pub(super) fn for_frame(&self, sequence: Option<&Number>) -> Self {
        Self { frame: sequence.cloned(), ..self.clone() }
    }

    pub(super) fn request_id(&self) -> &str {
        &self.request_id
    }

    pub(super) fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    /// Returns the members that a line of the log has, as a JSON object.
    pub(super) fn to_json(&self) -> String {
        // It can't fail: no key is anything but a string.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Logs a note, which is no error.
    pub(super) fn log_note(&self, note: &str) {
        #[derive(Serialize)]
        struct Line<'a> {
            note: &'a str,
            #[serde(flatten)]
            tag: &'a RequestTag,
        }
        console_log!("{}", serde_json::to_string(&Line { note, tag: self }).unwrap_or_default());
    }

    /// Logs an error.
    pub(super) fn log_error(&self, error: &str) {
        #[derive(Serialize)]
        struct Line<'a> {
            error: &'a str,
            #[serde(flatten)]
            tag: &'a RequestTag,
        }
        console_error!("{}", serde_json::to_string(&Line { error, tag: self }).unwrap_or_default());
    }
}
