//! `POST /AP/<Call>`: a call over HTTP.
//!
//! Every answer is a standard response object, and can be read by a page of another origin: the clients of an exchange
//! show nothing on an answer that is not JSON, nor on a status other than 200.

use ::http::{
    HeaderValue, Method, Request, Response, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE,
        ACCESS_CONTROL_REQUEST_METHOD, ALLOW,
    },
};

use super::{
    Outside, make,
    reply::Reply,
    request::{RequestBody, client, read},
};
use crate::{
    calls::{Call, Refusal, standard_response::ErrorCode},
    settings::{InvalidSetting, Settings},
};

/// How long a browser may remember a preflight, in seconds: a day, of which Chromium takes two hours.
const PREFLIGHT_MAX_AGE_SECONDS: HeaderValue = HeaderValue::from_static("86400");

const ALLOWED_METHODS: HeaderValue = HeaderValue::from_static("POST, OPTIONS");

/// Answers a request.
///
/// 1. **Route**: which call is it? Else 404. A preflight is answered for whatever call, so that a page may read the 404.
/// 2. **Method**: is it a POST? Else 405. A GET or HEAD, as mail scanners send them, changes nothing.
/// 3. **Read** the body, up to [`MAX_PAYLOAD_BYTES`](crate::calls::MAX_PAYLOAD_BYTES). Else 413.
/// 4. **Call**.
pub(super) async fn answer(
    request: Request<impl RequestBody>,
    settings: Result<&Settings, InvalidSetting>,
    outside: &impl Outside,
) -> Response<String> {
    reply(request, settings, outside).await.into_response(settings.ok())
}

/// The answer to a request for something that is no URL of ours.
#[must_use]
pub fn no_such_place() -> Response<String> {
    unknown_call().into_response(None)
}

/// The answer where the Worker itself broke in the middle of a call.
#[must_use]
pub fn broken() -> Response<String> {
    Reply::from(Err(Refusal::Unclear)).into_response(None)
}

async fn reply(
    request: Request<impl RequestBody>,
    settings: Result<&Settings, InvalidSetting>,
    outside: &impl Outside,
) -> Reply {
    // 1. Route.
    let Some(name) = call_name(request.uri().path()) else {
        return unknown_call();
    };
    if request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
        return preflight();
    }
    let Some(call) = Call::named(name) else {
        return unknown_call();
    };

    // 2. Method.
    if request.method() != Method::POST {
        return not_a_post();
    }

    // 3. Read.
    let client = client(request.headers());
    let payload = read(request.into_body()).await;

    // 4. Call.
    make(call, payload, &client, settings, outside).await.into()
}

/// The name of a call in a path: `/AP/<Call>`, the prefix in any letter case, with or without a slash behind the name.
fn call_name(path: &str) -> Option<&str> {
    let (prefix, name) = path.strip_prefix('/')?.split_once('/')?;
    prefix.eq_ignore_ascii_case("AP").then(|| name.strip_suffix('/').unwrap_or(name))
}

pub(super) fn unknown_call() -> Reply {
    Reply::error(
        StatusCode::NOT_FOUND,
        ErrorCode::OperationNotSupported,
        "There is no such call here. The calls are POST /AP/ResetPassword and POST /AP/ResetPassword2.",
    )
}

pub(super) fn not_a_post() -> Reply {
    Reply::error(
        StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::OperationNotSupported,
        "A call is sent as a POST with a JSON body.",
    )
    .with(ALLOW, ALLOWED_METHODS)
}

/// Leave for a page of another origin to send a POST with any header (Fetch standard, "CORS-preflight fetch").
fn preflight() -> Reply {
    Reply::new(StatusCode::NO_CONTENT, String::new())
        .with(ALLOW, ALLOWED_METHODS)
        .with(ACCESS_CONTROL_ALLOW_METHODS, ALLOWED_METHODS)
        // "*" is any header but Authorization, which must be named.
        .with(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*, Authorization"))
        .with(ACCESS_CONTROL_MAX_AGE, PREFLIGHT_MAX_AGE_SECONDS)
}

#[cfg(test)]
mod tests;
