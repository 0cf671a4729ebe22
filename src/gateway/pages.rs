//! The pages and their forms. A form makes the same call as any other client, and its response is a page.
//!
//! GET and HEAD show a page and change nothing: mail scanners open every link.

use ::http::{
    HeaderMap, Method, Request, Response, StatusCode,
    header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, LOCATION, RETRY_AFTER},
};
use zeroize::Zeroizing;

use super::{
    dispatch,
    form::Form,
    page_response::{empty, html, refusal_status, see_other, with_header},
    request::{SEC_FETCH_SITE, client, language, read_body},
    response_headers::{RETRY_AFTER_SECONDS, X_OUTCOME},
};
use crate::{
    calls::{CallRequest, InvalidPayload, ResetPassword2Error},
    client::Client,
    outcome::Outcome,
    pages::{self, ChoosePassword, LockAccount, RequestLink, Site},
    ports::{GatewayPorts, RequestBody, Timer},
    settings::{InvalidSetting, Settings},
};

/// A page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    /// The page that the link in a mail opens. Its form makes the call `ResetPassword2`.
    ChoosePassword,
    /// Where a successful form of [`ChoosePassword`](Self::ChoosePassword) redirects to.
    PasswordChanged,
    /// The page that requests a link. Its form makes the call `ResetPassword`.
    RequestLink,
    /// Where a successful form of [`RequestLink`](Self::RequestLink) redirects to.
    LinkRequested,
    /// The page that the link in a notice opens. Its form makes the call `LockAccount`.
    LockAccount,
    /// Where a successful form of [`LockAccount`](Self::LockAccount) redirects to.
    AccountLocked,
}

/// The path of [`Page::PasswordChanged`].
pub(super) const PASSWORD_CHANGED_PATH: &str = "/passwordChanged";

/// The path of [`Page::RequestLink`].
pub(super) const REQUEST_LINK_PATH: &str = "/forgotPassword";

/// The path of [`Page::LinkRequested`].
pub(super) const LINK_REQUESTED_PATH: &str = "/linkRequested";

/// The path of [`Page::LockAccount`].
pub(super) const LOCK_ACCOUNT_PATH: &str = "/lockAccount";

/// The path of [`Page::AccountLocked`].
pub(super) const ACCOUNT_LOCKED_PATH: &str = "/accountLocked";

/// Handles a request for a page.
pub(super) async fn handle(
    page: Page,
    methods: &'static str,
    request: Request<impl RequestBody>,
    settings: Result<&Settings, InvalidSetting>,
    ports: &impl GatewayPorts,
) -> Response<String> {
    let settings = match settings {
        Ok(settings) => settings,
        Err(invalid) => return misconfigured(invalid, request.headers()),
    };
    match (page, request.method()) {
        (_, &Method::GET | &Method::HEAD) => show(page, &request, settings),
        (Page::ChoosePassword | Page::RequestLink | Page::LockAccount, &Method::POST)
            if is_cross_site(request.headers()) =>
        {
            refuse_foreign_form(page, &request, settings)
        }
        (Page::ChoosePassword, &Method::POST) => choose_password(request, settings, ports).await,
        (Page::RequestLink, &Method::POST) => request_link(request, settings, ports).await,
        (Page::LockAccount, &Method::POST) => lock_account(request, settings, ports).await,
        _ => with_header(empty(StatusCode::METHOD_NOT_ALLOWED), ALLOW, methods),
    }
}

/// Redirects to another path of ours.
pub(super) fn redirect_get<B>(
    path: &'static str,
    methods: &'static str,
    request: &Request<B>,
) -> Response<String> {
    match *request.method() {
        Method::GET | Method::HEAD => with_header(empty(StatusCode::FOUND), LOCATION, path),
        _ => with_header(empty(StatusCode::METHOD_NOT_ALLOWED), ALLOW, methods),
    }
}

