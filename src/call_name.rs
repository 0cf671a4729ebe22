//! The names of the calls.

use strum::VariantArray as _;

/// A call of the AlphaPoint API that this Worker handles.
///
/// Parsing ignores letter case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::VariantArray)]
#[strum(ascii_case_insensitive)]
pub enum CallName {
    /// Requests a mail with a link: [`reset_password`](crate::calls::reset_password).
    ResetPassword,
    /// Changes the password: [`reset_password2`](crate::calls::reset_password2).
    ResetPassword2,
    /// Locks the account of a user who did not change the password: [`lock_account`](crate::calls::lock_account).
    LockAccount,
}

impl CallName {
    /// Returns the name as the API documents it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Returns all names, each after `prefix`, as a list for a sentence, such as "`ResetPassword`,
    /// `ResetPassword2` and `LockAccount`".
    #[must_use]
    pub fn sentence_list(prefix: &str) -> String {
        let last = Self::VARIANTS.len() - 1;
        let item = |(index, call): (usize, &Self)| {
            let separator = match index {
                0 => "",
                _ if index < last => ", ",
                _ => " and ",
            };
            format!("{separator}{prefix}{}", call.as_str())
        };
        Self::VARIANTS.iter().enumerate().map(item).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_can_list_the_calls() {
        let list = CallName::sentence_list("/AP/");
        assert!(list.starts_with("/AP/ResetPassword") && list.contains(" and /AP/"), "{list}");
        assert_eq!(list.matches("/AP/").count(), CallName::VARIANTS.len(), "{list}");
    }
}
