//! `POST /AP/<Call>`: a call over HTTP.
//!
//! Every answer is a standard response object, and can be read by a page of another origin: the clients of an exchange
//! show nothing on an answer that is not JSON, nor on a status other than 200.

use ::http::{
    HeaderName, HeaderValue, Method, Request, Response, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
        ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ALLOW,
        CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
    },
};

use super::request::{MAX_BODY_BYTES, RequestBody, Unread, client, read};
use crate::{
    calls::{
        Call, Refusal,
        outside::Outside,
        reset_password::reset_password,
        reset_password2::reset_password2,
        standard_response::{ErrorCode, StandardResponse},
    },
    settings::{InvalidSetting, Settings},
};

/// What a limited client is told to wait, in seconds: the period over which calls are counted.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("60");

/// How long a browser may remember a preflight, in seconds: a day, of which Chromium takes two hours.
const PREFLIGHT_MAX_AGE_SECONDS: HeaderValue = HeaderValue::from_static("86400");

const ALLOWED_METHODS: HeaderValue = HeaderValue::from_static("POST, OPTIONS");

/// Answers a request.
///
/// 1. **Route**: which call is it? Else 404. A preflight is answered for whatever call, so that a page may read the 404.
/// 2. **Method**: is it a POST? Else 405. A GET or HEAD, as mail scanners send them, changes nothing.
/// 3. **Settings** must make sense.
/// 4. **Read** the body, up to [`MAX_BODY_BYTES`]. Else 413.
/// 5. **Call**.
pub(super) async fn answer(
    request: Request<impl RequestBody>,
    settings: &Result<Settings, InvalidSetting>,
    outside: &impl Outside,
) -> Response<String> {
    let reply = reply(request, settings, outside).await;
    let allowed_origin = match settings {
        Ok(settings) => settings.allowed_origin.clone(),
        Err(_) => ANY_ORIGIN,
    };
    reply.into_response(allowed_origin)
}

/// The answer to a request for something that is no URL of ours.
#[must_use]
pub fn no_such_place() -> Response<String> {
    Reply::unknown_call().into_response(ANY_ORIGIN)
}

/// The answer where the Worker itself broke in the middle of a call.
#[must_use]
pub fn broken() -> Response<String> {
    Reply::from(Refusal::Unclear).into_response(ANY_ORIGIN)
}

/// An error must be readable even where the setting is not: no cookie carries authority, so anyone may read it.
const ANY_ORIGIN: HeaderValue = HeaderValue::from_static("*");

async fn reply(
    request: Request<impl RequestBody>,
    settings: &Result<Settings, InvalidSetting>,
    outside: &impl Outside,
) -> Reply {
    // 1. Route.
    let Some(name) = call_name(request.uri().path()) else {
        return Reply::unknown_call();
    };
    if request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
        return Reply::preflight();
    }
    let Some(call) = Call::named(name) else {
        return Reply::unknown_call();
    };

    // 2. Method.
    if request.method() != Method::POST {
        return Reply::not_a_post();
    }

    // 3. Settings.
    let settings = match settings {
        Ok(settings) => settings,
        Err(invalid) => return Reply::misconfigured(*invalid),
    };

    // 4. Read.
    let client = client(request.headers());
    let payload = match read(request.into_body()).await {
        Ok(payload) => payload,
        Err(Unread::TooLarge) => return Reply::too_large(),
        Err(Unread::CutOff) => return Reply::cut_off(),
    };

    // 5. Call.
    let outcome = match call {
        Call::ResetPassword => reset_password(&payload, &client, outside).await,
        Call::ResetPassword2 => reset_password2(&payload, &client, &settings.policy, outside).await,
    };
    match outcome {
        Ok(()) => Reply::call(StandardResponse::success()),
        Err(refusal) => refusal.into(),
    }
}

/// The name of a call in a path: `/AP/<Call>`, the prefix in any letter case, with or without a slash behind the name.
fn call_name(path: &str) -> Option<&str> {
    let (prefix, name) = path.strip_prefix('/')?.split_once('/')?;
    prefix.eq_ignore_ascii_case("AP").then(|| name.strip_suffix('/').unwrap_or(name))
}

/// An answer before it is put on the wire.
struct Reply {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Option<StandardResponse>,
}

impl Reply {
    /// The outcome of a call.
    fn call(body: StandardResponse) -> Self {
        Self::gateway(StatusCode::OK, body)
    }

    /// The gateway's own word.
    fn gateway(status: StatusCode, body: StandardResponse) -> Self {
        Self { status, headers: Vec::new(), body: Some(body) }
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    fn unknown_call() -> Self {
        Self::gateway(
            StatusCode::NOT_FOUND,
            StandardResponse::error(
                ErrorCode::OperationNotSupported,
                "There is no such call here. The calls are POST /AP/ResetPassword and POST /AP/ResetPassword2.",
            ),
        )
    }

    fn not_a_post() -> Self {
        Self::gateway(
            StatusCode::METHOD_NOT_ALLOWED,
            StandardResponse::error(
                ErrorCode::OperationNotSupported,
                "A call is sent as a POST with a JSON body.",
            ),
        )
        .with(ALLOW, ALLOWED_METHODS)
    }

    /// Leave for a page of another origin to send a POST with any header (Fetch standard, "CORS-preflight fetch").
    fn preflight() -> Self {
        Self { status: StatusCode::NO_CONTENT, headers: Vec::new(), body: None }
            .with(ALLOW, ALLOWED_METHODS)
            .with(ACCESS_CONTROL_ALLOW_METHODS, ALLOWED_METHODS)
            // "*" is any header but Authorization, which must be named.
            .with(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*, Authorization"))
            .with(ACCESS_CONTROL_MAX_AGE, PREFLIGHT_MAX_AGE_SECONDS)
    }

    fn misconfigured(invalid: InvalidSetting) -> Self {
        Self::call(StandardResponse::error(
            ErrorCode::ServerError,
            format!("{invalid} The password was not changed, and the link is as good as before."),
        ))
    }

    fn too_large() -> Self {
        Self::gateway(
            StatusCode::PAYLOAD_TOO_LARGE,
            StandardResponse::error(
                ErrorCode::InvalidResponse,
                format!("The body is too large. Send at most {MAX_BODY_BYTES} bytes."),
            ),
        )
    }

    fn cut_off() -> Self {
        Self::call(StandardResponse::error(
            ErrorCode::InvalidResponse,
            "The body was cut off. Send the call again: the link is as good as before.",
        ))
    }

    fn into_response(self, allowed_origin: HeaderValue) -> Response<String> {
        let body = self.body.as_ref().map(StandardResponse::to_json);
        let mut response = Response::new(body.unwrap_or_default());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.extend(self.headers);
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allowed_origin);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Retry-After"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response
    }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Self {
        let body = StandardResponse::from(refusal);
        if refusal == Refusal::TooManyAttempts {
            Self::gateway(StatusCode::TOO_MANY_REQUESTS, body).with(RETRY_AFTER, RETRY_AFTER_SECONDS)
        } else {
            Self::call(body)
        }
    }
}

#[cfg(test)]
mod tests;
