//! Why a form did not do what it was asked to do, as the user is told.

use crate::{
    calls::{Refusal, standard_response::ErrorCode},
    languages::{Texts, with_number},
    password::{MAX_LENGTH, Violation},
};

/// A refusal of a call, as far as there are different things to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// The link is dead, for whatever reason: ask for another.
    LinkDead,
    /// The password is shorter than the policy's minimum.
    TooShort,
    /// The password is longer than any may be.
    TooLong,
    /// The password is on the list of common ones.
    TooCommon,
    /// The user's name is in the password.
    ContainsUserName,
    /// The name of the exchange is in the password.
    ContainsServiceName,
    /// Wait a minute.
    TooManyAttempts,
    /// It is not known whether the password was changed: try to log in, else use the link again.
    Unclear,
    /// Nothing was changed: try again.
    ServerError,
    /// The user is gone.
    AccountGone,
    /// A field is empty, or the code is not a GUID.
    Invalid,
    /// The field for the user name is empty, or what is in it cannot be a name.
    InvalidUserName,
    /// No e-mail was sent: try again.
    NotSent,
    /// No answer came. Only the script can say so.
    NoAnswer,
}

/// A problem, ready for a template.
pub(super) struct Notice {
    /// What the script calls it.
    pub(super) name: &'static str,
    pub(super) text: String,
    /// The error code of the answers that mean this problem, or 0.
    pub(super) errorcode: u8,
    /// What is in the `detail` of those answers, where the error code alone does not tell.
    pub(super) detail: &'static str,
    /// The name of the field that can be mended, or nothing.
    pub(super) field: &'static str,
    pub(super) wants_new_link: bool,
}

impl Problem {
    /// What can come of the call `ResetPassword2`. Of those with one error code, any that goes by its `detail` stands
    /// before the one that does not: the script takes the first that fits.
    pub(super) const OF_RESET_PASSWORD2: [Self; 12] = [
        Self::LinkDead,
        Self::TooShort,
        Self::TooLong,
        Self::TooCommon,
        Self::ContainsUserName,
        Self::ContainsServiceName,
        Self::TooManyAttempts,
        Self::Unclear,
        Self::ServerError,
        Self::AccountGone,
        Self::Invalid,
        Self::NoAnswer,
    ];

    /// What can come of the call `ResetPassword`.
    pub(super) const OF_RESET_PASSWORD: [Self; 4] =
        [Self::TooManyAttempts, Self::InvalidUserName, Self::NotSent, Self::NoAnswer];

    const fn name(self) -> &'static str {
        match self {
            Self::LinkDead => "link-dead",
            Self::TooShort => "too-short",
            Self::TooLong => "too-long",
            Self::TooCommon => "too-common",
            Self::ContainsUserName => "contains-user-name",
            Self::ContainsServiceName => "contains-service-name",
            Self::TooManyAttempts => "too-many-attempts",
            Self::Unclear => "unclear",
            Self::ServerError => "server-error",
            Self::AccountGone => "account-gone",
            Self::Invalid => "invalid",
            Self::InvalidUserName => "invalid-user-name",
            Self::NotSent => "not-sent",
            Self::NoAnswer => "no-answer",
        }
    }

    fn text(self, texts: &Texts, min_length: usize) -> String {
        match self {
            Self::LinkDead => texts.choose_password.link_dead.to_owned(),
            Self::TooShort => with_number(texts.choose_password.too_short, min_length),
            Self::TooLong => with_number(texts.choose_password.too_long, MAX_LENGTH),
            Self::TooCommon => texts.choose_password.too_common.to_owned(),
            Self::ContainsUserName => texts.choose_password.contains_user_name.to_owned(),
            Self::ContainsServiceName => texts.choose_password.contains_service_name.to_owned(),
            Self::TooManyAttempts => texts.pages.too_many_attempts.to_owned(),
            Self::Unclear => texts.choose_password.unclear.to_owned(),
            Self::ServerError => texts.choose_password.server_error.to_owned(),
            Self::AccountGone => texts.choose_password.account_gone.to_owned(),
            Self::Invalid => texts.choose_password.invalid.to_owned(),
            Self::InvalidUserName => texts.request_link.invalid_user_name.to_owned(),
            Self::NotSent => texts.request_link.not_sent.to_owned(),
            Self::NoAnswer => texts.pages.no_response.to_owned(),
        }
    }

    /// By which answers the script knows the problem: their error code, and a part of their `detail`.
    const fn answers(self) -> Option<(ErrorCode, &'static str)> {
        match self {
            Self::LinkDead => Some((ErrorCode::NotAuthorized, "")),
            Self::TooShort => Some((ErrorCode::OperationFailed, "too short")),
            Self::TooLong => Some((ErrorCode::OperationFailed, "too long")),
            Self::TooCommon => Some((ErrorCode::OperationFailed, "too common")),
            Self::ContainsUserName => Some((ErrorCode::OperationFailed, "your user name")),
            Self::ContainsServiceName => Some((ErrorCode::OperationFailed, "name of this service")),
            Self::TooManyAttempts => Some((ErrorCode::OperationFailed, "too many")),
            Self::Unclear => Some((ErrorCode::ServerError, "not known whether")),
            Self::ServerError | Self::NotSent => Some((ErrorCode::ServerError, "")),
            Self::AccountGone => Some((ErrorCode::ResourceNotFound, "")),
            Self::Invalid | Self::InvalidUserName => Some((ErrorCode::InvalidResponse, "")),
            Self::NoAnswer => None,
        }
    }

    const fn field(self) -> &'static str {
        match self {
            Self::TooShort
            | Self::TooLong
            | Self::TooCommon
            | Self::ContainsUserName
            | Self::ContainsServiceName => "Password",
            Self::InvalidUserName => "UserName",
            Self::LinkDead
            | Self::TooManyAttempts
            | Self::Unclear
            | Self::ServerError
            | Self::AccountGone
            | Self::Invalid
            | Self::NotSent
            | Self::NoAnswer => "",
        }
    }
}

impl From<&Refusal> for Problem {
    fn from(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::Invalid(_) => Self::Invalid,
            Refusal::TooManyAttempts => Self::TooManyAttempts,
            Refusal::NotAuthorized => Self::LinkDead,
            Refusal::Policy(Violation::TooShort { .. }) => Self::TooShort,
            Refusal::Policy(Violation::TooLong) => Self::TooLong,
            Refusal::Policy(Violation::TooCommon) => Self::TooCommon,
            Refusal::Policy(Violation::ContainsUserName) => Self::ContainsUserName,
            Refusal::Policy(Violation::ContainsContextWord) => Self::ContainsServiceName,
            Refusal::UserGone => Self::AccountGone,
            Refusal::Unavailable | Refusal::Misconfigured(_) => Self::ServerError,
            Refusal::Unclear => Self::Unclear,
        }
    }
}

impl Notice {
    pub(super) fn new(problem: Problem, texts: &Texts, min_length: usize) -> Self {
        let (errorcode, detail) = problem.answers().map_or((0, ""), |(code, detail)| (code as u8, detail));
        Self {
            name: problem.name(),
            text: problem.text(texts, min_length),
            errorcode,
            detail,
            field: problem.field(),
            wants_new_link: problem == Problem::LinkDead,
        }
    }
}
