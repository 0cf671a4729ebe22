//! How a call ended, in one word.

use crate::{error_code::ErrorCode, password::Violation};

/// How a call ended.
///
/// The word is stable: it is the value of the response header `X-Outcome`, and `outcome` in the log
/// (docs/contract.md, section 1). Programs can rely on it instead of parsing `detail`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    /// The call succeeded.
    Done,
    /// The payload breaks a rule of the call.
    Invalid,
    /// A limit on calls or attempts was exceeded.
    TooManyAttempts,
    /// The code can't be redeemed, or the user may not reset the password. The outcome doesn't reveal which.
    NotAuthorized,
    /// The password policy rejects the password. Each rule has its own word.
    #[strum(transparent)]
    PasswordRejected(Violation),
    /// The code is valid, but the user no longer exists.
    UserGone,
    /// KV, D1 or the queue failed, or the Worker failed before a call began. Nothing was changed.
    Unavailable,
    /// It is unknown whether the call took effect.
    Unclear,
    /// A setting of the Worker is invalid. Nothing was changed.
    Misconfigured,
    /// There is no call of that name.
    UnknownCall,
    /// The path doesn't support the method, a request to `/WSGateway/` doesn't open a WebSocket, or a form was
    /// submitted from another site.
    MethodNotAllowed,
}

impl Outcome {
    /// Returns the outcome as a word in `snake_case`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Returns the error code that the response reports, or `None` for [`Outcome::Done`].
    #[must_use]
    pub const fn error_code(self) -> Option<ErrorCode> {
        match self {
            Self::Done => None,
            Self::NotAuthorized => Some(ErrorCode::NotAuthorized),
            Self::Invalid => Some(ErrorCode::InvalidResponse),
            Self::TooManyAttempts | Self::PasswordRejected(_) => Some(ErrorCode::OperationFailed),
            Self::Unavailable | Self::Unclear | Self::Misconfigured => Some(ErrorCode::ServerError),
            Self::UserGone => Some(ErrorCode::ResourceNotFound),
            Self::UnknownCall | Self::MethodNotAllowed => Some(ErrorCode::OperationNotSupported),
        }
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator as _;

    use super::*;

    /// A test of the gateway compares all words with the documents.
    #[test]
    fn each_password_rule_has_its_word() {
        let words: Vec<_> = Violation::iter().map(|rule| Outcome::PasswordRejected(rule).as_str()).collect();
        assert_eq!(
            words[..8],
            [
                "password_too_short",
                "password_too_long",
                "password_common",
                "password_repetitive",
                "password_sequence",
                "password_breached",
                "password_contains_user_name",
                "password_contains_service_name",
            ]
        );
    }
}
