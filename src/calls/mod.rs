//! What each call means. A call sees the world outside through the traits of [`outside`], and nothing else.

pub mod outside;
mod payload;
mod refusal;
pub mod reset_password;
pub mod reset_password2;
pub mod standard_response;

pub(crate) use payload::Payload;
pub use payload::{InvalidPayload, MAX_PAYLOAD_BYTES};
pub use refusal::Refusal;

use self::{outside::Outside, reset_password::reset_password, reset_password2::reset_password2};
use crate::{client::Client, password::Policy};

/// The calls that are answered here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// [`reset_password`](reset_password::reset_password).
    ResetPassword,
    /// [`reset_password2`](reset_password2::reset_password2).
    ResetPassword2,
}

impl Call {
    /// The call of this name, in any letter case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::ResetPassword, Self::ResetPassword2]
            .into_iter()
            .find(|call| name.eq_ignore_ascii_case(call.name()))
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ResetPassword => "ResetPassword",
            Self::ResetPassword2 => "ResetPassword2",
        }
    }

    /// Makes the call.
    ///
    /// # Errors
    ///
    /// The [`Refusal`] of the call.
    pub async fn make(
        self,
        payload: &[u8],
        client: &Client,
        policy: &Policy,
        outside: &impl Outside,
    ) -> Result<(), Refusal> {
        match self {
            Self::ResetPassword => reset_password(payload, client, outside).await,
            Self::ResetPassword2 => reset_password2(payload, client, policy, outside).await,
        }
    }
}
