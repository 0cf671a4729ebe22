//! The mail after an account was locked.

use askama::Template;

use super::{
    content::{Mail, with_ending},
    letterhead::Letterhead,
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
    /// What every mail shows.
    pub letterhead: Letterhead<'a>,
}

/// Renders the mail, which tells users that their account is locked, and how to have it unlocked.
#[must_use]
pub fn render_locked_mail(language: Language, mail: &LockedMail<'_>) -> Mail {
    let texts = language.texts();
    let words = &texts.locked_mail;
    let time = mail.at.map(utc::minute);
    let mark = language.direction().mark_before_value();
    let line = time.as_ref().map(|time| format!("{}{mark}{time}", texts.notice.time));
    let letterhead = mail.letterhead;
    let locked = letterhead.fill(words.locked);
    let name = letterhead.name();
    let name_line = name.as_ref().map(|name| format!("{} {name}", texts.mails.user_name));
    let mut paragraphs = vec![locked.as_str()];
    paragraphs.extend(name_line.as_deref());
    paragraphs.extend(line.as_deref());
    paragraphs.extend([words.contact, words.not_you]);
    let text = with_ending(&paragraphs, &letterhead, texts);
    let heading = words.subject;
    let html = render(&LockedMailHtml {
        language,
        texts,
        heading,
        letterhead,
        locked: &locked,
        name: name.as_deref(),
        time: time.as_deref(),
    });
    Mail { subject: letterhead.subject(heading), text, html }
}

#[derive(Template)]
#[template(path = "mail/locked_mail.html")]
struct LockedMailHtml<'a> {
    language: Language,
    texts: &'a Texts,
    heading: &'a str,
    letterhead: Letterhead<'a>,
    locked: &'a str,
    name: Option<&'a str>,
    time: Option<&'a str>,
}
