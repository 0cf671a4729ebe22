//! Durations in words.

use crate::languages::Language;

/// Returns a number of minutes in words, as hours if they are whole.
pub(super) fn in_words(language: Language, minutes: u64) -> String {
    let texts = &language.texts().mails;
    if minutes > 0 && minutes.is_multiple_of(60) {
        language.count(minutes / 60, &texts.hours)
    } else {
        language.count(minutes, &texts.minutes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_hours_are_given_in_hours() {
        for (minutes, words) in [
            (0, "0 minutes"),
            (1, "1 minute"),
            (30, "30 minutes"),
            (60, "1 hour"),
            (90, "90 minutes"),
            (120, "2 hours"),
            (1440, "24 hours"),
        ] {
            assert_eq!(in_words(Language::English, minutes), words);
        }
    }
}
