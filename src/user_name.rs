//! Which spellings are the same user name.

use icu_normalizer::ComposingNormalizerBorrowed;

/// Returns what all spellings of a user name have in common.
///
/// Spellings may differ in whitespace at either end, in Unicode normalization, and in letter case, as far as one letter
/// maps to one letter (Unicode's simple case mappings): `ß` and `SS` differ. The text is normalized before and after
/// the folding (compare The Unicode Standard, section 3.13, D145), to NFC, because passwords need its tables anyway.
#[must_use]
pub fn user_name_key(user_name: &str) -> String {
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    nfc.normalize_iter(nfc.normalize_iter(user_name.trim().chars()).map(folded)).collect()
}

/// Folds the case of a letter, by way of upper case, because only there do `σ` and `ς` meet.
fn folded(letter: char) -> char {
    let upper = single(letter.to_uppercase()).unwrap_or(letter);
    match upper {
        // The standard library maps it to two characters.
        'İ' => 'i',
        _ => single(upper.to_lowercase()).unwrap_or(upper),
    }
}

/// Returns the only letter, or `None` if there isn't exactly one.
fn single(mut letters: impl Iterator<Item = char>) -> Option<char> {
    letters.next().filter(|_| letters.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_have_one_key() {
        for (one, other) in [
            ("Kim", " kIM\u{a0}"),
            ("Ärger", "äRGER"),
            ("МАША", "маша"),
            ("ΟΔΟΣ", "οδος"),
            ("José", "JOSE\u{301}"),
            ("Việt", "VIE\u{302}\u{323}T"),
            ("한글", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}"),
            ("\u{212a}im", "kim"),
            ("Straße", "STRAẞE"),
            ("ǅ", "ǆ"),
            ("ǰ", "J\u{30c}"),
            ("ΐ", "Ι\u{308}\u{301}"),
            ("İzmir", "izmir"),
            ("Ꮳ", "ꮳ"),
        ] {
            assert_eq!(user_name_key(one), user_name_key(other), "{one} {other}");
        }
    }

    #[test]
    fn different_names_have_different_keys() {
        for (one, other) in [
            ("Straße", "STRASSE"),
            ("a b", "ab"),
            ("José", "Jose"),
            ("ａ", "a"),
            ("e\u{301}\u{323}", "e\u{301}"),
        ] {
            assert_ne!(user_name_key(one), user_name_key(other), "{one} {other}");
        }
    }

    /// Otherwise, a name could be found in one letter case but not in another.
    #[test]
    fn no_letter_case_of_a_letter_changes_the_key() {
        let key_with = |letter| user_name_key(&format!("x{letter}x"));
        for letter in '\0'..=char::MAX {
            let others = [single(letter.to_uppercase()), single(letter.to_lowercase())];
            for other in others.into_iter().flatten().filter(|other| *other != letter) {
                assert_eq!(key_with(other), key_with(letter), "{letter} {other}");
            }
        }
    }

    /// Names of visible ASCII are compared by the database, which folds ASCII only.
    #[test]
    fn the_key_of_a_name_in_ascii_is_in_lower_case() {
        let ascii: String = ('!'..='~').collect();
        assert_eq!(user_name_key(&ascii), ascii.to_ascii_lowercase());
    }
}
