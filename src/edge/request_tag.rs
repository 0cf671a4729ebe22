//! What tells one request from another, in its answer and in the log.

use serde::Serialize;
use serde_json::Number;
use uuid::Builder;
use worker::{console_error, js_sys::Reflect, wasm_bindgen::JsValue, web_sys};

use super::random;

/// It is in the answer's header `X-Request-Id`, and in each line of the log.
#[derive(Debug, Clone, Serialize)]
pub(super) struct RequestTag {
    request_id: String,
    /// The Cloudflare location that took the request, by the code of its airport.
    location: Option<String>,
    /// The sequence number of a frame: the calls on one connection came with one request.
    #[serde(skip_serializing_if = "Option::is_none")]
    frame: Option<Number>,
}

impl RequestTag {
    pub(super) fn of(request: &web_sys::Request) -> Self {
        let member = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok();
        Self {
            location: member(request, "cf")
                .and_then(|cf| member(&cf, "colo"))
                .and_then(|colo| colo.as_string()),
            ..Self::new()
        }
    }

    /// The tag of what nobody requested.
    pub(super) fn new() -> Self {
        let id = Builder::from_random_bytes(random().unwrap_or_default()).into_uuid();
        Self { request_id: id.to_string(), location: None, frame: None }
    }

    /// The tag of a frame on the connection that was opened by this request.
    pub(super) fn of_frame(&self, sequence: Option<&Number>) -> Self {
        Self { frame: sequence.cloned(), ..self.clone() }
    }

    pub(super) fn request_id(&self) -> &str {
        &self.request_id
    }

    pub(super) fn location(&self) -> Option<&str> {
        self.location.as_deref()
    }

    /// Logs what went wrong.
    pub(super) fn error(&self, error: &str) {
        #[derive(Serialize)]
        struct Line<'a> {
            error: &'a str,
            #[serde(flatten)]
            tag: &'a RequestTag,
        }
        console_error!("{}", serde_json::to_string(&Line { error, tag: self }).unwrap_or_default());
    }
}
