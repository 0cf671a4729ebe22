//! The reset mail: the mail with the link.

use askama::Template;

use super::{
    content::{Mail, with_ending},
    duration,
    letterhead::Letterhead,
};
use crate::{
    languages::{Language, Texts},
    template::render,
};

/// The contents of the reset mail. It contains the code, so it has no `Debug`.
#[derive(Clone, Copy)]
pub struct ResetMail<'a> {
    /// The complete link.
    pub link: &'a str,
    /// The code in the link, to paste into the page.
    pub code: &'a str,
    /// The user ID in the link. Without JavaScript, the page cannot read the link and asks for this as well.
    pub user_id: &'a str,
    /// How long the code is valid, in minutes.
    pub lifetime_minutes: u64,
    /// What every mail shows.
    pub letterhead: Letterhead<'a>,
}

/// Renders the reset mail.
///
/// The code comes late in the text, because a locked phone shows the beginning of a mail.
#[must_use]
pub fn render_reset_mail(language: Language, mail: &ResetMail<'_>) -> Mail {
    let texts = language.texts();
    let words = &texts.reset_mail;
    let ResetMail { link, code, user_id, lifetime_minutes, letterhead } = *mail;
    let requested = letterhead.fill(words.requested);
    let name = letterhead.name();
    let name_line = name.as_ref().map(|name| format!("{} {name}", texts.mails.user_name));
    let user_id_line = format!("{} {user_id}", words.user_id);
    let lifetime = words.lifetime.replace("{}", &duration::in_words(language, lifetime_minutes));
    let mut paragraphs = vec![requested.as_str(), link];
    paragraphs.extend(name_line.as_deref());
    paragraphs.extend([words.paste_code, code, &user_id_line, &lifetime, words.use_newest, words.not_you]);
    let text = with_ending(&paragraphs, &letterhead, texts);
    let heading = words.subject;
    let button = words.button;
    let html = render(&ResetMailHtml {
        language,
        texts,
        heading,
        letterhead,
        requested: &requested,
        name: name.as_deref(),
        link,
        button,
        code,
        user_id,
        lifetime: &lifetime,
    });
    Mail { subject: letterhead.subject(heading), text, html }
}

#[derive(Template)]
#[template(path = "mail/reset_mail.html")]
struct ResetMailHtml<'a> {
    language: Language,
    texts: &'a Texts,
    heading: &'a str,
    letterhead: Letterhead<'a>,
    requested: &'a str,
    name: Option<&'a str>,
    link: &'a str,
    button: &'a str,
    code: &'a str,
    user_id: &'a str,
    lifetime: &'a str,
}
