//! Chooses the language to use, from what a browser or an exchange says about its user.

use icu_locale::{
    LanguageIdentifier, LocaleExpander,
    subtags::{self, Region, Script},
};

use super::language::Language;

/// The number of language ranges to read. Browsers send a handful.
const MAX_RANGES: usize = 64;

impl Language {
    /// Returns the best language for an `Accept-Language` header (RFC 9110, section 12.5.4), or English if
    /// none fits.
    ///
    /// The ranges are tried in order of their quality, and in the order of the header where that is equal, as in the
    /// lookup of RFC 4647, section 3.4. A range that cannot be read is skipped, and so is `*`.
    #[must_use]
    pub fn negotiate(accept_language: &str) -> Self {
        let mut ranges: Vec<_> =
            accept_language.split(',').take(MAX_RANGES).filter_map(weighted_range).collect();
        ranges.sort_by(|(_, a), (_, b)| b.total_cmp(a));

        let mut not_available = Vec::new();
        for (range, _) in ranges {
            let Some(wanted) = parse(range) else { continue };
            // Chrome sends "zh-TW,zh;q=0.9" for a user who chose zh-TW only. That "zh" does not ask for another script.
            let is_bare = wanted.script.is_none() && wanted.region.is_none();
            if is_bare && not_available.contains(&wanted.language) {
                continue;
            }
            match lookup(&wanted) {
                Some(language) => return language,
                None => not_available.push(wanted.language),
            }
        }
        Self::English
    }

    /// Returns the language for a locale as exchanges write it, such as `de`, `de-AT`, `de_AT` or
    /// `de_AT.UTF-8`.
    #[must_use]
    pub fn of_locale(locale: &str) -> Option<Self> {
        parse(locale).and_then(|wanted| lookup(&wanted))
    }
}

/// Returns the language range and the quality in an element of `Accept-Language`, or `None` if it cannot be
/// read or its quality is 0, which means "not acceptable".
fn weighted_range(element: &str) -> Option<(&str, f32)> {
    let (range, quality) = match element.split_once(';') {
        Some((range, weight)) => (range, quality(weight.trim())?),
        None => (element, 1.0),
    };
    (quality > 0.0).then_some((range, quality))
}

/// Returns the quality in a weight such as `q=0.5`. A quality above 1 counts as 1.
fn quality(weight: &str) -> Option<f32> {
    let value = weight.strip_prefix(['q', 'Q'])?.strip_prefix('=')?;
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    // Excludes everything else that `f32` can parse, such as "inf", "NaN", "-1" and "1e9".
    let is_decimal =
        !whole.is_empty() && whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
    if is_decimal { value.parse::<f32>().ok().map(|quality| quality.min(1.0)) } else { None }
}

/// Parses the language, the script and the region of a locale or a language range. Other subtags are ignored.
fn parse(locale: &str) -> Option<LanguageIdentifier> {
    // POSIX adds an encoding and a modifier: "de_AT.UTF-8@euro".
    let tag = locale.trim().split(['.', '@']).next()?;
    let mut subtags = tag.split(['-', '_']);
    let mut id = LanguageIdentifier::from(subtags.next()?.parse::<subtags::Language>().ok()?);
    // A subtag of one character begins an extension, which may contain what looks like a region.
    for subtag in subtags.take_while(|subtag| subtag.len() > 1) {
        if id.script.is_none() && id.region.is_none() && subtag.len() == 4 {
            id.script = subtag.parse::<Script>().ok();
        } else if id.region.is_none() {
            id.region = subtag.parse::<Region>().ok();
        }
    }
    Some(id)
}

/// Returns our language for a reader of `wanted`: the same language in the same script and, if possible, for
/// the same region.
///
/// The likely script of a language in a region comes from the CLDR: traditional Chinese for `zh-TW`.
fn lookup(wanted: &LanguageIdentifier) -> Option<Language> {
    let wanted = maximized(wanted.clone());
    let mut readable = None;
    for language in Language::ALL {
        let Some(ours) = parse(language.tag()).filter(|ours| ours.language == wanted.language) else {
            continue;
        };
        let ours = maximized(ours);
        if ours.script != wanted.script {
            continue;
        }
        if ours.region == wanted.region {
            return Some(language);
        }
        readable.get_or_insert(language);
    }
    readable
}

