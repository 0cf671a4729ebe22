//! The page that requests a reset mail. Its form makes the call `ResetPassword`.

use askama::Template;

use super::{problem::Problem, site::Site};
use crate::{
    calls::ResetPasswordError,
    languages::{Language, Texts},
    template::render,
};

/// What the page shows. It never reveals whether the user exists.
#[derive(Debug, Clone, Copy)]
pub struct RequestLink<'a> {
    /// What the page shows of the exchange.
    pub site: Site<'a>,
    /// The user name from the request, or an empty string.
    pub user_name: &'a str,
    /// Why the call failed, if the form was submitted.
    pub error: Option<ResetPasswordError>,
}

#[derive(Template)]
#[template(path = "pages/request_link.html")]
struct RequestLinkHtml<'a> {
    language: Language,
    texts: &'static Texts,
    title: &'static str,
    site: Site<'a>,
    user_name: &'a str,
    problem: Option<Problem>,
}

/// Renders the page.
#[must_use]
pub fn request_link(language: Language, page: &RequestLink<'_>) -> String {
    let texts = language.texts();
    render(&RequestLinkHtml {
        language,
        texts,
        title: texts.request_link.title,
        site: page.site,
        user_name: page.user_name,
        problem: page.error.map(|error| problem(error, texts)),
    })
}

fn problem(error: ResetPasswordError, texts: &Texts) -> Problem {
    let own = &texts.request_link;
    match error {
        ResetPasswordError::InvalidPayload(_) => Problem::about("UserName", own.invalid_user_name.to_owned()),
        ResetPasswordError::TooManyAttempts => Problem::new(texts.pages.too_many_attempts),
        ResetPasswordError::Unavailable | ResetPasswordError::Misconfigured(_) => Problem::new(own.not_sent),
        ResetPasswordError::Unclear => Problem::new(own.request_unclear),
    }
}
