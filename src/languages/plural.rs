//! Nouns that agree with a number.

use icu_locale::Locale;
use icu_plurals::{PluralCategory, PluralRules};

/// A noun with its number, `{}`, in the plural forms of its language.
///
/// A language file gives one form for each plural category that its language has for whole numbers
/// (<https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html>). A test checks that none is
/// missing. Which number takes which form comes from the CLDR.
#[derive(Debug, Clone, Copy)]
#[cfg_attr(test, derive(serde::Serialize))]
pub struct Plural {
    zero: Option<&'static str>,
    one: Option<&'static str>,
    two: Option<&'static str>,
    few: Option<&'static str>,
    many: Option<&'static str>,
    other: &'static str,
}

impl Plural {
    /// Creates a noun with one form, which is also the form of every category that is not given.
    pub(super) const fn other(other: &'static str) -> Self {
        Self { zero: None, one: None, two: None, few: None, many: None, other }
    }

    pub(super) const fn zero(self, form: &'static str) -> Self {
        Self { zero: Some(form), ..self }
    }

    pub(super) const fn one(self, form: &'static str) -> Self {
        Self { one: Some(form), ..self }
    }

    pub(super) const fn two(self, form: &'static str) -> Self {
        Self { two: Some(form), ..self }
    }

    pub(super) const fn few(self, form: &'static str) -> Self {
        Self { few: Some(form), ..self }
    }

    pub(super) const fn many(self, form: &'static str) -> Self {
        Self { many: Some(form), ..self }
    }

    /// Returns the form of a category, if it is given.
    pub(super) const fn form(&self, category: PluralCategory) -> Option<&'static str> {
        match category {
            PluralCategory::Zero => self.zero,
            PluralCategory::One => self.one,
            PluralCategory::Two => self.two,
            PluralCategory::Few => self.few,
            PluralCategory::Many => self.many,
            PluralCategory::Other => Some(self.other),
        }
    }

    /// Returns the number and the noun, by the rules of the language with this tag.
    pub(super) fn with_number(&self, tag: &str, number: u64) -> String {
        let form = category(tag, number).and_then(|category| self.form(category)).unwrap_or(self.other);
        form.replace("{}", &number.to_string())
    }
}

/// Returns the plural category of a number, or `None` if the tag is not a language tag.
pub(super) fn category(tag: &str, number: u64) -> Option<PluralCategory> {
    let locale: Locale = tag.parse().ok()?;
    let rules = PluralRules::try_new_cardinal(locale.into()).ok()?;
    Some(rules.category_for(number))
}
