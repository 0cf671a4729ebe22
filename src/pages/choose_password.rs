//! The page that the link in a reset mail opens. Its form makes the call `ResetPassword2`.

use askama::Template;

use super::{problem::Problem, site::Site};
use crate::{
    calls::ResetPassword2Error,
    languages::{Language, Texts, with_number},
    password::Violation,
    template::render,
};

/// The value of the form's field `EarlierAttempt` after an attempt with an unclear outcome.
pub const UNCLEAR: &str = "unclear";

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct ChoosePassword<'a> {
    /// The shortest password that the policy accepts, in code points.
    pub min_length: usize,
    /// What the page shows of the exchange.
    pub site: Site<'a>,
    /// The user id from the request, or an empty string. The code and the password are never put into the page.
    pub user_id: &'a str,
    /// Why the call failed, if the form was submitted.
    pub error: Option<ResetPassword2Error>,
    /// Whether an earlier attempt may have changed the password. If the link is invalid now, that may be the reason.
    pub earlier_attempt_unclear: bool,
}

#[derive(Template)]
#[template(path = "pages/choose_password.html")]
struct ChoosePasswordHtml<'a> {
    language: Language,
    texts: &'static Texts,
    title: &'static str,
    min_length: usize,
    password_hint: String,
    site: Site<'a>,
    user_id: &'a str,
    earlier_attempt: &'static str,
    problem: Option<Problem>,
}

/// Renders the page.
#[must_use]
pub fn choose_password(language: Language, page: &ChoosePassword<'_>) -> String {
    let texts = language.texts();
    render(&ChoosePasswordHtml {
        language,
        texts,
        title: texts.choose_password.title,
        min_length: page.min_length,
        password_hint: with_number(texts.choose_password.password_hint, page.min_length),
        site: page.site,
        user_id: page.user_id,
        earlier_attempt: if page.earlier_attempt_unclear { UNCLEAR } else { "" },
        problem: page.error.map(|error| problem(error, page, texts)),
    })
}

fn problem(error: ResetPassword2Error, page: &ChoosePassword<'_>, texts: &Texts) -> Problem {
    let own = &texts.choose_password;
    match error {
        ResetPassword2Error::InvalidPayload(_) => Problem::new(own.invalid),
        ResetPassword2Error::TooManyAttempts => Problem::new(texts.pages.too_many_attempts),
        ResetPassword2Error::NotAuthorized if page.earlier_attempt_unclear => {
            Problem { offers_new_link: true, ..Problem::new(own.link_dead_after_unclear) }
        }
        ResetPassword2Error::NotAuthorized => {
            Problem { offers_new_link: true, ..Problem::new(own.link_dead) }
        }
        ResetPassword2Error::PasswordRejected(violation) => {
            let min_length =
                if let Violation::TooShort { min_length } = violation { Some(min_length) } else { None };
            Problem { min_length, ..Problem::about("Password", rule(violation, texts)) }
        }
        ResetPassword2Error::UserGone => Problem { mentions_support: true, ..Problem::new(own.account_gone) },
        ResetPassword2Error::Unavailable | ResetPassword2Error::Misconfigured(_) => {
            Problem::new(own.server_error)
        }
        ResetPassword2Error::Unclear => Problem::new(own.unclear),
    }
}

/// Returns the text of the rule that a password breaks.
fn rule(violation: Violation, texts: &Texts) -> String {
    let text = (texts.choose_password.rejected)(violation);
    violation.length().map_or_else(|| text.to_owned(), |length| with_number(text, length))
}
