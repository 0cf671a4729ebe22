//! The two pages, in each language: the one that a reset e-mail's link opens, and the one that asks for such an e-mail.
//!
//! In scope: what they say, and how they look and behave in a browser, with its script or without. Out of scope: at what
//! path they are served, and what becomes of a form that is posted (`gateway`).
//!
//! The script sends the same calls as any other client, and holds no text: every outcome that it may have to show stands
//! in the page, in the page's language.

mod problem;

use askama::Template;

use self::problem::Notice;
pub use self::problem::Problem;
use crate::languages::{Language, Texts, with_number};

/// `/page.css`, which both pages ask for.
pub const STYLE_SHEET: &str = include_str!("page.css");

/// `/page.js`, which both pages ask for.
pub const SCRIPT: &str = include_str!("page.js");

/// The `Content-Security-Policy` that the pages keep to: nothing inline, and nothing from or to another origin.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What the page of the link is about to show.
#[derive(Debug, Clone, Copy)]
pub struct ResetPasswordView<'a> {
    /// The policy's minimum, in code points.
    pub min_length: usize,
    /// Where a user logs in, if that is known.
    pub login_url: Option<&'a str>,
    /// The user id that was sent, to keep it in its field; or nothing. The code and the password never come back.
    pub user_id: &'a str,
    /// Where the user stands.
    pub state: State,
}

/// What the page that asks for an e-mail is about to show.
#[derive(Debug, Clone, Copy)]
pub struct ForgotPasswordView<'a> {
    /// Where a user logs in, if that is known.
    pub login_url: Option<&'a str>,
    /// The user name that was sent, to keep it in its field; or nothing.
    pub user_name: &'a str,
    /// Where the user stands.
    pub state: State,
}

/// Where the user stands on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Before the form.
    Form,
    /// Before the form again: the call was refused.
    Refused(Problem),
    /// Behind it: the password is changed, or the e-mail sent if there is such a user.
    Done,
}

/// The page that a reset e-mail's link opens.
#[must_use]
pub fn reset_password_page(language: Language, view: &ResetPasswordView<'_>) -> String {
    let texts = language.texts();
    let notice = |problem: Problem| Notice::new(problem, texts, view.min_length);
    html(&ResetPassword {
        language,
        texts,
        min_length: view.min_length,
        password_hint: with_number(texts.choose_password.password_hint, view.min_length),
        login_url: view.login_url,
        user_id: view.user_id,
        done: view.state == State::Done,
        refused: view.state.problem().map(notice),
        problems: Problem::OF_RESET_PASSWORD2.map(notice),
    })
}

/// The page that asks for a reset e-mail. It never tells whether there is such a user.
#[must_use]
pub fn forgot_password_page(language: Language, view: &ForgotPasswordView<'_>) -> String {
    let texts = language.texts();
    let notice = |problem: Problem| Notice::new(problem, texts, 0);
    html(&ForgotPassword {
        language,
        texts,
        login_url: view.login_url,
        user_name: view.user_name,
        done: view.state == State::Done,
        refused: view.state.problem().map(notice),
        problems: Problem::OF_RESET_PASSWORD.map(notice),
    })
}

impl State {
    const fn problem(self) -> Option<Problem> {
        match self {
            Self::Refused(problem) => Some(problem),
            Self::Form | Self::Done => None,
        }
    }
}

#[derive(Template)]
#[template(path = "page/reset_password.html")]
struct ResetPassword<'a> {
    language: Language,
    texts: &'static Texts,
    min_length: usize,
    password_hint: String,
    login_url: Option<&'a str>,
    user_id: &'a str,
    done: bool,
    refused: Option<Notice>,
    problems: [Notice; Problem::OF_RESET_PASSWORD2.len()],
}

#[derive(Template)]
#[template(path = "page/forgot_password.html")]
struct ForgotPassword<'a> {
    language: Language,
    texts: &'static Texts,
    login_url: Option<&'a str>,
    user_name: &'a str,
    done: bool,
    refused: Option<Notice>,
    problems: [Notice; Problem::OF_RESET_PASSWORD.len()],
}

fn html(page: &impl Template) -> String {
    // It could fail where a value failed to be formatted: these are texts and numbers, which do not.
    page.render().unwrap_or_default()
}

#[cfg(test)]
mod tests;
