//! The pages, and their forms where there is no JavaScript: a form makes the same call as the page's script, and its answer
//! is a page.
//!
//! A GET or HEAD shows a page and changes nothing: mail scanners open every link.

use std::borrow::Cow;

use ::http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode,
    header::{
        ALLOW, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION,
        REFERRER_POLICY, RETRY_AFTER, STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS,
    },
};
use serde_json::json;
use zeroize::Zeroizing;

use super::{
    Outside, make,
    request::{RequestBody, client, read},
};
use crate::{
    calls::{Call, Refusal},
    languages::Language,
    page::{self, ForgotPasswordView, Problem, ResetPasswordView, State},
    settings::{InvalidSetting, Settings},
};

/// What is served besides the calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    ResetPassword,
    ForgotPassword,
    /// Where password managers send a user who wants another password (W3C, "A Well-Known URL for Changing Passwords").
    ChangePassword,
    StyleSheet,
    Script,
}

impl Page {
    /// The page at a path.
    pub(super) fn at(path: &str) -> Option<Self> {
        match path {
            // The second is where the e-mails of existing exchanges lead.
            "/resetPassword" | "/resetPassword.html" => Some(Self::ResetPassword),
            "/forgotPassword" => Some(Self::ForgotPassword),
            "/.well-known/change-password" => Some(Self::ChangePassword),
            "/page.css" => Some(Self::StyleSheet),
            "/page.js" => Some(Self::Script),
            _ => None,
        }
    }

    const fn has_form(self) -> bool {
        matches!(self, Self::ResetPassword | Self::ForgotPassword)
    }
}

/// Answers a request for a page.
pub(super) async fn answer(
    page: Page,
    request: Request<impl RequestBody>,
    settings: &Settings,
    outside: &impl Outside,
) -> Response<String> {
    let (parts, body) = request.into_parts();
    let client = client(&parts.headers);
    match parts.method {
        Method::GET | Method::HEAD => {
            shown(page, parts.uri.query().unwrap_or_default(), client.language, settings)
        }
        Method::POST if page.has_form() => {
            let body = read(body).await;
            let form = Form::read(body.as_ref().map_or(&[], |body| body));
            let payload = body.map(|_| form.payload());
            if page == Page::ResetPassword {
                let outcome = make(Call::ResetPassword2, payload, &client, Ok(settings), outside).await;
                let view =
                    reset_view(settings, form.value("UserId"), state(outcome, |refusal| (&refusal).into()));
                let body = page::reset_password_page(client.language, &view);
                document(body, client.language, status(outcome))
            } else {
                let outcome = make(Call::ResetPassword, payload, &client, Ok(settings), outside).await;
                let view = forgot_view(settings, form.value("UserName"), state(outcome, not_sent));
                let body = page::forgot_password_page(client.language, &view);
                document(body, client.language, status(outcome))
            }
        }
        _ => {
            let mut response =
                secured(String::new(), "text/plain; charset=utf-8", StatusCode::METHOD_NOT_ALLOWED);
            let allowed = if page.has_form() { "GET, HEAD, POST" } else { "GET, HEAD" };
            response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
            response
        }
    }
}

/// The answer where a setting makes no sense: whoever runs this Worker is to see which.
pub(super) fn misconfigured(invalid: InvalidSetting) -> Response<String> {
    secured(invalid.to_string(), "text/plain; charset=utf-8", StatusCode::SERVICE_UNAVAILABLE)
}

/// A page as it is first seen.
fn shown(page: Page, query: &str, language: Language, settings: &Settings) -> Response<String> {
    match page {
        Page::ResetPassword => {
            // Where an old link comes without JavaScript, at least the user id is there. The code is not put into the
            // page: what a server has seen, it may log.
            let user_id = Form::read(query.as_bytes());
            let view = reset_view(settings, user_id.value("UserId"), State::Form);
            document(page::reset_password_page(language, &view), language, StatusCode::OK)
        }
        Page::ForgotPassword => {
            let view = forgot_view(settings, "", State::Form);
            document(page::forgot_password_page(language, &view), language, StatusCode::OK)
        }
        Page::ChangePassword => {
            let mut response = secured(String::new(), "text/plain; charset=utf-8", StatusCode::FOUND);
            response.headers_mut().insert(LOCATION, HeaderValue::from_static("/forgotPassword"));
            response
        }
        Page::StyleSheet => secured(page::STYLE_SHEET.to_owned(), "text/css; charset=utf-8", StatusCode::OK),
        Page::Script => secured(page::SCRIPT.to_owned(), "text/javascript; charset=utf-8", StatusCode::OK),
    }
}

fn reset_view<'a>(settings: &'a Settings, user_id: &'a str, state: State) -> ResetPasswordView<'a> {
    ResetPasswordView {
        min_length: settings.policy.min_length(),
        login_url: settings.login_url.as_deref(),
        user_id,
        state,
    }
}

