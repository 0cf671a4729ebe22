//! The page that requests a reset e-mail. Its form makes the call `ResetPassword`.

use askama::Template;

use super::notice::{Notice, render};
use crate::{
    calls::ResetPasswordError,
    languages::{Language, Texts},
};

/// What the page shows. It never tells whether there is such a user.
#[derive(Debug, Clone, Copy)]
pub struct RequestLink<'a> {
    /// Where users log in.
    pub login_url: Option<&'a str>,
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
    login_url: Option<&'a str>,
    user_name: &'a str,
    notice: Option<Notice>,
}

/// Renders the page.
#[must_use]
pub fn request_link(language: Language, page: &RequestLink<'_>) -> String {
    let texts = language.texts();
    render(&RequestLinkHtml {
        language,
        texts,
        title: texts.request_link.title,
        login_url: page.login_url,
        user_name: page.user_name,
        notice: page.error.map(|error| notice(error, texts)),
    })
}

fn notice(error: ResetPasswordError, texts: &Texts) -> Notice {
    let own = &texts.request_link;
    match error {
        ResetPasswordError::InvalidPayload(_) => Notice::about("UserName", own.invalid_user_name.to_owned()),
        ResetPasswordError::TooManyAttempts => Notice::new(texts.pages.too_many_attempts),
        ResetPasswordError::Unavailable | ResetPasswordError::Misconfigured(_) => Notice::new(own.not_sent),
        ResetPasswordError::Unclear => Notice::new(own.request_unclear),
    }
}
