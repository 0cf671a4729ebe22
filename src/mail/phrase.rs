//! The anti-phishing phrase of a user.

use serde::Deserialize;

use crate::secret::Secret;

/// The longest phrase or user name that is shown, in code points: longer ones are cut. The schema rejects longer phrases, too.
const MAX_LENGTH: usize = 100;

/// The phrase by which a user recognizes our mails: whoever imitates them doesn't know it. Its `Debug` omits it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Phrase(Secret<String>);

impl Phrase {
    /// Returns the phrase, or `None` if nothing is left of what the exchange has stored.
    pub(super) fn shown(&self) -> Option<&str> {
        Some(self.0.expose().as_str()).filter(|phrase| !phrase.is_empty())
    }
}

impl From<String> for Phrase {
    fn from(stored: String) -> Self {
        Self(Secret::new(one_line(&stored)))
    }
}

/// Omits what could make a text of the user look like another part of the mail: characters that break a line or change the
/// direction, and all that is too long.
pub(super) fn one_line(text: &str) -> String {
    let shown: String = text.chars().filter(|c| !is_omitted(*c)).collect();
    let shown: String = shown.trim().chars().take(MAX_LENGTH).collect();
    shown.trim_end().to_owned()
}

/// Whether this is a control character, a line or paragraph separator, or one of the bidirectional formatting characters (UAX
/// #9, section 2).
fn is_omitted(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}')
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(stored: &str) -> Option<String> {
        Phrase::from(stored.to_owned()).shown().map(str::to_owned)
    }

    #[test]
    fn a_phrase_is_shown_as_stored() {
        for phrase in ["blue heron", "سلام", "家族 👨‍👩‍👧", &"é".repeat(100)] {
            assert_eq!(shown(phrase).as_deref(), Some(phrase));
        }
    }

    #[test]
    fn what_breaks_a_line_or_changes_the_direction_is_omitted() {
        assert_eq!(
            shown(" blue\r\n\u{2028}he\0ron\u{202e}\u{2066}\u{200f}\u{85} ").as_deref(),
            Some("blueheron")
        );
    }

    #[test]
    fn a_long_phrase_is_cut_and_an_empty_one_is_none() {
        assert_eq!(shown(&"é".repeat(101)), Some("é".repeat(100)));
        assert_eq!(shown(&format!("{} {}", "a".repeat(99), "b".repeat(9))), Some("a".repeat(99)));
        for empty in ["", " ", "\n\u{2029}"] {
            assert_eq!(shown(empty), None, "{empty:?}");
        }
    }

    #[test]
    fn debug_does_not_print_it() {
        assert!(!format!("{:?}", Phrase::from("blue heron".to_owned())).contains("heron"));
    }
}
