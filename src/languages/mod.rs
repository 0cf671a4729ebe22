//! The languages of pages and mails.
//!
//! Each language is one file that holds all of its texts, and one line in `registry.rs`. To add a language, copy
//! `english.rs`, translate it, and add that line. A missing text does not compile, and the tests of this module check the
//! rest: the plural forms and the direction against the CLDR, and the placeholders against English.

#[macro_use]
mod registry;

mod direction;
mod language;
mod negotiation;
mod plural;
#[cfg(test)]
mod tests;
mod texts;

for_each_language!(modules);

pub use self::{
    direction::Direction,
    language::Language,
    plural::Plural,
    texts::{
        ChoosePasswordTexts, LockAccountTexts, LockedMailTexts, MailTexts, NoticeTexts, PageTexts,
        RequestLinkTexts, ResetMailTexts, Texts, with_number,
    },
};
