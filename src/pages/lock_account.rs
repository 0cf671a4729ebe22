//! The page that the link in a notice opens. Its form makes the call `LockAccount`.

use askama::Template;

use super::{problem::Problem, site::Site};
use crate::{
    calls::LockAccountError,
    languages::{Language, Texts},
    template::render,
};

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct LockAccount<'a> {
    /// What the page shows of the exchange.
    pub site: Site<'a>,
    /// The user id from the request, or an empty string. The code is never put into the page.
    pub user_id: &'a str,
    /// Why the call failed, if the form was submitted.
    pub error: Option<LockAccountError>,
}

#[derive(Template)]
#[template(path = "pages/lock_account.html")]
struct LockAccountHtml<'a> {
    language: Language,
    texts: &'static Texts,
    title: &'static str,
    site: Site<'a>,
    user_id: &'a str,
    problem: Option<Problem>,
}

/// Renders the page.
#[must_use]
pub fn lock_account(language: Language, page: &LockAccount<'_>) -> String {
    let texts = language.texts();
    render(&LockAccountHtml {
        language,
        texts,
        title: texts.lock_account.title,
        site: page.site,
        user_id: page.user_id,
        problem: page.error.map(|error| problem(error, texts)),
    })
}

fn problem(error: LockAccountError, texts: &Texts) -> Problem {
    let own = &texts.lock_account;
    match error {
        LockAccountError::InvalidPayload(_) => Problem::new(texts.choose_password.invalid),
        LockAccountError::TooManyAttempts => Problem::new(texts.pages.too_many_attempts),
        LockAccountError::NotAuthorized => Problem { mentions_support: true, ..Problem::new(own.link_dead) },
        LockAccountError::Unavailable | LockAccountError::Misconfigured(_) => Problem::new(own.server_error),
        LockAccountError::Unclear => Problem::new(own.unclear),
    }
}
