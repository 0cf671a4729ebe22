//! The pages without a form.

use askama::Template;

use super::site::Site;
use crate::{
    languages::{Language, Texts},
    template::render,
};

#[derive(Template)]
#[template(path = "pages/message.html")]
struct MessageHtml<'a> {
    language: Language,
    texts: &'static Texts,
    title: &'a str,
    text: &'a str,
    /// A second paragraph.
    more: &'a str,
    /// The class of the heading, by which the stylesheet chooses the icon.
    icon: &'static str,
    /// A hint for the person who deploys the Worker.
    technical: &'a str,
    site: Site<'a>,
    offers_login: bool,
    offers_new_link: bool,
    /// Whether the text says to contact support.
    mentions_support: bool,
}

const DONE: &str = "done";
const FAILED: &str = "failed";
const NOT_FOUND: &str = "not-found";

impl<'a> MessageHtml<'a> {
    fn new(language: Language, icon: &'static str, title: &'a str, text: &'a str) -> Self {
        let texts = language.texts();
        Self {
            language,
            texts,
            title,
            text,
            more: "",
            icon,
            technical: "",
            site: Site::default(),
            offers_login: false,
            offers_new_link: false,
            mentions_support: false,
        }
    }
}

/// Renders the page after a password was changed. It knows no user, so it states for how long a reset holds withdrawals, in
/// hours; the hold may have been longer before. 0 means that withdrawals are not held.
#[must_use]
pub fn password_changed(language: Language, hold_hours: u64, site: Site<'_>) -> String {
    let texts = &language.texts().choose_password;
    let hours = language.count(hold_hours, &language.texts().mails.hours);
    let hold = if hold_hours > 0 { texts.withdrawals_held.replace("{}", &hours) } else { String::new() };
    render(&MessageHtml {
        more: &hold,
        site,
        offers_login: true,
        ..MessageHtml::new(language, DONE, texts.changed_title, texts.changed_text)
    })
}

/// Renders the page after a link was requested.
#[must_use]
pub fn link_requested(language: Language, site: Site<'_>) -> String {
    let texts = &language.texts().request_link;
    let message = MessageHtml::new(language, DONE, texts.sent_title, texts.sent_text);
    render(&MessageHtml { site, offers_login: true, ..message })
}

/// Renders the page after an account was locked.
#[must_use]
pub fn account_locked(language: Language, site: Site<'_>) -> String {
    let texts = &language.texts().lock_account;
    let message = MessageHtml::new(language, DONE, texts.locked_title, texts.locked_text);
    render(&MessageHtml { site, mentions_support: true, ..message })
}

/// Renders the page for a path that isn't served.
#[must_use]
pub fn not_found(language: Language, site: Site<'_>) -> String {
    let texts = &language.texts().pages;
    render(&MessageHtml {
        site,
        offers_new_link: true,
        ..MessageHtml::new(language, NOT_FOUND, texts.not_found_title, texts.not_found_text)
    })
}

/// Renders the page if the Worker panicked while it was showing a page.
#[must_use]
pub fn failed(language: Language) -> String {
    let texts = language.texts();
    render(&MessageHtml::new(language, FAILED, texts.pages.failed_title, texts.pages.page_failed))
}

/// Renders the page if the Worker panicked after the form of `choose_password` was submitted.
#[must_use]
pub fn failed_while_changing_password(language: Language) -> String {
    let texts = language.texts();
    render(&MessageHtml {
        offers_new_link: true,
        ..MessageHtml::new(language, FAILED, texts.pages.failed_title, texts.choose_password.unclear)
    })
}

/// Renders the page if the Worker panicked after the form of `request_link` was submitted.
#[must_use]
pub fn failed_while_requesting_link(language: Language) -> String {
    let texts = language.texts();
    render(&MessageHtml {
        offers_new_link: true,
        ..MessageHtml::new(language, FAILED, texts.pages.failed_title, texts.request_link.request_unclear)
    })
}

/// Renders the page if the Worker panicked after the form of `lock_account` was submitted.
#[must_use]
pub fn failed_while_locking_account(language: Language) -> String {
    let texts = language.texts();
    render(&MessageHtml::new(language, FAILED, texts.pages.failed_title, texts.lock_account.unclear))
}

/// Renders the page if a setting is invalid.
#[must_use]
pub fn misconfigured(language: Language, invalid_setting: &str) -> String {
    let texts = language.texts();
    render(&MessageHtml {
        technical: invalid_setting,
        ..MessageHtml::new(language, FAILED, texts.pages.failed_title, texts.pages.not_configured)
    })
}
