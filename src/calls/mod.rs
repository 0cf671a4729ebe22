//! What each call means. A call sees the world outside through the traits of [`outside`], and nothing else.

pub mod outside;
mod payload;
mod refusal;
pub mod reset_password;
pub mod reset_password2;
pub mod standard_response;

pub use payload::InvalidPayload;
pub use refusal::Refusal;

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
        [("ResetPassword", Self::ResetPassword), ("ResetPassword2", Self::ResetPassword2)]
            .into_iter()
            .find(|(known, _)| name.eq_ignore_ascii_case(known))
            .map(|(_, call)| call)
    }
}