/// Adds the likely script and region (UTS #35, "Likely Subtags").
fn maximized(mut id: LanguageIdentifier) -> LanguageIdentifier {
    LocaleExpander::new_common().maximize(&mut id);
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_negotiated(cases: &[(&str, Language)]) {
        for (header, language) in cases {
            assert_eq!(Language::negotiate(header), *language, "{header:?}");
        }
    }

    fn with_tag(tag: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|language| language.tag() == tag)
    }

    fn traditional_chinese() -> Option<Language> {
        with_tag("zh-Hant").or_else(|| with_tag("zh-TW"))
    }

    #[test]
    fn the_highest_quality_wins() {
        assert_negotiated(&[
            ("de", Language::German),
            ("DE-at", Language::German),
            ("en;q=0.5, fr;q=0.9, ja;q=0.1", Language::French),
            ("tlh, ar;q=0.7, en;q=0.3", Language::Arabic),
            ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", Language::Korean),
            ("ru;q=0.001", Language::Russian),
        ]);
    }

    #[test]
    fn the_order_of_the_header_breaks_ties() {
        assert_negotiated(&[
            ("tr, ru", Language::Turkish),
            ("ru, tr", Language::Russian),
            ("ja;q=0.5, es;q=0.5, en;q=0.5", Language::Japanese),
            ("xx, tr;q=1.0, ru", Language::Turkish),
        ]);
    }

    #[test]
    fn english_is_used_if_nothing_else_fits() {
        for header in ["", " ", "*", "xx, yy;q=0.5", "*;q=0.5, tlh", "und-Xxxx", "i-klingon", "x-de"] {
            assert_eq!(Language::negotiate(header), Language::English, "{header:?}");
        }
    }

    #[test]
    fn a_wildcard_does_not_override_a_language() {
        assert_negotiated(&[("*, fr;q=0.5", Language::French), ("fr;q=0.5, *;q=0.8", Language::French)]);
    }

    #[test]
    fn a_quality_is_read_strictly_and_clamped() {
        assert_negotiated(&[
            ("fr;q=0.9, ja;q=5", Language::Japanese),
            ("fr, ja;q=5", Language::French),
            ("fr;q=0.9, ja;q=1.", Language::Japanese),
            ("fr;Q=0.2 , ja ; q=0.1", Language::French),
            ("es;q=0, fr;q=0.1", Language::French),
            ("es;q=0.000, fr;q=0.1", Language::French),
        ]);
        let digits = "9".repeat(1000);
        for malformed in [
            "",
            "q",
            "q=",
            "q=.",
            "q=.5",
            "q=-1",
            "q=+1",
            "q=1e1",
            "q=inf",
            "q=NaN",
            "q=0.5.5",
            "q=0,5",
            "q= 1",
            "q =1",
            "q=\u{0661}",
            "q=1;q=1",
            "level=1",
            "q=nonsense",
        ] {
            assert_eq!(Language::negotiate(&format!("ja;{malformed}")), Language::English, "{malformed}");
        }
        assert_eq!(Language::negotiate(&format!("fr;q=0.9, ja;q={digits}")), Language::Japanese);
    }

    #[test]
    fn a_reader_of_another_script_gets_another_language() {
        // English, unless we have the language in traditional characters.
        let traditional = traditional_chinese().unwrap_or(Language::English);
        assert_negotiated(&[
            ("zh", Language::SimplifiedChinese),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::SimplifiedChinese),
            ("zh-SG", Language::SimplifiedChinese),
            ("zh-Hans-TW", Language::SimplifiedChinese),
            ("zh-Hant", traditional),
            ("zh-Hant-CN", traditional),
            ("zh-TW", traditional),
            ("zh-HK", traditional),
            ("zh-MO", traditional),
            ("zh-yue-HK", traditional),
            ("zh-TW, ja;q=0.5", traditional_chinese().unwrap_or(Language::Japanese)),
            ("zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7", traditional),
            (
                "zh-TW,zh;q=0.9,zh-CN;q=0.8,en;q=0.7",
                traditional_chinese().unwrap_or(Language::SimplifiedChinese),
            ),
            ("ja-Latn", Language::English),
            ("ru-Latn", Language::English),
        ]);
    }

    #[test]
    fn another_region_is_better_than_another_language() {
        let european = with_tag("pt-PT").unwrap_or(Language::BrazilianPortuguese);
        assert_negotiated(&[
            ("pt-PT,en;q=0.9", european),
            ("pt-PT, pt;q=0.9, en;q=0.8", european),
            ("pt", Language::BrazilianPortuguese),
            ("es-419", Language::Spanish),
            ("fr-CA", Language::French),
            ("de-CH-1996", Language::German),
            ("de-DE-u-co-phonebk", Language::German),
            ("ar-EG", Language::Arabic),
        ]);
    }

    #[test]
    fn hostile_headers_are_harmless() {
        let megabyte = 1 << 20;
        for header in [
            ",".repeat(megabyte),
            ";".repeat(megabyte),
            "-".repeat(megabyte),
            "a".repeat(megabyte),
            "ja-Latn,".repeat(megabyte / 8),
            format!("de-{}", "x-".repeat(megabyte / 2)),
            format!("ja;q={}", "0".repeat(megabyte)),
            format!("ja;q=0.{}x", "1".repeat(megabyte)),
            format!("{}ja", "xx,".repeat(MAX_RANGES)),
            "\u{0}\u{feff}\u{202e}".repeat(1000),
        ] {
            let expected = if header.starts_with("de-") { Language::German } else { Language::English };
            assert_eq!(Language::negotiate(&header), expected, "{:?}…", header.get(..20));
        }
        assert_negotiated(&[
            (",,, ,de,,", Language::German),
            (";q=1,-,--,_,;,;;, ja", Language::Japanese),
            ("de--AT", Language::German),
            ("de-", Language::German),
            ("-de", Language::English),
        ]);
    }

    #[test]
    fn locales_are_read_as_exchanges_write_them() {
        for (locale, language) in [
            ("de", Some(Language::German)),
            ("de-AT", Some(Language::German)),
            ("de_AT", Some(Language::German)),
            (" DE_at ", Some(Language::German)),
            ("de_AT.UTF-8", Some(Language::German)),
            ("de_AT@euro", Some(Language::German)),
            ("pt", Some(Language::BrazilianPortuguese)),
            ("ko_KR", Some(Language::Korean)),
            ("tr", Some(Language::Turkish)),
            ("zh_CN", Some(Language::SimplifiedChinese)),
            ("zh_Hans_HK", Some(Language::SimplifiedChinese)),
            ("zh_TW", traditional_chinese()),
            ("zh_TW.UTF-8", traditional_chinese()),
            ("zh-hant", traditional_chinese()),
            ("", None),
            ("tlh", None),
            ("C", None),
            ("*", None),
        ] {
            assert_eq!(Language::of_locale(locale), language, "{locale}");
        }
    }

    #[test]
    fn every_tag_leads_to_its_language() {
        for language in Language::ALL {
            assert_eq!(Language::of_locale(language.tag()), Some(language));
            assert_eq!(Language::negotiate(language.tag()), language);
        }
    }
}