/// Returns the stylesheet with the exchange's color. A change of the setting reaches a browser after five minutes.
pub(super) fn style_sheet<B>(
    methods: &'static str,
    request: &Request<B>,
    settings: Result<&Settings, InvalidSetting>,
) -> Response<String> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return with_header(empty(StatusCode::METHOD_NOT_ALLOWED), ALLOW, methods);
    }
    let color = settings.ok().and_then(|settings| settings.brand.color);
    let mut response = with_header(empty(StatusCode::OK), CONTENT_TYPE, "text/css; charset=utf-8");
    *response.body_mut() = pages::style_sheet(color);
    with_header(response, CACHE_CONTROL, "max-age=300")
}

/// Returns the page for a path that the Worker doesn't serve.
pub(super) fn not_found(
    headers: &HeaderMap,
    settings: Result<&Settings, InvalidSetting>,
) -> Response<String> {
    let language = language(headers);
    let site = settings.map(Site::from).unwrap_or_default();
    html(pages::not_found(language, site), language, StatusCode::NOT_FOUND)
}

/// Returns the page after the Worker panicked. The settings and the submitted fields aren't known here.
pub(super) fn after_panic<B>(page: Page, request: &Request<B>) -> Response<String> {
    let language = language(request.headers());
    let is_post = request.method() == Method::POST;
    let (body, is_call) = match page {
        Page::ChoosePassword if is_post => (pages::failed_while_changing_password(language), true),
        Page::RequestLink if is_post => (pages::failed_while_requesting_link(language), true),
        Page::LockAccount if is_post => (pages::failed_while_locking_account(language), true),
        Page::ChoosePassword
        | Page::PasswordChanged
        | Page::RequestLink
        | Page::LinkRequested
        | Page::LockAccount
        | Page::AccountLocked => (pages::failed(language), false),
    };
    let response = html(body, language, StatusCode::INTERNAL_SERVER_ERROR);
    if is_call { with_header(response, X_OUTCOME, Outcome::Unclear.as_str()) } else { response }
}

/// Returns the page if a setting is invalid. It names the setting, for the person who deploys the Worker.
fn misconfigured(invalid: InvalidSetting, headers: &HeaderMap) -> Response<String> {
    let language = language(headers);
    let body = pages::misconfigured(language, &invalid.to_string());
    let response = html(body, language, StatusCode::SERVICE_UNAVAILABLE);
    with_header(response, X_OUTCOME, Outcome::Misconfigured.as_str())
}

/// Shows a page.
fn show<B>(page: Page, request: &Request<B>, settings: &Settings) -> Response<String> {
    let language = language(request.headers());
    let site = Site::from(settings);
    let body = match page {
        Page::ChoosePassword => {
            // An old link has the user id and the code in the query. The server doesn't put the code into the
            // page, because a server may log what it writes. The page's script reads it from the address bar.
            let query = Form::parse(request.uri().query().unwrap_or_default().as_bytes());
            pages::choose_password(language, &choose_password_view(settings, query.value("UserId")))
        }
        Page::RequestLink => pages::request_link(language, &request_link_view(settings, "")),
        Page::LockAccount => pages::lock_account(language, &LockAccount { site, user_id: "", error: None }),
        // Another site could link here to make a user believe that something has happened.
        Page::PasswordChanged | Page::LinkRequested | Page::AccountLocked
            if is_cross_site(request.headers()) =>
        {
            return with_header(empty(StatusCode::FOUND), LOCATION, REQUEST_LINK_PATH);
        }
        Page::PasswordChanged => pages::password_changed(language, settings.withdrawal_hold_hours, site),
        Page::LinkRequested => pages::link_requested(language, site),
        Page::AccountLocked => pages::account_locked(language, site),
    };
    html(body, language, StatusCode::OK)
}

/// Responds to a form of another site with our own form, and makes no call, whatever `ALLOWED_ORIGIN` is. A site that
/// may make calls makes them with JavaScript; with a form, any site could make them from a visitor's browser.
fn refuse_foreign_form<B>(page: Page, request: &Request<B>, settings: &Settings) -> Response<String> {
    let mut response = show(page, request, settings);
    *response.status_mut() = StatusCode::FORBIDDEN;
    with_header(response, X_OUTCOME, Outcome::MethodNotAllowed.as_str())
}

/// A submitted form, and the call that it makes.
struct Submission {
    client: Client,
    form: Form,
    payload: Result<Zeroizing<Vec<u8>>, InvalidPayload>,
}

