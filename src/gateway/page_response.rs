//! The responses to requests for pages: HTML and redirects, with their headers.

use ::http::{
    HeaderName, HeaderValue, Response, StatusCode,
    header::{
        CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY,
        STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS,
    },
};

use super::response_headers::{HSTS, X_OUTCOME};
use crate::{error_code::ErrorCode, languages::Language, outcome::Outcome, pages};

/// The headers of every page (OWASP HTTP Security Response Headers Cheat Sheet).
const SECURITY_HEADERS: [(HeaderName, &str); 8] = [
    (CONTENT_SECURITY_POLICY, pages::CONTENT_SECURITY_POLICY),
    (REFERRER_POLICY, "no-referrer"),
    (CACHE_CONTROL, "no-store"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (STRICT_TRANSPORT_SECURITY, HSTS),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    // A page that opens ours gets no handle to its window.
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("x-robots-tag"), "noindex"),
];

/// Returns the response to a form that succeeded: a redirect, so that reloading the page doesn't submit the
/// form again.
pub(super) fn see_other(path: &'static str) -> Response<String> {
    let response = with_header(empty(StatusCode::SEE_OTHER), LOCATION, path);
    with_header(response, X_OUTCOME, Outcome::Done.as_str())
}

/// Returns the status of the page after a form was refused. Browsers show a page whatever its status, so the
/// status can describe what became of the form.
pub(super) fn refusal_status(outcome: Outcome) -> StatusCode {
    if outcome == Outcome::TooManyAttempts {
        return StatusCode::TOO_MANY_REQUESTS;
    }
    match outcome.error_code() {
        Some(ErrorCode::ServerError) => StatusCode::SERVICE_UNAVAILABLE,
        None
        | Some(
            ErrorCode::NotAuthorized
            | ErrorCode::InvalidResponse
            | ErrorCode::OperationFailed
            | ErrorCode::ResourceNotFound
            | ErrorCode::OperationNotSupported,
        ) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Returns a page.
pub(super) fn html(body: String, language: Language, status: StatusCode) -> Response<String> {
    let response = with_security_headers(body, "text/html; charset=utf-8", status);
    let response = with_header(response, CONTENT_LANGUAGE, language.tag());
    with_header(response, VARY, "Accept-Language")
}

/// Returns a response without a body.
pub(super) fn empty(status: StatusCode) -> Response<String> {
    with_security_headers(String::new(), "text/plain; charset=utf-8", status)
}

fn with_security_headers(body: String, content_type: &'static str, status: StatusCode) -> Response<String> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = SECURITY_HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value)));
    response.headers_mut().extend(headers);
    with_header(response, CONTENT_TYPE, content_type)
}

/// Adds a header, or replaces it.
pub(super) fn with_header(
    mut response: Response<String>,
    name: HeaderName,
    value: &'static str,
) -> Response<String> {
    response.headers_mut().insert(name, HeaderValue::from_static(value));
    response
}
