//! The texts that every language has.
//!
//! A `{}` stands for a value that is filled in. Where a text has one in English, it has one in every language.

use super::plural::Plural;
use crate::password::Violation;

/// All texts of a language.
#[derive(Debug)]
#[cfg_attr(test, derive(serde::Serialize))]
pub struct Texts {
    /// Shared by the pages.
    pub pages: PageTexts,
    /// The page that the link in a reset mail opens. It makes the call `ResetPassword2`.
    pub choose_password: ChoosePasswordTexts,
    /// The page that requests a reset mail. It makes the call `ResetPassword`.
    pub request_link: RequestLinkTexts,
    /// The page that the link in a notice opens. It makes the call `LockAccount`.
    pub lock_account: LockAccountTexts,
    /// Shared by the mails.
    pub mails: MailTexts,
    /// The reset mail.
    pub reset_mail: ResetMailTexts,
    /// The notice after a reset.
    pub notice: NoticeTexts,
    /// The mail after an account was locked.
    pub locked_mail: LockedMailTexts,
}

/// The texts that the pages share.
#[derive(Debug)]
#[cfg_attr(test, derive(serde::Serialize))]
pub struct PageTexts {
    /// The link to the exchange's login.
    pub log_in: &'static str,
    /// On a button while its call is in progress.
    pub please_wait: &'static str,
    /// The link to the page that requests a reset mail.
    pub request_new_link: &'static str,
    /// The rate limit is reached.
    pub too_many_attempts: &'static str,
    /// The browser got no response.
    pub no_response: &'static str,
    /// The link to the exchange's support.
    pub contact_support: &'static str,
    /// Heading of the pages that report a failure of ours.
    pub failed_title: &'static str,
    /// We failed to show a page.
    pub page_failed: &'static str,
    /// A setting is missing or invalid.
    pub not_configured: &'static str,
    /// Heading for an unknown address.
    pub not_found_title: &'static str,
    /// Text for an unknown address. `request_new_link` follows.
    pub not_found_text: &'static str,
}

/// The texts of the page that the link in a reset mail opens.
#[derive(Debug)]
#[cfg_attr(test, derive(serde::Serialize))]
pub struct ChoosePasswordTexts {
    /// Heading.
    pub title: &'static str,
    /// Label of the password.
    pub new_password: &'static str,
    /// Below the label. `{}` is the minimum length.
    pub password_hint: &'static str,
    /// On the button that makes the password readable.
    pub show_password: &'static str,
    /// Label of the user ID.
    pub user_id: &'static str,
    /// Label of the code.
    pub pending_code: &'static str,
    /// Below the label.
    pub pending_code_hint: &'static str,
    /// On the button of the form.
    pub change_password: &'static str,

    /// Heading after success.
    pub changed_title: &'static str,
    /// Text after success.
    pub changed_text: &'static str,
    /// For how long withdrawals are held. `{}` is a number of hours, such as "24 hours" (`MailTexts::hours`).
    pub withdrawals_held: &'static str,

    /// The code is unknown, expired, used or superseded, or may not be used.
    pub link_dead: &'static str,
    /// The same, after an attempt with an unknown outcome: that attempt may have used the link.
    pub link_dead_after_unclear: &'static str,
    /// The rule that the password breaks. In the text of a rule about a length, `{}` is that length.
    #[cfg_attr(test, serde(serialize_with = "of_each_violation"))]
    pub rejected: fn(Violation) -> &'static str,
    /// We cannot tell whether the password was changed.
    pub unclear: &'static str,
    /// The password was not changed, because something failed on our side.
    pub server_error: &'static str,
    /// The user no longer exists.
    pub account_gone: &'static str,
    /// A field is empty, or the code is not a GUID.
    pub invalid: &'static str,
}

/// The texts of the page that requests a reset mail.
#[derive(Debug)]
#[cfg_attr(test, derive(serde::Serialize))]
pub struct RequestLinkTexts {
    /// Heading.
    pub title: &'static str,
    /// What to enter, and what happens then.
    pub text: &'static str,
    /// Label of the user name, which may be an e-mail address.
    pub user_name: &'static str,
    /// On the button of the form.
    pub send_email: &'static str,

    /// Heading after success.
    pub sent_title: &'static str,
    /// Text after success. It does not reveal whether there is such a user.
    pub sent_text: &'static str,

    /// The user name is missing or invalid.
    pub invalid_user_name: &'static str,
    /// No mail will be sent, because something failed on our side.
    pub not_sent: &'static str,
    /// We cannot tell whether a mail will be sent.
    pub request_unclear: &'static str,
}

