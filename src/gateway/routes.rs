//! The route table: every path that the Worker serves, who handles it, and the response if the Worker panics.
//!
//! The files in assets/ are served by the platform, without invoking the Worker.

use std::sync::LazyLock;

use ::http::{Request, Response, StatusCode};
use strum::VariantArray as _;

use super::{
    health, http,
    json_response::JsonResponse,
    not_found,
    pages::{self, Page},
    websocket::{self, Connection},
};
use crate::{
    call_name::CallName,
    outcome::Outcome,
    ports::{GatewayPorts, RequestBody},
    settings::{InvalidSetting, Settings},
    standard_response::StandardResponse,
};

/// A path that the Worker serves. Letter case doesn't matter, and the path may end in a slash.
#[derive(Debug, Clone)]
pub struct Route {
    /// The path.
    pub path: String,
    /// The methods, as the header `Allow` lists them.
    pub methods: &'static str,
    handler: Handler,
}

#[derive(Debug, Clone, Copy)]
enum Handler {
    /// A call over HTTP. After a panic: it is unclear whether the call took effect.
    Call(CallName),
    /// Calls over a WebSocket, once a request opens one. After a panic: each call in progress gets the reply that it is
    /// unclear whether it took effect, and the WebSocket is closed with 1011.
    WebSocket,
    /// A page. After a panic: a page that says that it failed, or that it is unclear whether the form took effect.
    Page(Page),
    /// Redirects to another path. Can't panic.
    Redirect(&'static str),
    /// The stylesheet with the exchange's color. Can't panic.
    StyleSheet,
    /// The health check. After a panic: unhealthy.
    Health,
}

/// Every path that the Worker serves.
#[rustfmt::skip]
pub static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    let call = |call: CallName| route(format!("/AP/{}", call.as_str()), http::METHODS, Handler::Call(call));
    let mut routes: Vec<_> = CallName::VARIANTS.iter().copied().map(call).collect();
    routes.extend([
        route(websocket::PATH, "GET, HEAD", Handler::WebSocket),

        route("/resetPassword", "GET, HEAD, POST", Handler::Page(Page::ChoosePassword)),
        // The mails of existing exchanges link to this path.
        route("/resetPassword.html", "GET, HEAD, POST", Handler::Page(Page::ChoosePassword)),
        route(pages::PASSWORD_CHANGED_PATH, "GET, HEAD", Handler::Page(Page::PasswordChanged)),
        route(pages::REQUEST_LINK_PATH, "GET, HEAD, POST", Handler::Page(Page::RequestLink)),
        route(pages::LINK_REQUESTED_PATH, "GET, HEAD", Handler::Page(Page::LinkRequested)),

        route(pages::LOCK_ACCOUNT_PATH, "GET, HEAD, POST", Handler::Page(Page::LockAccount)),
        route(pages::ACCOUNT_LOCKED_PATH, "GET, HEAD", Handler::Page(Page::AccountLocked)),
        route("/", "GET, HEAD", Handler::Redirect(pages::REQUEST_LINK_PATH)),
        // Password managers open this path (W3C, "A Well-Known URL for Changing Passwords").
        route("/.well-known/change-password", "GET, HEAD", Handler::Redirect(pages::REQUEST_LINK_PATH)),

        route("/brand.css", "GET, HEAD", Handler::StyleSheet),
        route("/health", "GET, HEAD", Handler::Health),
    ]);
    routes
});

fn route(path: impl Into<String>, methods: &'static str, handler: Handler) -> Route {
    Route { path: path.into(), methods, handler }
}

/// Returns the connection that a request opens, or `None` if it opens none.
pub fn open_connection<B>(
    request: &Request<B>,
    settings: &Result<Settings, InvalidSetting>,
) -> Option<Connection> {
    match find(request.uri().path())?.handler {
        Handler::WebSocket => Connection::open(request, settings),
        Handler::Call(_)
        | Handler::Page(_)
        | Handler::Redirect(_)
        | Handler::StyleSheet
        | Handler::Health => None,
    }
}

/// Handles a request, unless it opens a connection ([`open_connection`]).
pub async fn handle(
    request: Request<impl RequestBody>,
    settings: &Result<Settings, InvalidSetting>,
    ports: &impl GatewayPorts,
) -> Response<String> {
    let settings = settings.as_ref().map_err(|invalid| *invalid);
    let Some(route) = find(request.uri().path()) else {
        return not_found::handle(&request, settings);
    };
    match route.handler {
        Handler::Call(call) => http::handle(call, route.methods, request, settings, ports).await,
        Handler::WebSocket => websocket::not_opened(route.methods, &request, settings),
        Handler::Page(page) => pages::handle(page, route.methods, request, settings, ports).await,
        Handler::Redirect(path) => pages::redirect_get(path, route.methods, &request),
        Handler::StyleSheet => pages::style_sheet(route.methods, &request, settings),
        Handler::Health => health::handle(route.methods, &request, settings, ports).await,
    }
}

/// Returns the response to `request` if the Worker panics while handling it. The body isn't read.
#[must_use]
pub fn response_after_panic<B>(request: &Request<B>) -> Response<String> {
    match find(request.uri().path()).map(|route| route.handler) {
        Some(Handler::Call(call)) => http::after_panic(call),
        Some(Handler::Page(page)) => pages::after_panic(page, request),
        Some(Handler::Health) => health::after_panic(),
        Some(Handler::WebSocket | Handler::Redirect(_) | Handler::StyleSheet) | None => {
            let response = StandardResponse::failure(Outcome::Unavailable, "Nothing was changed. Try again.");
            JsonResponse::standard(StatusCode::INTERNAL_SERVER_ERROR, &response).into_response(None)
        }
    }
}

fn find(path: &str) -> Option<&'static Route> {
    let path = path.strip_suffix('/').filter(|path| !path.is_empty()).unwrap_or(path);
    ROUTES.iter().find(|route| route.path.eq_ignore_ascii_case(path))
}