fn forgot_view<'a>(settings: &'a Settings, user_name: &'a str, state: State) -> ForgotPasswordView<'a> {
    ForgotPasswordView { login_url: settings.login_url.as_deref(), user_name, state }
}

fn state(outcome: Result<(), Refusal>, problem: impl Fn(Refusal) -> Problem) -> State {
    match outcome {
        Ok(()) => State::Done,
        Err(refusal) => State::Refused(problem(refusal)),
    }
}

/// What a refused `ResetPassword` is to the person who asked.
fn not_sent(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::Invalid(_) => Problem::InvalidUserName,
        Refusal::TooManyAttempts => Problem::TooManyAttempts,
        Refusal::NotAuthorized
        | Refusal::Policy(_)
        | Refusal::UserGone
        | Refusal::Misconfigured(_)
        | Refusal::Unavailable
        | Refusal::Unclear => Problem::NotSent,
    }
}

/// A person's browser shows a page under any status: it may say what became of the form.
fn status(outcome: Result<(), Refusal>) -> StatusCode {
    match outcome {
        Ok(()) => StatusCode::OK,
        Err(Refusal::TooManyAttempts) => StatusCode::TOO_MANY_REQUESTS,
        Err(Refusal::Misconfigured(_) | Refusal::Unavailable | Refusal::Unclear) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        Err(Refusal::Invalid(_) | Refusal::NotAuthorized | Refusal::Policy(_) | Refusal::UserGone) => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    }
}

/// A form as browsers post it (URL standard, "application/x-www-form-urlencoded").
struct Form(Vec<(String, Zeroizing<String>)>);

impl Form {
    /// Reads a form; nothing of one that is not UTF-8, which no browser sends from our pages.
    fn read(body: &[u8]) -> Self {
        let field = |(name, value): (Cow<'_, str>, Cow<'_, str>)| {
            // What is pasted brings blanks along, but a password may have them.
            let value = if name == "Password" { &*value } else { value.trim() };
            (name.into_owned(), Zeroizing::new(value.to_owned()))
        };
        let fields: Vec<_> = form_urlencoded::parse(body).map(field).collect();
        let is_utf8 = !fields.iter().any(|(_, value)| value.contains(char::REPLACEMENT_CHARACTER));
        Self(if is_utf8 { fields } else { Vec::new() })
    }

    fn value(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// The payload of the call that the form makes. A field that is there twice is there twice, and refused.
    fn payload(&self) -> Zeroizing<String> {
        let members = self.0.iter().map(|(name, value)| format!("{}:{}", json!(name), json!(value.as_str())));
        Zeroizing::new(format!("{{{}}}", members.collect::<Vec<_>>().join(",")))
    }
}

/// A page in a language.
fn document(html: String, language: Language, status: StatusCode) -> Response<String> {
    let mut response = secured(html, "text/html; charset=utf-8", status);
    let headers = response.headers_mut();
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    headers.insert(VARY, HeaderValue::from_static("Accept-Language"));
    if status == StatusCode::TOO_MANY_REQUESTS {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("60"));
    }
    response
}

/// The headers of everything here (OWASP, HTTP Security Response Headers Cheat Sheet).
fn secured(body: String, content_type: &'static str, status: StatusCode) -> Response<String> {
    const HEADERS: [(HeaderName, &str); 7] = [
        (CONTENT_SECURITY_POLICY, page::CONTENT_SECURITY_POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ];
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers: &mut HeaderMap = response.headers_mut();
    headers.extend(HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value))));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_makes_the_payload_that_the_script_makes() {
        let form = Form::read(b"UserId=+5%0D%0A&PendingCode=%20abc&Password=+two+blanks%C3%A9+");
        assert_eq!(form.value("UserId"), "5");
        assert_eq!(
            form.payload().as_str(),
            r#"{"UserId":"5","PendingCode":"abc","Password":" two blanksé "}"#
        );
        let hostile = Form::read(b"a%22%3A1%7D=%22%2C%22UserId%22%3A%226");
        assert_eq!(hostile.payload().as_str(), r#"{"a\":1}":"\",\"UserId\":\"6"}"#);
    }

    /// So that the call refuses it, as it refuses a key that is repeated in JSON.
    #[test]
    fn a_field_that_is_there_twice_stays_there_twice() {
        let form = Form::read(b"UserId=7&UserId=1");
        assert_eq!(form.payload().as_str(), r#"{"UserId":"7","UserId":"1"}"#);
    }

    #[test]
    fn a_password_that_is_not_utf8_is_not_hashed_as_something_else() {
        assert_eq!(Form::read(b"UserId=5&Password=caf%E9").payload().as_str(), "{}");
    }
}