/// The texts of the page that the link in a notice opens. Its fields have the labels of [`ChoosePasswordTexts`].
#[derive(Debug)]
#[cfg_attr(test, derive(serde::Serialize))]
pub struct LockAccountTexts {
    /// Heading, as a question.
    pub title: &'static str,
    /// When to lock the account, and what happens then.
    pub text: &'static str,
    /// On the button of the form, and of the link in the notice.
    pub lock: &'static str,

    /// Heading after success.
    pub locked_title: &'static str,
    /// Text after success.
    pub locked_text: &'static str,

    /// The code is unknown or void, or has expired.
    pub link_dead: &'static str,
    /// The account was not locked, because something failed on our side.
    pub server_error: &'static str,
    /// We cannot tell whether the account was locked.
    pub unclear: &'static str,
}

/// The texts that the mails share.
#[derive(Debug)]
#[cfg_attr(test, derive(serde::Serialize))]
pub struct MailTexts {
    /// "30 minutes", in the form that `ResetMailTexts::lifetime` needs.
    pub minutes: Plural,
    /// "2 hours", in the same form, which `ChoosePasswordTexts::withdrawals_held` needs, too.
    pub hours: Plural,
    /// Below a button. The bare link follows.
    pub bare_link: &'static str,
    /// Label of the user name.
    pub user_name: &'static str,
    /// The user's anti-phishing phrase follows, on a line of its own.
    pub phrase: &'static str,
    /// What it means if the phrase is missing or wrong.
    pub phrase_missing: &'static str,
    /// The last paragraph: our staff never ask for a secret.
    pub never_ask: &'static str,
}

/// The texts of the reset mail.
#[derive(Debug)]
#[cfg_attr(test, derive(serde::Serialize))]
pub struct ResetMailTexts {
    /// Subject and heading.
    pub subject: &'static str,
    /// What happened at which exchange (`{}`), and what to do. The link follows.
    pub requested: &'static str,
    /// On the button with the link.
    pub button: &'static str,
    /// What to do if the link does not work. The code follows.
    pub paste_code: &'static str,
    /// Label of the user ID.
    pub user_id: &'static str,
    /// The link and the code work only once, and for how long (`{}`).
    pub lifetime: &'static str,
    /// Which mail to use if there are several.
    pub use_newest: &'static str,
    /// What to do if another person did it.
    pub not_you: &'static str,
}

/// The texts of the notice after a reset.
///
/// Each label includes the colon and the space that its language puts before a value.
#[derive(Debug)]
#[cfg_attr(test, derive(serde::Serialize))]
pub struct NoticeTexts {
    /// Subject and heading.
    pub subject: &'static str,
    /// What happened at which exchange (`{}`).
    pub changed: &'static str,
    /// Label of the time.
    pub time: &'static str,
    /// Label of the country.
    pub country: &'static str,
    /// Label of the device.
    pub device: &'static str,
    /// The value if the country or the device is unknown.
    pub unknown: &'static str,
    /// Label of the time until which withdrawals are held.
    pub withdrawals_held: &'static str,
    /// What to do if it was the user.
    pub by_you: &'static str,
    /// What to do if another person did it: lock the account. The link follows.
    pub not_by_you_lock: &'static str,
    /// What to do if another person did it, if the account can't be locked by a link. The link to a new reset follows.
    pub not_by_you: &'static str,
    /// On the button with that link.
    pub button: &'static str,
}

/// The texts of the mail after an account was locked.
#[derive(Debug)]
#[cfg_attr(test, derive(serde::Serialize))]
pub struct LockedMailTexts {
    /// Subject and heading.
    pub subject: &'static str,
    /// What happened at which exchange (`{}`).
    pub locked: &'static str,
    /// How to have the account unlocked.
    pub contact: &'static str,
    /// What to do if another person did it.
    pub not_you: &'static str,
}

/// Returns a text with a number in place of its `{}`.
#[must_use]
pub fn with_number(text: &str, number: usize) -> String {
    text.replacen("{}", &number.to_string(), 1)
}

/// Serializes the texts of all password rules.
#[cfg(test)]
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn of_each_violation<S: serde::Serializer>(
    text: &fn(Violation) -> &'static str,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    use strum::IntoEnumIterator as _;

    serializer.collect_map(Violation::iter().map(|violation| (<&str>::from(violation), text(violation))))
}
