//! The notice: the mail after a reset.

use askama::Template;

use super::{
    content::{Mail, with_ending},
    letterhead::Letterhead,
};
use crate::{
    device::DeviceFamily,
    languages::{Language, Texts},
    template::render,
    unix_millis::UnixMillis,
    utc,
};

/// The contents of the notice. It contains the lock code, so it has no `Debug`.
#[derive(Clone, Copy)]
pub struct NoticeMail<'a> {
    /// When the password was changed.
    pub at: UnixMillis,
    /// The country of the client, as Cloudflare reports it: an ISO 3166-1 code, `T1` for Tor, or `XX` if unknown
    /// (<https://developers.cloudflare.com/fundamentals/reference/http-headers/#cf-ipcountry>).
    pub country: Option<&'a str>,
    /// The kind of device that the client runs on.
    pub device: DeviceFamily,
    /// Until when withdrawals are held, if they are.
    pub withdrawals_held_until: Option<UnixMillis>,
    /// What every mail shows.
    pub letterhead: Letterhead<'a>,
    /// The link with which the recipient can lock the account.
    pub lock: Option<LockLink<'a>>,
    /// The URL of the page that requests a new link. It is shown if there is no link to lock the account.
    pub forgot_password_url: &'a str,
}

/// The link with which the recipient of a notice can lock the account. It contains the code, so it has no `Debug`.
#[derive(Clone, Copy)]
pub struct LockLink<'a> {
    /// The complete link.
    pub link: &'a str,
    /// The code in the link, to paste into the page.
    pub code: &'a str,
    /// The user ID in the link. Without JavaScript, the page cannot read the link and asks for this as well.
    pub user_id: &'a str,
}

/// Renders the notice, which tells users that their password was changed, no matter by whom.
#[must_use]
pub fn render_notice_mail(language: Language, mail: &NoticeMail<'_>) -> Mail {
    let texts = language.texts();
    let words = &texts.notice;
    let NoticeMail { at, country, device, withdrawals_held_until, letterhead, lock, forgot_password_url } =
        *mail;
    let time = utc::minute(at);
    let country = match country {
        None | Some("XX") => words.unknown,
        Some("T1") => "Tor",
        Some(code) => code,
    };
    let device = device.name().unwrap_or(words.unknown);
    let details = [(words.time, time.as_str()), (words.country, country), (words.device, device)];
    let mark = language.direction().mark_before_value();
    let lines = details.map(|(label, value)| format!("{label}{mark}{value}")).join("\n");
    let held_until = withdrawals_held_until.map(utc::minute);
    let hold = held_until.as_ref().map(|time| format!("{}{mark}{time}", words.withdrawals_held));
    let (not_by_you, link, button) = match lock {
        Some(lock) => (words.not_by_you_lock, lock.link, texts.lock_account.lock),
        None => (words.not_by_you, forgot_password_url, words.button),
    };
    let changed = letterhead.fill(words.changed);
    let name = letterhead.name();
    let name_line = name.as_ref().map(|name| format!("{} {name}", texts.mails.user_name));
    let mut paragraphs = vec![changed.as_str()];
    paragraphs.extend(name_line.as_deref());
    paragraphs.push(&lines);
    paragraphs.extend(hold.as_deref());
    paragraphs.extend([words.by_you, not_by_you, link]);
    let user_id = lock.map(|lock| format!("{} {}", texts.reset_mail.user_id, lock.user_id));
    if let (Some(lock), Some(user_id)) = (lock, &user_id) {
        paragraphs.extend([texts.reset_mail.paste_code, lock.code, user_id]);
    }
    let text = with_ending(&paragraphs, &letterhead, texts);
    let heading = words.subject;
    let html = render(&NoticeHtml {
        language,
        texts,
        heading,
        letterhead,
        changed: &changed,
        name: name.as_deref(),
        link,
        button,
        not_by_you,
        lock,
        details,
        held_until: held_until.as_deref(),
    });
    Mail { subject: letterhead.subject(heading), text, html }
}

#[derive(Template)]
#[template(path = "mail/notice.html")]
struct NoticeHtml<'a> {
    language: Language,
    texts: &'a Texts,
    heading: &'a str,
    letterhead: Letterhead<'a>,
    changed: &'a str,
    name: Option<&'a str>,
    link: &'a str,
    button: &'a str,
    not_by_you: &'a str,
    lock: Option<LockLink<'a>>,
    details: [(&'a str, &'a str); 3],
    held_until: Option<&'a str>,
}
