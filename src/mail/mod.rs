//! What the e-mails say: the one with the link, and the one after the reset, each in every [`Language`], as text and as
//! HTML. The words are in `texts.rs`, the HTML is in the templates beside this file.
//!
//! A mail has no image, nothing that is fetched, and no address but the one it was given. Who sends it and to whom is
//! not known here.

use std::fmt;

use askama::Template;

pub use self::device_family::DeviceFamily;
use self::texts::Texts;
use crate::{language::Language, unix_millis::UnixMillis};

mod device_family;
mod plural;
#[cfg(test)]
mod tests;
mod texts;
mod utc_minute;

/// A mail without its addresses. Its `Debug` keeps the bodies to itself: they may hold a code.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The subject, one line.
    pub subject: String,
    /// The body for a client that shows text only.
    pub text: String,
    /// The body as an HTML document.
    pub html: String,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// What the mail with the link tells. It holds the code, and has no `Debug`.
#[derive(Clone, Copy)]
pub struct ResetMail<'a> {
    /// The complete link.
    pub link: &'a str,
    /// The code in the link, for pasting into the page.
    pub code: &'a str,
    /// The user's id in the link, which the page asks for as well where it has no JavaScript to read the link.
    pub user_id: &'a str,
    /// For how many minutes from now on the code is good.
    pub lifetime_minutes: u64,
}

/// What the mail after a reset tells.
#[derive(Debug, Clone, Copy)]
pub struct ChangedMail<'a> {
    /// When the password was changed.
    pub at: UnixMillis,
    /// The country from which, as Cloudflare tells it: an ISO 3166-1 code, `T1` for Tor, or `XX` where it does not know
    /// (<https://developers.cloudflare.com/fundamentals/reference/http-headers/#cf-ipcountry>).
    pub country: Option<&'a str>,
    /// The kind of device that changed it.
    pub device: DeviceFamily,
    /// Where to ask for a new password.
    pub forgot_password_url: &'a str,
}

/// The mail that lets somebody choose a new password.
///
/// It has the code late: what a phone shows of a mail while it is locked is the beginning.
#[must_use]
pub fn reset_password(language: Language, request: &ResetMail<'_>) -> Mail {
    let texts = Texts::of(language);
    let ResetMail { link, code, user_id, lifetime_minutes } = *request;
    let user_id_line = format!("{} {user_id}", texts.user_id);
    let lifetime = texts.reset_lifetime.replace("{}", &plural::minutes_in_words(texts, lifetime_minutes));
    let text = [
        texts.reset_asked,
        link,
        texts.paste_code,
        code,
        &user_id_line,
        &lifetime,
        texts.reset_not_you,
        texts.never_asked,
    ];
    let text = paragraphs(&text);
    let heading = texts.reset_subject;
    let button = texts.reset_button;
    let html = rendered(&ResetPasswordHtml {
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

/// The mail that tells a user of the new password, whoever chose it.
#[must_use]
pub fn password_changed(language: Language, notice: &ChangedMail<'_>) -> Mail {
    let texts = Texts::of(language);
    let ChangedMail { at, country, device, forgot_password_url: link } = *notice;
    let at = utc_minute::of(at);
    let country = match country {
        None | Some("XX") => texts.unknown,
        Some("T1") => "Tor",
        Some(code) => code,
    };
    let device = device.name().unwrap_or(texts.unknown);
    let details = [(texts.when, at.as_str()), (texts.country, country), (texts.device, device)];
    // After Arabic letters, the parts of a date would be set from right to left (UAX #9, rule W2), were it not for the
    // left-to-right mark.
    let mark = if language == Language::Arabic { "\u{200e}" } else { "" };
    let lines = details.map(|(label, value)| format!("{label}{mark}{value}")).join("\n");
    let text =
        [texts.changed, &lines, texts.changed_by_you, texts.changed_not_by_you, link, texts.never_asked];
    let text = paragraphs(&text);
    let heading = texts.changed_subject;
    let button = texts.changed_button;
    let html = rendered(&PasswordChangedHtml { language, texts, heading, link, button, details });
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
    reason = "a String takes all that is written to it, and the templates call nothing that fails"
)]
fn rendered(template: &impl Template) -> String {
    template.render().expect("a template of plain values renders")
}
