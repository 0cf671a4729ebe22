//! The error of any call.

use super::{reset_password::ResetPasswordError, reset_password2::ResetPassword2Error};
use crate::{call_name::CallName, outcome::Outcome, standard_response::StandardResponse};

/// Why a call failed, for code that handles all calls alike. The message is the `detail` of the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// `ResetPassword` failed.
    #[error(transparent)]
    ResetPassword(#[from] ResetPasswordError),
    /// `ResetPassword2` failed.
    #[error(transparent)]
    ResetPassword2(#[from] ResetPassword2Error),
}

impl CallError {
    /// The error of a call that is refused because the client makes too many.
    #[must_use]
    pub const fn too_many_attempts(call: CallName) -> Self {
        match call {
            CallName::ResetPassword => Self::ResetPassword(ResetPasswordError::TooManyAttempts),
            CallName::ResetPassword2 => Self::ResetPassword2(ResetPassword2Error::TooManyAttempts),
        }
    }

    /// The error of a call during which the Worker panicked.
    #[must_use]
    pub const fn unclear(call: CallName) -> Self {
        match call {
            CallName::ResetPassword => Self::ResetPassword(ResetPasswordError::Unclear),
            CallName::ResetPassword2 => Self::ResetPassword2(ResetPassword2Error::Unclear),
        }
    }
}

impl From<CallError> for Outcome {
    fn from(error: CallError) -> Self {
        match error {
            CallError::ResetPassword(error) => error.into(),
            CallError::ResetPassword2(error) => error.into(),
        }
    }
}

impl From<CallError> for StandardResponse {
    fn from(error: CallError) -> Self {
        Self::failure(error.into(), error.to_string())
    }
}
