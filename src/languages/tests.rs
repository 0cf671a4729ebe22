//! The requirements that every language meets.

use std::collections::{BTreeMap, BTreeSet};

use icu_locale::{LanguageIdentifier, LocaleDirectionality};
use icu_plurals::PluralCategory;
use serde_json::Value;

use super::{
    language::Language,
    plural::{self, Plural},
};

/// The texts of a language by their paths, such as `reset_mail.subject`. Plural forms that are not given are left out.
fn texts(language: Language) -> BTreeMap<String, String> {
    fn collect(path: &str, value: &Value, texts: &mut BTreeMap<String, String>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    collect(&format!("{path}.{name}"), value, texts);
                }
            }
            Value::String(text) => assert!(texts.insert(path.to_owned(), text.clone()).is_none(), "{path}"),
            Value::Null => {}
            other => panic!("{path} is not a text: {other}"),
        }
    }
    let mut texts = BTreeMap::new();
    collect("", &serde_json::to_value(language.texts()).unwrap(), &mut texts);
    texts
}

fn is_plural_form(path: &str) -> bool {
    path.starts_with(".mails.minutes.") || path.starts_with(".mails.hours.")
}

fn nouns(language: Language) -> [&'static Plural; 2] {
    let mails = &language.texts().mails;
    [&mails.minutes, &mails.hours]
}

#[test]
fn english_is_the_language_to_fall_back_on() {
    assert_eq!(Language::ALL[0], Language::English);
}

#[test]
fn a_tag_is_canonical_and_belongs_to_one_language() {
    let mut tags = BTreeSet::new();
    for language in Language::ALL {
        assert_eq!(LanguageIdentifier::normalize(language.tag()).unwrap(), language.tag());
        assert!(tags.insert(language.tag()), "{}", language.tag());
    }
}

#[test]
fn the_direction_is_the_one_in_the_cldr() {
    let directions = LocaleDirectionality::new_common();
    for language in Language::ALL {
        let is_right_to_left = directions.is_right_to_left(&language.tag().parse().unwrap());
        assert_eq!(language.direction().to_string(), if is_right_to_left { "rtl" } else { "ltr" });
    }
}

#[test]
fn the_queue_holds_languages_by_name() {
    for language in Language::ALL {
        let json = format!("\"{language:?}\"");
        assert_eq!(serde_json::to_string(&language).unwrap(), json);
        assert_eq!(serde_json::from_str::<Language>(&json).unwrap(), language);
    }
    // The names that the first version wrote.
    for name in [
        "English",
        "German",
        "French",
        "Spanish",
        "BrazilianPortuguese",
        "Japanese",
        "SimplifiedChinese",
        "Arabic",
    ] {
        assert!(serde_json::from_value::<Language>(name.into()).is_ok(), "{name}");
    }
}

#[test]
fn no_text_is_empty_or_has_stray_characters() {
    for language in Language::ALL {
        for (path, text) in texts(language) {
            let label = text.strip_suffix(' ').unwrap_or(&text);
            assert!(!label.is_empty() && label.trim() == label, "{language:?}{path}: {text:?}");
            let rest = text.replacen("{}", "", 1);
            assert!(!rest.contains(['{', '}', '<', '>', '\n']), "{language:?}{path}: {text:?}");
            assert!(!text.contains("  ") && !text.contains("TODO"), "{language:?}{path}: {text:?}");
        }
    }
}

#[test]
fn placeholders_are_where_english_has_them() {
    let english = texts(Language::English);
    assert!(english[".choose_password.rejected.password_too_short"].contains("{}"));
    for language in Language::ALL {
        for (path, text) in texts(language) {
            if !is_plural_form(&path) {
                assert_eq!(text.contains("{}"), english[&path].contains("{}"), "{language:?}{path}: {text}");
            }
        }
    }
}

#[test]
fn no_sentence_is_left_in_english() {
    let english = texts(Language::English);
    for language in Language::ALL.into_iter().filter(|language| *language != Language::English) {
        for (path, text) in texts(language) {
            let is_sentence = text.len() > 20 && !is_plural_form(&path);
            assert!(!is_sentence || text != english[&path], "{language:?}{path}: {text}");
        }
    }
}

