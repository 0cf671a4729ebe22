//! What each call means. A call sees the world outside through the traits of [`outside`], and nothing else.

pub mod outside;
mod payload;
mod refusal;
pub mod reset_password2;
pub mod standard_response;

pub use payload::InvalidPayload;
pub use refusal::Refusal;

/// The calls that are answered here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// [`reset_password2`](reset_password2::reset_password2).
    ResetPassword2,
}

impl Call {
    /// The call of this name, in any letter case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        name.eq_ignore_ascii_case("ResetPassword2").then_some(Self::ResetPassword2)
    }
}
