//! An answer of the gateway, before it is put on the wire: JSON that a page of another origin may read.

use ::http::{
    HeaderName, HeaderValue, Response, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ALLOW, CACHE_CONTROL, CONTENT_TYPE,
        RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
    },
};

use crate::{
    calls::{
        InvalidPayload, Refusal,
        standard_response::{ErrorCode, StandardResponse},
    },
    settings::Settings,
};

/// What a limited client is told to wait, in seconds: the period over which calls are counted.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("60");

/// An error must be readable even where the setting is not: no cookie carries authority, so anyone may read it.
const ANY_ORIGIN: HeaderValue = HeaderValue::from_static("*");

pub(super) struct Reply {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    json: String,
}

impl Reply {
    pub(super) fn new(status: StatusCode, json: String) -> Self {
        Self { status, headers: Vec::new(), json }
    }

    /// The gateway's own word.
    pub(super) fn error(status: StatusCode, code: ErrorCode, detail: &str) -> Self {
        Self::new(status, StandardResponse::error(code, detail).to_json())
    }

    /// The answer where there is something to read, and nothing to do.
    pub(super) fn not_a_get() -> Self {
        Self::error(
            StatusCode::METHOD_NOT_ALLOWED,
            ErrorCode::OperationNotSupported,
            "This is read with a GET or a HEAD.",
        )
        .with(ALLOW, HeaderValue::from_static("GET, HEAD"))
    }

    pub(super) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The response. A header that was set [`with`](Self::with) it stands before one of the same name here.
    pub(super) fn into_response(self, settings: Option<&Settings>) -> Response<String> {
        let mut response = Response::new(self.json);
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        let allowed_origin = settings.map_or(ANY_ORIGIN, |settings| settings.allowed_origin.clone());
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allowed_origin);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Retry-After, X-Request-Id"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        for (name, value) in self.headers {
            headers.insert(name, value);
        }
        response
    }
}

/// The outcome of a call: 200, but where the gateway would not take the call.
impl From<Result<(), Refusal>> for Reply {
    fn from(outcome: Result<(), Refusal>) -> Self {
        let json = StandardResponse::from(outcome).to_json();
        match outcome {
            Err(Refusal::TooManyAttempts) => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, json).with(RETRY_AFTER, RETRY_AFTER_SECONDS)
            }
            Err(Refusal::Invalid(InvalidPayload::TooLarge)) => Self::new(StatusCode::PAYLOAD_TOO_LARGE, json),
            _ => Self::new(StatusCode::OK, json),
        }
    }
}
