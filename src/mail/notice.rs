//! The notice: the mail after a reset.

use askama::Template;

use super::{
    content::{Mail, paragraphs},
    utc_minute,
};
use crate::{
    device::DeviceFamily,
    languages::{Language, Texts},
    template::render,
    unix_millis::UnixMillis,
};

/// The contents of the notice.
#[derive(Debug, Clone, Copy)]
pub struct NoticeMail<'a> {
    /// When the password was changed.
    pub at: UnixMillis,
    /// The country of the client, as Cloudflare reports it: an ISO 3166-1 code, `T1` for Tor, or `XX` if unknown
    /// (<https://developers.cloudflare.com/fundamentals/reference/http-headers/#cf-ipcountry>).
    pub country: Option<&'a str>,
    /// The kind of device that the client runs on.
    pub device: DeviceFamily,
    /// The URL of the page that requests a new link.
    pub forgot_password_url: &'a str,
}

/// Renders the notice, which tells users that their password was changed, no matter by whom.
#[must_use]
pub fn render_notice_mail(language: Language, mail: &NoticeMail<'_>) -> Mail {
    let texts = language.texts();
    let words = &texts.notice;
    let NoticeMail { at, country, device, forgot_password_url: link } = *mail;
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
    let html = render(&NoticeHtml { language, texts, heading, link, button, details });
    Mail { subject: heading.to_owned(), text, html }
}

#[derive(Template)]
#[template(path = "mail/notice.html")]
struct NoticeHtml<'a> {
    language: Language,
    texts: &'a Texts,
    heading: &'a str,
    link: &'a str,
    button: &'a str,
    details: [(&'a str, &'a str); 3],
}
