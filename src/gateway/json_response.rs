//! JSON responses that pages of other origins may read.

use ::http::{
    HeaderName, HeaderValue, Response, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ALLOW, CACHE_CONTROL,
        CONTENT_SECURITY_POLICY, CONTENT_TYPE, RETRY_AFTER, STRICT_TRANSPORT_SECURITY,
        X_CONTENT_TYPE_OPTIONS,
    },
};

use super::response_headers::{HSTS, RETRY_AFTER_SECONDS, X_OUTCOME};
use crate::{outcome::Outcome, settings::Settings, standard_response::StandardResponse};

/// The allowed origin if the settings are invalid: the error must be readable, and no cookie carries authority.
const ANY_ORIGIN: HeaderValue = HeaderValue::from_static("*");

/// The `Content-Security-Policy` of JSON responses: if a browser opens one as a page, it does nothing, and no other
/// page can frame it (OWASP REST Security Cheat Sheet, "Security Headers").
const JSON_CONTENT_SECURITY_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; base-uri 'none'; frame-ancestors 'none'");

/// A JSON response, before the headers that all of them share are added.
pub(super) struct JsonResponse {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    json: String,
}

impl JsonResponse {
    pub(super) fn new(status: StatusCode, json: String) -> Self {
        Self { status, headers: Vec::new(), json }
    }

    /// Creates a response with a standard response object, and with its outcome in the header `X-Outcome`.
    pub(super) fn standard(status: StatusCode, response: &StandardResponse) -> Self {
        let outcome = HeaderValue::from_static(response.outcome().as_str());
        Self::new(status, response.to_json()).with(X_OUTCOME, outcome)
    }

    /// Creates the response to too many requests.
    pub(super) fn too_many_requests(response: &StandardResponse) -> Self {
        Self::standard(StatusCode::TOO_MANY_REQUESTS, response).with(RETRY_AFTER, RETRY_AFTER_SECONDS)
    }

    /// Creates the response to a method that the path doesn't support. `methods` are those that it does.
    pub(super) fn method_not_allowed(methods: &'static str, detail: &'static str) -> Self {
        let response = StandardResponse::failure(Outcome::MethodNotAllowed, detail);
        Self::standard(StatusCode::METHOD_NOT_ALLOWED, &response)
            .with(ALLOW, HeaderValue::from_static(methods))
    }

    /// Adds a header. It replaces a shared header of the same name.
    pub(super) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(super) fn into_response(self, settings: Option<&Settings>) -> Response<String> {
        let mut response = Response::new(self.json);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        let allowed_origin = settings.map_or(ANY_ORIGIN, |settings| settings.allowed_origin.clone());
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allowed_origin);
        headers.insert(
            ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("Retry-After, X-Outcome, X-Request-Id"),
        );
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(CONTENT_SECURITY_POLICY, JSON_CONTENT_SECURITY_POLICY);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        for (name, value) in self.headers {
            headers.insert(name, value);
        }
        response
    }
}
