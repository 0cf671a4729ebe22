//! The requests that open a WebSocket, and those that don't.

use ::http::{
    Method, Request, Response, StatusCode,
    header::{ORIGIN, UPGRADE},
};

use crate::{
    gateway::json_response::JsonResponse,
    outcome::Outcome,
    settings::{InvalidSetting, Settings},
    standard_response::StandardResponse,
};

/// The path of the gateway.
pub(in crate::gateway) const PATH: &str = "/WSGateway";

/// Whether a request to [`PATH`] opens a WebSocket. A browser may open one only from a page that may read our responses.
pub(super) fn may_open<B>(request: &Request<B>, settings: &Result<Settings, InvalidSetting>) -> bool {
    is_upgrade(request) && is_allowed(request, settings)
}

/// Returns the response to a request that doesn't open a WebSocket.
pub(in crate::gateway) fn not_opened<B>(
    methods: &'static str,
    request: &Request<B>,
    settings: Result<&Settings, InvalidSetting>,
) -> Response<String> {
    let refuse = |status, detail| {
        JsonResponse::standard(status, &StandardResponse::failure(Outcome::MethodNotAllowed, detail))
    };
    let response = if !matches!(*request.method(), Method::GET | Method::HEAD) {
        JsonResponse::method_not_allowed(methods, "Use GET or HEAD here.")
    } else if is_upgrade(request) {
        refuse(
            StatusCode::FORBIDDEN,
            "Pages of this origin may not open a WebSocket here. See the setting ALLOWED_ORIGIN.",
        )
    } else {
        // RFC 9110, section 15.5.22, requires a header `Upgrade`, but the runtime removes it.
        refuse(
            StatusCode::UPGRADE_REQUIRED,
            "This is a WebSocket gateway. Open a WebSocket, or send POST /AP/<Call>.",
        )
    };
    response.into_response(settings.ok())
}

fn is_upgrade<B>(request: &Request<B>) -> bool {
    let upgrade = request.headers().get(UPGRADE);
    request.method() == Method::GET
        && upgrade.is_some_and(|to| to.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Whether the requesting page may read our responses. Clients other than browsers send no `Origin` and need no permission.
fn is_allowed<B>(request: &Request<B>, settings: &Result<Settings, InvalidSetting>) -> bool {
    match (request.headers().get(ORIGIN), settings) {
        (Some(origin), Ok(settings)) => {
            settings.allowed_origin == "*"
                || settings.allowed_origin == origin
                || *settings.public_url == *origin
        }
        (None, _) | (_, Err(_)) => true,
    }
}
