//! A password that a user has typed.

use icu_normalizer::ComposingNormalizerBorrowed;
use zeroize::Zeroizing;

use crate::secret::Secret;

/// A password in Unicode NFC.
///
/// NIST SP 800-63B-4, section 3.1.1.2, recommends the normalization before hashing, so that a password is the same on every
/// keyboard. It is wiped from memory when dropped, and `Debug` doesn't print it.
#[derive(Debug)]
pub struct NewPassword(Secret<String>);

impl NewPassword {
    /// Normalizes what a person typed. Nothing is trimmed or truncated.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        Self::composed(&mut typed.chars(), typed.len())
    }

    /// Composes characters that take at most `bytes` bytes in UTF-8.
    pub(super) fn composed(text: &mut dyn Iterator<Item = char>, bytes: usize) -> Self {
        // NFC triples the length at most (Unicode's FAQ on normalization). So the string never grows, and leaves no copy
        // behind.
        let mut composed = Zeroizing::new(String::with_capacity(bytes * 3));
        composed.extend(ComposingNormalizerBorrowed::new_nfc().normalize_iter(text));
        Self(Secret::new(composed))
    }

    /// Returns the password.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_the_same_on_every_keyboard() {
        // "é" as one code point, and as "e" with a combining accent.
        assert_eq!(NewPassword::new("caf\u{e9}").expose(), NewPassword::new("cafe\u{301}").expose());
    }

    #[test]
    fn nothing_is_trimmed() {
        assert_eq!(NewPassword::new("  spaced  ").expose(), "  spaced  ");
    }

    #[test]
    fn debug_output_contains_no_password() {
        assert_eq!(format!("{:?}", NewPassword::new("hunter2")), "NewPassword(…)");
    }
}
