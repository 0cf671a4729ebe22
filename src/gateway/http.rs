//! `POST /AP/<Call>`: calls over HTTP.
//!
//! Every response, except that to a preflight, is a standard response object that a page of another origin may read:
//! the exchange's clients show nothing for a response that isn't JSON, or for a status other than 200.

use ::http::{
    HeaderValue, Method, Request, Response, StatusCode,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE,
        ACCESS_CONTROL_REQUEST_METHOD, ALLOW,
    },
};

use super::{
    dispatch::{self, dispatch},
    json_response::JsonResponse,
    request::{client, read_body},
};
use crate::{
    call_name::CallName,
    calls::{CallRequest, InvalidPayload},
    outcome::Outcome,
    ports::{GatewayPorts, RequestBody},
    settings::{InvalidSetting, Settings},
    standard_response::StandardResponse,
};

/// How long a browser may cache the response to a preflight, in seconds: a day, although Chromium never
/// caches it for more than two hours.
const PREFLIGHT_MAX_AGE_SECONDS: HeaderValue = HeaderValue::from_static("86400");

/// The methods of a call.
pub(super) const METHODS: &str = "POST, OPTIONS";

/// Handles a request for a call.
pub(super) async fn handle(
    call: CallName,
    methods: &'static str,
    request: Request<impl RequestBody>,
    settings: Result<&Settings, InvalidSetting>,
    ports: &impl GatewayPorts,
) -> Response<String> {
    let response = if is_preflight(&request) {
        preflight(methods)
    } else if request.method() == Method::POST {
        let client = client(&request);
        let body = read_body(request.into_body(), ports).await;
        let payload = body.as_deref().map(Vec::as_slice).map_err(|invalid| *invalid);
        let response = dispatch(call, &CallRequest { payload, client: &client, settings }, ports).await;
        call_response(&response, payload.err())
    } else {
        JsonResponse::method_not_allowed(methods, "Send the call as a POST with a JSON body.")
    };
    response.into_response(settings.ok())
}

/// Returns the response to a call during which the Worker panicked.
pub(super) fn after_panic(call: CallName) -> Response<String> {
    JsonResponse::standard(StatusCode::OK, &dispatch::after_panic(call)).into_response(None)
}

/// Whether a browser asks for permission to send a request (Fetch standard, "CORS-preflight fetch").
pub(super) fn is_preflight<B>(request: &Request<B>) -> bool {
    request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// Permits a POST with any header.
pub(super) fn preflight(methods: &'static str) -> JsonResponse {
    JsonResponse::new(StatusCode::NO_CONTENT, String::new())
        .with(ALLOW, HeaderValue::from_static(methods))
        .with(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(methods))
        // "*" permits every header except Authorization, which must be named.
        .with(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("*, Authorization"))
        .with(ACCESS_CONTROL_MAX_AGE, PREFLIGHT_MAX_AGE_SECONDS)
}

/// Returns the response to a call, with status 200 for every outcome unless the gateway refused the call. `unread` says
/// why the payload could not be read, if it could not.
fn call_response(response: &StandardResponse, unread: Option<InvalidPayload>) -> JsonResponse {
    if response.outcome() == Outcome::TooManyAttempts {
        return JsonResponse::too_many_requests(response);
    }
    // An invalid setting, which comes first, is not the fault of the body.
    let status = match unread.filter(|_| response.outcome() == Outcome::Invalid) {
        Some(InvalidPayload::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE,
        Some(InvalidPayload::TooSlow) => StatusCode::REQUEST_TIMEOUT,
        Some(InvalidPayload::Incomplete | InvalidPayload::Json(_)) | None => StatusCode::OK,
    };
    JsonResponse::standard(status, response)
}
