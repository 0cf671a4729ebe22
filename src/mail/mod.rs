//! What the e-mails say: the one with the link, and the one after a reset, each as text and as HTML.
//!
//! The words are in [`languages`](crate::languages), the HTML is in the templates beside this file. The e-mails contain no
//! images, load nothing, and link only to the address they are given. This module knows neither the sender nor the
//! recipient.

use std::fmt;

use askama::Template;

use crate::{
    device::DeviceFamily,
    languages::{Language, Texts},
    unix_millis::UnixMillis,
};

mod duration;
#[cfg(test)]
mod tests;
mod utc_minute;

/// An e-mail without its addresses. Its `Debug` omits the bodies, which may contain a code.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The subject, on one line.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The body as an HTML document.
    pub html: String,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// The contents of the e-mail with the link. It contains the code and has no `Debug`.
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
}

/// The contents of the e-mail after a reset.
#[derive(Debug, Clone, Copy)]
pub struct ChangedMail<'a> {
    /// When the password was changed.
    pub at: UnixMillis,
    /// The country of the client, as Cloudflare reports it: an ISO 3166-1 code, `T1` for Tor, or `XX` if unknown
    /// (<https://developers.cloudflare.com/fundamentals/reference/http-headers/#cf-ipcountry>).
    pub country: Option<&'a str>,
    /// The kind of device that the client runs on.
    pub device: DeviceFamily,
    /// The page that asks for a reset e-mail.
    pub forgot_password_url: &'a str,
}

/// The e-mail that lets its reader choose a new password.
///
/// The code comes late in the text, because a locked phone shows how an e-mail begins.
#[must_use]
pub fn reset_password(language: Language, mail: &ResetMail<'_>) -> Mail {
    let texts = language.texts();
    let words = &texts.reset_mail;
    let ResetMail { link, code, user_id, lifetime_minutes } = *mail;
    let user_id_line = format!("{} {user_id}", words.user_id);
    let lifetime = words.lifetime.replace("{}", &duration::in_words(language, lifetime_minutes));
    let text = paragraphs(&[
        words.requested,
        link,
        words.paste_code,
        code,
        &user_id_line,
        &lifetime,
        words.use_newest,
        words.not_you,
        texts.mails.never_ask,
    ]);
    let heading = words.subject;
    let button = words.button;
    let html = render(&ResetPasswordHtml {
        language,
        texts,
        heading,
        link,
        button,
        code,
        user_id,
        lifetime: &lifetime,
    });
    Mail { subject: heading.to_owned(), text, html }
}

/// The e-mail that tells users that their password was changed, no matter by whom.
#[must_use]
pub fn password_changed(language: Language, mail: &ChangedMail<'_>) -> Mail {
    let texts = language.texts();
    let words = &texts.changed_mail;
    let ChangedMail { at, country, device, forgot_password_url: link } = *mail;
    let time = utc_minute::format(at);
    let country = match country {
        None | Some("XX") => words.unknown,
        Some("T1") => "Tor",
        Some(code) => code,
    };
    let device = device.name().unwrap_or(words.unknown);
    let details = [(words.time, time.as_str()), (words.country, country), (words.device, device)];
    let mark = language.direction().mark_before_value();
    let lines = details.map(|(label, value)| format!("{label}{mark}{value}")).join("\n");
    let text =
        paragraphs(&[words.changed, &lines, words.by_you, words.not_by_you, link, texts.mails.never_ask]);
    let heading = words.subject;
    let button = words.button;
    let html = render(&PasswordChangedHtml { language, texts, heading, link, button, details });
    Mail { subject: heading.to_owned(), text, html }
}

#[derive(Template)]
#[template(path = "mail/reset_password.html")]
struct ResetPasswordHtml<'a> {
    language: Language,
    texts: &'a Texts,
    heading: &'a str,
    link: &'a str,
    button: &'a str,
    code: &'a str,
    user_id: &'a str,
    lifetime: &'a str,
}

#[derive(Template)]
#[template(path = "mail/password_changed.html")]
struct PasswordChangedHtml<'a> {
    language: Language,
    texts: &'a Texts,
    heading: &'a str,
    link: &'a str,
    button: &'a str,
    details: [(&'a str, &'a str); 3],
}

fn paragraphs(paragraphs: &[&str]) -> String {
    paragraphs.join("\n\n") + "\n"
}

#[expect(
    clippy::expect_used,
    reason = "writing to a String does not fail, and the templates only print strings and plain values"
)]
fn render(template: &impl Template) -> String {
    template.render().expect("the template renders")
}
