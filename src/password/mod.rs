//! The new password: what may be chosen, and what is kept of it.

mod common_passwords;
mod hash;
mod policy;

use std::fmt;

use icu_normalizer::ComposingNormalizerBorrowed;
use zeroize::Zeroizing;

pub use hash::{OUTPUT_BYTES, PasswordHash, ROUNDS, SALT_BYTES, UnreadableHash, Verification, verify};
pub use policy::{MAX_LENGTH, Policy, Violation};

/// A password in Unicode NFC, as NIST SP 800-63B-4 (section 3.1.1.2) wants it before it is hashed, so that it is the
/// same password on every keyboard. It is wiped from memory when dropped, and never printed.
pub struct NewPassword(Zeroizing<String>);

impl NewPassword {
    /// Takes what a person typed. Nothing is trimmed and nothing is cut off.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        Self::composed(&mut typed.chars(), typed.len())
    }

    /// Composes text of at most `bytes` bytes.
    fn composed(text: &mut dyn Iterator<Item = char>, bytes: usize) -> Self {
        // NFC makes of text at most three times its bytes (Unicode's FAQ on normalization). So the string does not grow,
        // and leaves no copy behind.
        let mut composed = Zeroizing::new(String::with_capacity(bytes * 3));
        composed.extend(ComposingNormalizerBorrowed::new_nfc().normalize_iter(text));
        Self(composed)
    }

    /// The password's text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_password_whatever_the_keyboard() {
        // "é" as one code point, and as "e" with a combining accent.
        assert_eq!(NewPassword::new("caf\u{e9}").expose(), NewPassword::new("cafe\u{301}").expose());
    }

    #[test]
    fn nothing_is_trimmed() {
        assert_eq!(NewPassword::new("  spaced  ").expose(), "  spaced  ");
    }

    #[test]
    fn debug_tells_nothing() {
        assert_eq!(format!("{:?}", NewPassword::new("hunter2")), "NewPassword(…)");
    }
}
