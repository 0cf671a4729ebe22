//! Numbers of minutes and hours in words.

use super::texts::Texts;

/// A noun with its number, `{}`, in the forms that the number asks for: of the CLDR's plural categories those in which
/// our languages differ (<https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html>).
pub(super) struct Plural {
    one: &'static str,
    two: &'static str,
    few: &'static str,
    other: &'static str,
}

impl Plural {
    /// The noun of a language that has one form, as Japanese has.
    pub(super) const fn always(other: &'static str) -> Self {
        Self::one_other(other, other)
    }

    /// The noun of a language that tells one from more, as English does.
    pub(super) const fn one_other(one: &'static str, other: &'static str) -> Self {
        Self { one, two: other, few: other, other }
    }

    /// An Arabic noun. Its `many` (11 to 99) is written like its `other`.
    pub(super) const fn arabic(
        one: &'static str,
        two: &'static str,
        few: &'static str,
        other: &'static str,
    ) -> Self {
        Self { one, two, few, other }
    }

    fn of(&self, number: u64) -> String {
        let form = match (number, number % 100) {
            (1, _) => self.one,
            (2, _) => self.two,
            (_, 3..=10) => self.few,
            _ => self.other,
        };
        form.replace("{}", &number.to_string())
    }
}

/// So many minutes, or hours where they are whole.
pub(super) fn minutes_in_words(texts: &Texts, minutes: u64) -> String {
    if minutes > 0 && minutes.is_multiple_of(60) {
        texts.hours.of(minutes / 60)
    } else {
        texts.minutes.of(minutes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn every_language_counts_as_its_speakers_do() {
        let minutes = [1, 2, 5, 11, 30, 60, 90, 103, 120, 180, 1440];
        let words = [
            (
                Language::English,
                "1 minute, 2 minutes, 5 minutes, 11 minutes, 30 minutes, 1 hour, 90 minutes, 103 minutes, 2 hours, 3 hours, 24 hours",
            ),
            (
                Language::German,
                "1 Minute, 2 Minuten, 5 Minuten, 11 Minuten, 30 Minuten, 1 Stunde, 90 Minuten, 103 Minuten, 2 Stunden, 3 Stunden, 24 Stunden",
            ),
            (
                Language::French,
                "1 minute, 2 minutes, 5 minutes, 11 minutes, 30 minutes, 1 heure, 90 minutes, 103 minutes, 2 heures, 3 heures, 24 heures",
            ),
            (
                Language::Spanish,
                "1 minuto, 2 minutos, 5 minutos, 11 minutos, 30 minutos, 1 hora, 90 minutos, 103 minutos, 2 horas, 3 horas, 24 horas",
            ),
            (
                Language::BrazilianPortuguese,
                "1 minuto, 2 minutos, 5 minutos, 11 minutos, 30 minutos, 1 hora, 90 minutos, 103 minutos, 2 horas, 3 horas, 24 horas",
            ),
            (
                Language::Japanese,
                "1分間, 2分間, 5分間, 11分間, 30分間, 1時間, 90分間, 103分間, 2時間, 3時間, 24時間",
            ),
            (
                Language::SimplifiedChinese,
                "1 分钟, 2 分钟, 5 分钟, 11 分钟, 30 分钟, 1 小时, 90 分钟, 103 分钟, 2 小时, 3 小时, 24 小时",
            ),
            (
                Language::Arabic,
                "دقيقة واحدة, دقيقتين, 5 دقائق, 11 دقيقة, 30 دقيقة, ساعة واحدة, 90 دقيقة, 103 دقائق, ساعتين, 3 ساعات, 24 ساعة",
            ),
        ];
        assert_eq!(words.map(|(language, _)| language), Language::ALL);
        for (language, words) in words {
            let texts = Texts::of(language);
            assert_eq!(minutes.map(|minutes| minutes_in_words(texts, minutes)).join(", "), words);
        }
    }
}