impl Submission {
    /// Reads the form. A form that can't be read has no fields, and its call fails.
    async fn read(request: Request<impl RequestBody>, timer: &impl Timer) -> Self {
        let client = client(&request);
        let body = read_body(request.into_body(), timer).await;
        let form = Form::parse(body.as_ref().map_or(&[], |body| body));
        let payload = body.map(|_| form.payload());
        Self { client, form, payload }
    }

    fn call<'a>(&'a self, settings: &'a Settings) -> CallRequest<'a> {
        let payload = self.payload.as_ref().map(|payload| payload.as_slice()).map_err(|invalid| *invalid);
        CallRequest { payload, client: &self.client, settings: Ok(settings) }
    }

    /// Returns the response if the form was refused: the page again, with the reason.
    fn refusal(&self, body: String, outcome: Outcome) -> Response<String> {
        let status = match self.payload {
            Err(InvalidPayload::TooSlow) => StatusCode::REQUEST_TIMEOUT,
            Ok(_) | Err(InvalidPayload::TooLarge | InvalidPayload::Incomplete | InvalidPayload::Json(_)) => {
                refusal_status(outcome)
            }
        };
        let mut response = html(body, self.client.language, status);
        if status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        with_header(response, X_OUTCOME, outcome.as_str())
    }
}

/// Makes the call `ResetPassword2` for a submitted form.
async fn choose_password(
    request: Request<impl RequestBody>,
    settings: &Settings,
    ports: &impl GatewayPorts,
) -> Response<String> {
    let submission = Submission::read(request, ports).await;
    let language = submission.client.language;
    match dispatch::reset_password2(&submission.call(settings), ports).await {
        Ok(()) => see_other(PASSWORD_CHANGED_PATH),
        Err(error) => {
            let view = ChoosePassword {
                error: Some(error),
                earlier_attempt_unclear: submission.form.value("EarlierAttempt") == pages::UNCLEAR
                    || error == ResetPassword2Error::Unclear,
                ..choose_password_view(settings, submission.form.value("UserId"))
            };
            submission.refusal(pages::choose_password(language, &view), error.into())
        }
    }
}

/// Makes the call `ResetPassword` for a submitted form.
async fn request_link(
    request: Request<impl RequestBody>,
    settings: &Settings,
    ports: &impl GatewayPorts,
) -> Response<String> {
    let submission = Submission::read(request, ports).await;
    let language = submission.client.language;
    match dispatch::reset_password(&submission.call(settings), ports).await {
        Ok(()) => see_other(LINK_REQUESTED_PATH),
        Err(error) => {
            let view = RequestLink {
                error: Some(error),
                ..request_link_view(settings, submission.form.value("UserName"))
            };
            submission.refusal(pages::request_link(language, &view), error.into())
        }
    }
}

/// Makes the call `LockAccount` for a submitted form.
async fn lock_account(
    request: Request<impl RequestBody>,
    settings: &Settings,
    ports: &impl GatewayPorts,
) -> Response<String> {
    let submission = Submission::read(request, ports).await;
    let language = submission.client.language;
    match dispatch::lock_account(&submission.call(settings), ports).await {
        Ok(()) => see_other(ACCOUNT_LOCKED_PATH),
        Err(error) => {
            let view = LockAccount {
                site: settings.into(),
                user_id: submission.form.value("UserId"),
                error: Some(error),
            };
            submission.refusal(pages::lock_account(language, &view), error.into())
        }
    }
}

fn choose_password_view<'a>(settings: &'a Settings, user_id: &'a str) -> ChoosePassword<'a> {
    ChoosePassword {
        min_length: settings.policy.min_length(),
        site: settings.into(),
        user_id,
        error: None,
        earlier_attempt_unclear: false,
    }
}

fn request_link_view<'a>(settings: &'a Settings, user_name: &'a str) -> RequestLink<'a> {
    RequestLink { site: settings.into(), user_name, error: None }
}

fn is_cross_site(headers: &HeaderMap) -> bool {
    headers.get(SEC_FETCH_SITE).is_some_and(|site| site == "cross-site")
}
