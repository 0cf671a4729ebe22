//! Why a call did not do what it was asked to do, and what it says then: the one place where an error becomes an answer.

use super::{
    outside::{RedeemError, Unavailable, Verdict},
    payload::InvalidPayload,
    standard_response::{ErrorCode, StandardResponse},
};
use crate::{password::Violation, settings::InvalidSetting};

/// Why a call did nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A setting of this Worker makes no sense.
    Misconfigured(InvalidSetting),
    /// The payload is not what it must be.
    Invalid(InvalidPayload),
    /// The address called too often.
    TooManyAttempts,
    /// The code is unknown, expired, used, superseded or another user's, or the user may not do this: not told apart.
    NotAuthorized,
    /// The password must not be chosen.
    Policy(Violation),
    /// The code is good, but its user is gone.
    UserGone,
    /// Something outside failed before anything was changed.
    Unavailable,
    /// D1's answer was lost twice: the password may be changed or not.
    Unclear,
}

impl Verdict {
    /// Goes on only where the claim is granted.
    pub(super) fn granted(self) -> Result<(), Refusal> {
        match self {
            Self::Granted => Ok(()),
            Self::Refused => Err(Refusal::NotAuthorized),
            Self::UserGone => Err(Refusal::UserGone),
        }
    }
}

impl Refusal {
    /// What the log calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Misconfigured(_) => "misconfigured",
            Self::Invalid(_) => "invalid",
            Self::TooManyAttempts => "too_many_attempts",
            Self::NotAuthorized => "not_authorized",
            Self::Policy(_) => "policy",
            Self::UserGone => "user_gone",
            Self::Unavailable => "unavailable",
            Self::Unclear => "unclear",
        }
    }
}

impl From<InvalidSetting> for Refusal {
    fn from(invalid: InvalidSetting) -> Self {
        Self::Misconfigured(invalid)
    }
}

impl From<InvalidPayload> for Refusal {
    fn from(invalid: InvalidPayload) -> Self {
        Self::Invalid(invalid)
    }
}

impl From<Violation> for Refusal {
    fn from(violation: Violation) -> Self {
        Self::Policy(violation)
    }
}

impl From<Unavailable> for Refusal {
    fn from(_: Unavailable) -> Self {
        Self::Unavailable
    }
}

impl From<RedeemError> for Refusal {
    fn from(error: RedeemError) -> Self {
        match error {
            RedeemError::NothingChanged => Self::Unavailable,
            RedeemError::Unclear => Self::Unclear,
        }
    }
}

impl From<Result<(), Refusal>> for StandardResponse {
    fn from(outcome: Result<(), Refusal>) -> Self {
        outcome.map_or_else(Self::from, |()| Self::success())
    }
}

impl From<Refusal> for StandardResponse {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Misconfigured(invalid) => Self::error(
                ErrorCode::ServerError,
                format!("{invalid} The password was not changed, and the link is as good as before."),
            ),
            Refusal::Invalid(invalid) => Self::error(ErrorCode::InvalidResponse, invalid.to_string()),
            Refusal::TooManyAttempts => Self::error(
                ErrorCode::OperationFailed,
                "Too many attempts from your network. Wait a minute, then try again: the link is as good as before.",
            ),
            Refusal::NotAuthorized => Self::error(
                ErrorCode::NotAuthorized,
                "This link does not work, or does not work any more. Ask for a new one.",
            ),
            Refusal::Policy(violation) => Self::error(ErrorCode::OperationFailed, violation.to_string()),
            Refusal::UserGone => Self::error(
                ErrorCode::ResourceNotFound,
                "This account does not exist any more. Contact the support of your exchange.",
            ),
            Refusal::Unavailable => Self::error(
                ErrorCode::ServerError,
                "The password was not changed, and the link is as good as before. Try again in a minute, or ask for a new one.",
            ),
            Refusal::Unclear => Self::error(
                ErrorCode::ServerError,
                "It is not known whether the password was changed. Try to log in with the new one. If that fails, use the link again; if that fails too, ask for a new one.",
            ),
        }
    }
}
