//! Passwords that are easier to guess than their length suggests: a common password with something added, a repeated text,
//! and a row of neighboring keys or letters.
//!
//! Programs that guess passwords try these patterns early. Each function here takes a password in lower case and NFC.

use zeroize::Zeroizing;

use super::common_passwords::is_common;

/// The lengths, in code points, of the common passwords that are looked for inside a password. The few longer ones on the
/// list are found only as the whole password.
const COMMON_LENGTHS: std::ops::RangeInclusive<usize> = 8..=40;

/// The fewest code points that make a row. Words contain shorter ones by chance.
const MIN_RUN: usize = 3;

/// Alphabets and keyboards, to be read in both directions.
const ROWS: [&str; 19] = [
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "αβγδεζηθικλμνξοπρστυφχψω",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    // QWERTY, and where QWERTZ and AZERTY differ from it.
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    // QWERTY from top to bottom, and in zigzags.
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    // The Russian keyboard.
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
];

/// The code points of a password. Wiped from memory when dropped.
pub(super) struct CodePoints(Zeroizing<Vec<char>>);

impl CodePoints {
    pub(super) fn new(password: &str) -> Self {
        // The capacity is exact, so that the vector never grows and leaves no copy behind.
        let mut code_points = Zeroizing::new(Vec::with_capacity(password.chars().count()));
        code_points.extend(password.chars());
        Self(code_points)
    }

    /// Returns the password without the digits and symbols at its ends; all of it if it has no letters.
    pub(super) fn core(&self) -> &[char] {
        match (self.0.iter().position(is_letter), self.0.iter().rposition(is_letter)) {
            (Some(first), Some(last)) => self.0.get(first..=last).unwrap_or_default(),
            _ => &self.0,
        }
    }

    /// Whether the password is a common one with digits or symbols added at either end.
    pub(super) fn extends_common(&self) -> bool {
        let (Some(first), Some(last)) =
            (self.0.iter().position(is_letter), self.0.iter().rposition(is_letter))
        else {
            return false;
        };
        // A common password may itself begin or end with digits: "password1" in "password1!".
        (0..=first).any(|start| {
            (last + 1..=self.0.len())
                .filter(|end| COMMON_LENGTHS.contains(&(end - start)))
                .any(|end| self.0.get(start..end).is_some_and(is_common_text))
        })
    }
}

/// Returns the text that a password repeats, without the digits or symbols between the repetitions: "bitcoin" for
/// "bitcoin-bitcoin". The last repetition may be cut short if there are at least two whole ones.
pub(super) fn repeated(core: &[char]) -> Option<&[char]> {
    (1..core.len()).find_map(|period| {
        let (unit, rest) = core.split_at(period);
        // Repeated with this period: each code point is the one that far before it.
        if core.iter().zip(rest).any(|(before, after)| before != after) {
            return None;
        }
        let word = unit.iter().rposition(is_letter).map_or(unit, |last| unit.get(..=last).unwrap_or(unit));
        let separator = unit.len() - word.len();
        // A longer separator is a password of its own, between two equal letters.
        let whole = if separator <= word.len() { rest.len() + separator } else { rest.len() };
        (whole >= period).then_some(word)
    })
}

/// Whether a password consists of nothing but rows of neighboring keys or letters, such as "qwerty" or "4321", or of one
/// character several times. Symbols and spaces between them don't count.
pub(super) fn consists_of_rows(core: &[char]) -> bool {
    let mut rest = Zeroizing::new(Vec::with_capacity(core.len()));
    rest.extend(core.iter().copied().filter(|code_point| code_point.is_alphanumeric()));
    let mut rest = rest.as_slice();
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let length = row_length(rest);
        if length < MIN_RUN {
            return false;
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    true
}

/// Returns the length of the longest row at the start of a text.
fn row_length(text: &[char]) -> usize {
    let same = text.iter().take_while(|code_point| text.first() == Some(code_point)).count();
    let matching = |row: &mut dyn Iterator<Item = char>| {
        let row = row.skip_while(|key| text.first() != Some(key));
        row.zip(text).take_while(|(key, code_point)| key == *code_point).count()
    };
    ROWS.iter()
        .map(|row| matching(&mut row.chars()).max(matching(&mut row.chars().rev())))
        .fold(same, usize::max)
}

/// Whether a text is a common password.
pub(super) fn is_common_text(text: &[char]) -> bool {
    let bytes = text.iter().map(|code_point| code_point.len_utf8()).sum();
    let mut string = Zeroizing::new(String::with_capacity(bytes));
    string.extend(text);
    is_common(&string)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the iterators pass a reference")]
fn is_letter(code_point: &char) -> bool {
    code_point.is_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn additions_at_either_end_do_not_hide_a_common_password() {
        for password in [
            "password1234567",
            "password123456!",
            "!!!***password***",
            "2026-11-26 iloveyou",
            "1-password1-1",
            "password1 (2026)!",
            "1234567 qwertyuiop 1234567",
            "8264 9150 7382 6495 0718 3625 password 4093 8172 5640 9318 2750 6493",
        ] {
            assert!(CodePoints::new(password).extends_common(), "{password}");
        }
        for password in [
            "the password is 7",
            "password and keys",
            "password\u{436} 4093 8172",
            "847201936475182",
            "",
            "!!!!!!!!!!!!!!!!",
        ] {
            assert!(!CodePoints::new(password).extends_common(), "{password}");
        }
    }

    #[test]
    fn the_repeated_text_is_found() {
        for (password, word) in [
            ("iloveyouiloveyou", "iloveyou"),
            ("bitcoinbitcoin", "bitcoin"),
            ("bitcoin bitcoin", "bitcoin"),
            ("bitcoin1bitcoin", "bitcoin"),
            ("abcabcabcab", "abc"),
            ("aaaaaaaaaaaaaaa", "a"),
            ("               ", " "),
            ("пароль пароль пароль", "пароль"),
            ("red house, red house", "red house"),
        ] {
            assert_eq!(repeated(&chars(password)), Some(&*chars(word)), "{password}");
        }
        for password in ["", "a", "bitcoin and bitcoin", "abcdefgabc", "a839104820174a", "a8391a"] {
            assert_eq!(repeated(&chars(password)), None, "{password}");
        }
    }

    #[test]
    fn rows_are_found_on_every_keyboard_and_in_both_directions() {
        for password in [
            "abcdefghijklmno",
            "zyxwvutsrqponml",
            "123456789012345",
            "987654321098765",
            "qwertyuiopasdfg",
            "qwerty-asdfgh-zxcvbn",
            "qwertzuiop yxcvbnm",
            "azertyuiopqsdfghjklm",
            "1qaz2wsx3edc4rfv",
            "1q2w3e4r5t6y7u8i",
            "йцукенгшщзхъфыв",
            "αβγδεζηθικλμνξο",
            "111222333444555",
            "abcd1234efgh5678",
        ] {
            assert!(consists_of_rows(&chars(password)), "{password}");
        }
        for password in ["", "!!!", "abcdefghijklmn and o", "ab", "defend the castle", "847201936475182"] {
            assert!(!consists_of_rows(&chars(password)), "{password}");
        }
    }
}
