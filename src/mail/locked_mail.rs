//! The mail after an account was locked.

use askama::Template;

use super::{
    content::{Mail, with_ending},
    phrase::Phrase,
};
use crate::{
    languages::{Language, Texts},
    template::render,
    unix_millis::UnixMillis,
    utc,
};

/// The contents of the mail.
#[derive(Debug, Clone, Copy)]
pub struct LockedMail<'a> {
    /// When the account was locked.
    pub at: Option<UnixMillis>,
    /// The user's anti-phishing phrase.
    pub phrase: Option<&'a Phrase>,
}

/// Renders the mail, which tells users that their account is locked, and how to have it unlocked.
#[must_use]
pub fn render_locked_mail(language: Language, mail: &LockedMail<'_>) -> Mail {
    let texts = language.texts();
    let words = &texts.locked_mail;
    let time = mail.at.map(utc::minute);
    let mark = language.direction().mark_before_value();
    let line = time.as_ref().map(|time| format!("{}{mark}{time}", texts.notice.time));
    let mut paragraphs = vec![words.locked];
    paragraphs.extend(line.as_deref());
    paragraphs.extend([words.contact, words.not_you]);
    let text = with_ending(&paragraphs, mail.phrase, texts);
    let heading = words.subject;
    let html = render(&LockedMailHtml {
        language,
        texts,
        heading,
        time: time.as_deref(),
        phrase: mail.phrase.and_then(Phrase::shown),
    });
    Mail { subject: heading.to_owned(), text, html }
}

#[derive(Template)]
#[template(path = "mail/locked_mail.html")]
struct LockedMailHtml<'a> {
    language: Language,
    texts: &'a Texts,
    heading: &'a str,
    time: Option<&'a str>,
    phrase: Option<&'a str>,
}
