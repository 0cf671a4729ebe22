//! The languages that pages and mails speak.

use serde::{Deserialize, Serialize};

/// A language. Each has all texts: they are fields, and a missing one does not compile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Language {
    English,
    German,
    French,
    Spanish,
    BrazilianPortuguese,
    Japanese,
    SimplifiedChinese,
    Arabic,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::English,
        Self::German,
        Self::French,
        Self::Spanish,
        Self::BrazilianPortuguese,
        Self::Japanese,
        Self::SimplifiedChinese,
        Self::Arabic,
    ];

    /// The tag for `lang` in HTML and for `Content-Language` (BCP 47).
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::BrazilianPortuguese => "pt-BR",
            Self::Japanese => "ja",
            Self::SimplifiedChinese => "zh-Hans",
            Self::Arabic => "ar",
        }
    }

    /// The direction of writing, for `dir` in HTML.
    #[must_use]
    pub const fn direction(self) -> &'static str {
        match self {
            Self::Arabic => "rtl",
            _ => "ltr",
        }
    }

    /// The language of a locale such as `de`, `de-AT` or `de_AT`, by its first part.
    #[must_use]
    pub fn of_locale(locale: &str) -> Option<Self> {
        let language = locale.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|known| {
            let known = known.tag().split('-').next().unwrap_or_default();
            known.eq_ignore_ascii_case(language)
        })
    }

    /// What a browser's `Accept-Language` (RFC 9110, section 12.5.4) likes best of what there is; else English.
    #[must_use]
    pub fn accepted(accept_language: &str) -> Self {
        let mut best = (0.0, Self::English);
        for range in accept_language.split(',') {
            let mut parts = range.split(';');
            let language = parts.next().and_then(Self::of_locale);
            let quality = parts
                .find_map(|parameter| parameter.trim().strip_prefix("q="))
                .map_or(1.0, |quality| quality.trim().parse::<f32>().unwrap_or(0.0));
            if let Some(language) = language
                && quality > best.0
            {
                best = (quality, language);
            }
        }
        best.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_that_is_liked_best() {
        let headers = [
            ("", Language::English),
            ("*", Language::English),
            ("xx, yy;q=0.5", Language::English),
            ("de-AT", Language::German),
            ("DE", Language::German),
            ("pt", Language::BrazilianPortuguese),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::SimplifiedChinese),
            ("en;q=0.5, fr;q=0.9, ja;q=0.1", Language::French),
            ("sv, ar;q=0.7, en;q=0.3", Language::Arabic),
            ("es;q=0, en;q=0.1", Language::English),
            ("ja;q=nonsense", Language::English),
        ];
        for (header, language) in headers {
            assert_eq!(Language::accepted(header), language, "{header}");
        }
    }

    #[test]
    fn locales_as_exchanges_write_them() {
        for (locale, language) in [
            ("de_AT", Some(Language::German)),
            ("pt-BR", Some(Language::BrazilianPortuguese)),
            ("", None),
            ("tlh", None),
        ] {
            assert_eq!(Language::of_locale(locale), language, "{locale}");
        }
    }
}