#[test]
fn a_noun_has_the_plural_forms_that_the_cldr_asks_for() {
    for language in Language::ALL {
        let mut numbers: BTreeMap<_, Vec<u64>> = BTreeMap::new();
        for number in 0..=1000 {
            numbers.entry(plural::category(language.tag(), number).unwrap()).or_default().push(number);
        }
        for noun in nouns(language) {
            for category in PluralCategory::all() {
                let form = noun.form(category);
                let numbers = numbers.get(&category).map_or(&[][..], Vec::as_slice);
                let is_needed = !numbers.is_empty() || category == PluralCategory::Other;
                assert_eq!(form.is_some(), is_needed, "{language:?} {category:?}: {noun:?}");
                let names_its_number = form.is_none_or(|form| form.contains("{}")) || numbers.len() == 1;
                assert!(names_its_number, "{language:?} {category:?} stands for {numbers:?}: {noun:?}");
            }
        }
    }
}

/// Examples. Any further language is covered by the test above.
#[test]
fn plural_forms_match_the_cldr() {
    let minutes = [0, 1, 2, 5, 11, 21, 30, 100, 103];
    let hours = [1, 2, 3, 5, 21, 24];
    let words = [
        (
            Language::English,
            "0 minutes, 1 minute, 2 minutes, 5 minutes, 11 minutes, 21 minutes, 30 minutes, 100 minutes, 103 minutes",
            "1 hour, 2 hours, 3 hours, 5 hours, 21 hours, 24 hours",
        ),
        (
            Language::Arabic,
            "0 دقيقة, دقيقة واحدة, دقيقتين, 5 دقائق, 11 دقيقة, 21 دقيقة, 30 دقيقة, 100 دقيقة, 103 دقائق",
            "ساعة واحدة, ساعتين, 3 ساعات, 5 ساعات, 21 ساعة, 24 ساعة",
        ),
        (
            Language::BrazilianPortuguese,
            "0 minuto, 1 minuto, 2 minutos, 5 minutos, 11 minutos, 21 minutos, 30 minutos, 100 minutos, 103 minutos",
            "1 hora, 2 horas, 3 horas, 5 horas, 21 horas, 24 horas",
        ),
        (
            Language::French,
            "0 minute, 1 minute, 2 minutes, 5 minutes, 11 minutes, 21 minutes, 30 minutes, 100 minutes, 103 minutes",
            "1 heure, 2 heures, 3 heures, 5 heures, 21 heures, 24 heures",
        ),
        (
            Language::German,
            "0 Minuten, 1 Minute, 2 Minuten, 5 Minuten, 11 Minuten, 21 Minuten, 30 Minuten, 100 Minuten, 103 Minuten",
            "1 Stunde, 2 Stunden, 3 Stunden, 5 Stunden, 21 Stunden, 24 Stunden",
        ),
        (
            Language::Japanese,
            "0分間, 1分間, 2分間, 5分間, 11分間, 21分間, 30分間, 100分間, 103分間",
            "1時間, 2時間, 3時間, 5時間, 21時間, 24時間",
        ),
        (
            Language::Korean,
            "0분, 1분, 2분, 5분, 11분, 21분, 30분, 100분, 103분",
            "1시간, 2시간, 3시간, 5시간, 21시간, 24시간",
        ),
        (
            Language::Russian,
            "0 минут, 1 минута, 2 минуты, 5 минут, 11 минут, 21 минута, 30 минут, 100 минут, 103 минуты",
            "1 час, 2 часа, 3 часа, 5 часов, 21 час, 24 часа",
        ),
        (
            Language::SimplifiedChinese,
            "0 分钟, 1 分钟, 2 分钟, 5 分钟, 11 分钟, 21 分钟, 30 分钟, 100 分钟, 103 分钟",
            "1 小时, 2 小时, 3 小时, 5 小时, 21 小时, 24 小时",
        ),
        (
            Language::Spanish,
            "0 minutos, 1 minuto, 2 minutos, 5 minutos, 11 minutos, 21 minutos, 30 minutos, 100 minutos, 103 minutos",
            "1 hora, 2 horas, 3 horas, 5 horas, 21 horas, 24 horas",
        ),
        (
            Language::Turkish,
            "0 dakika, 1 dakika, 2 dakika, 5 dakika, 11 dakika, 21 dakika, 30 dakika, 100 dakika, 103 dakika",
            "1 saat, 2 saat, 3 saat, 5 saat, 21 saat, 24 saat",
        ),
    ];
    for (language, minutes_in_words, hours_in_words) in words {
        let [minute, hour] = nouns(language);
        assert_eq!(minutes.map(|number| language.count(number, minute)).join(", "), minutes_in_words);
        assert_eq!(hours.map(|number| language.count(number, hour)).join(", "), hours_in_words);
    }
}
