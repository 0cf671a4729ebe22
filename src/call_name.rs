//! The names of the calls.

/// A call of the AlphaPoint API that this Worker handles.
///
/// Parsing ignores letter case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::VariantArray)]
#[strum(ascii_case_insensitive)]
pub enum CallName {
    /// Requests an e-mail with a link: [`reset_password`](crate::calls::reset_password).
    ResetPassword,
    /// Changes the password: [`reset_password2`](crate::calls::reset_password2).
    ResetPassword2,
}

impl CallName {
    /// The name as the API documents it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
