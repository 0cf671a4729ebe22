//! Requests for a path that the Worker doesn't serve.

use ::http::{Method, Request, Response, StatusCode, header::ACCEPT};

use super::{
    http::{self, is_preflight, preflight},
    json_response::JsonResponse,
    pages,
};
use crate::{
    call_name::CallName,
    outcome::Outcome,
    settings::{InvalidSetting, Settings},
    standard_response::StandardResponse,
};

/// Responds to a browser with a page, and to everything else in JSON.
pub(super) fn handle<B>(
    request: &Request<B>,
    settings: Result<&Settings, InvalidSetting>,
) -> Response<String> {
    if is_preflight(request) {
        // So that a page of another origin can read the 404.
        preflight(http::METHODS).into_response(settings.ok())
    } else if is_navigation(request) {
        pages::not_found(request.headers(), settings)
    } else {
        unknown_call().into_response(settings.ok())
    }
}

/// Returns the response to a request whose URL or method can't be parsed.
#[must_use]
pub fn unreadable_request() -> Response<String> {
    unknown_call().into_response(None)
}

/// Whether a person opened the path in a browser.
fn is_navigation<B>(request: &Request<B>) -> bool {
    let accept = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok());
    matches!(*request.method(), Method::GET | Method::HEAD)
        && accept.is_some_and(|accept| accept.contains("text/html"))
}

fn unknown_call() -> JsonResponse {
    let detail = format!("There is no such call. The calls are {}.", CallName::sentence_list("POST /AP/"));
    let response = StandardResponse::failure(Outcome::UnknownCall, detail);
    JsonResponse::standard(StatusCode::NOT_FOUND, &response)
}
