//! English.

use super::{
    direction::Direction,
    plural::Plural,
    texts::{
        ChoosePasswordTexts, LockAccountTexts, LockedMailTexts, MailTexts, NoticeTexts, PageTexts,
        RequestLinkTexts, ResetMailTexts, Texts,
    },
};
use crate::password::Violation;

pub(super) const TAG: &str = "en";
pub(super) const DIRECTION: Direction = Direction::LeftToRight;

pub(super) static TEXTS: Texts = Texts {
    pages: PageTexts {
        log_in: "Log in",
        please_wait: "One moment…",
        request_new_link: "Request a new link",
        too_many_attempts: "Too many attempts. Wait a minute and try again.",
        no_response: "We did not receive a response. Check your connection and try again.",
        contact_support: "Contact support",
        failed_title: "Something went wrong",
        page_failed: "Something went wrong on our side. Reload this page.",
        not_configured: "This service is not set up correctly. Contact support.",
        not_found_title: "Page not found",
        not_found_text: "This page does not exist. To reset your password, request a link.",
    },
    choose_password: ChoosePasswordTexts {
        title: "Choose a new password",
        new_password: "New password",
        password_hint: "At least {} characters. A few unrelated words are easy to remember.",
        show_password: "Show password",
        user_id: "User ID",
        pending_code: "Code from the e-mail",
        pending_code_hint: "Copy it from the e-mail we sent you.",
        change_password: "Change password",

        changed_title: "Your password has been changed",
        changed_text: "You have been logged out on all devices. You can now log in with your new password.",
        withdrawals_held: "For your protection, withdrawals are paused for at least {}.",

        link_dead: "This link is invalid or has expired. Request a new one.",
        link_dead_after_unclear: "This link no longer works. Your earlier attempt may have changed your password. Try to log in with the new password. If that does not work, request a new link.",
        rejected: |violation| match violation {
            Violation::TooShort { .. } => "This password is too short. Use at least {} characters.",
            Violation::TooLong => "This password is too long. Use at most {} characters.",
            Violation::Common => {
                "This password is too common or too similar to a common one. Choose a different one."
            }
            Violation::Repetitive => "This password repeats itself. Choose a different one.",
            Violation::Sequence => {
                "This password is a row of keys or letters, which is easy to guess. Choose a different one."
            }
            Violation::Breached => {
                "This password has appeared in a data breach, so attackers know it. Choose one that you use nowhere else."
            }
            Violation::ContainsUserName => "This password contains your user name. Choose a different one.",
            Violation::ContainsServiceName => {
                "This password contains the name of this service. Choose a different one."
            }
        },
        unclear: "We could not tell whether your password was changed. Try to log in with the new password. If that does not work, open the link in the e-mail again.",
        server_error: "Something went wrong on our side. Your password has not been changed, and this attempt did not use up your link. Try again in a minute.",
        account_gone: "This account no longer exists. Contact support.",
        invalid: "Something is missing or incomplete. Fill in every field, and copy the whole code from the e-mail.",
    },
    request_link: RequestLinkTexts {
        title: "Forgot your password?",
        text: "Enter your user name or your e-mail address. We will send you an e-mail with a link to choose a new password.",
        user_name: "User name or e-mail address",
        send_email: "Send e-mail",

        sent_title: "Check your e-mail",
        sent_text: "If the password for this user name or address can be reset by e-mail, you will get a link within a few minutes. If the link in an earlier e-mail still works, you may not get a new one: use the newest e-mail you have. A link works only once and only for a short time. Check your spam folder, too.",

        invalid_user_name: "Enter your user name or your e-mail address.",
        not_sent: "Something went wrong on our side, and no e-mail has been sent. Try again in a minute.",
        request_unclear: "We could not tell whether your request was accepted. If no e-mail arrives within a few minutes, try again.",
    },
    lock_account: LockAccountTexts {
        title: "Lock your account?",
        text: "If you did not change your password, lock your account. This logs you out on all devices, and nobody can log in or reset the password until our support team has unlocked the account.",
        lock: "Lock my account",
        locked_title: "Your account is locked",
        locked_text: "Nobody can log in or reset the password until our support team has unlocked the account. Contact support.",
        link_dead: "This link is invalid or has expired. Contact support.",
        server_error: "Something went wrong on our side, and your account has not been locked. Try again in a minute.",
        unclear: "We could not tell whether your account was locked. Try again: locking it twice does no harm.",
    },
    mails: MailTexts {
        minutes: Plural::other("{} minutes").one("{} minute"),
        hours: Plural::other("{} hours").one("{} hour"),
        bare_link: "If the button does not work, copy this address into your browser:",
        user_name: "User name:",
        phrase: "Your anti-phishing phrase:",
        phrase_missing: "If it is missing from an e-mail or is not exactly this one, the e-mail is not from us.",
        never_ask: "Our staff will never ask you for your password or a code. Do not share them with anyone.",
    },
    reset_mail: ResetMailTexts {
        subject: "Reset your password",
        requested: "We received a request to reset the password for your {} account. If you made this request, open this page and choose a new password:",
        button: "Choose a new password",
        paste_code: "If the page asks for a code, paste this one:",
        user_id: "User ID:",
        lifetime: "The link and the code work only once and are valid for {}.",
        use_newest: "If you receive more than one of these e-mails, use the newest one.",
        not_you: "If you did not make this request, you can ignore this e-mail. Your password stays the same.",
    },
    notice: NoticeTexts {
        subject: "Your password has been changed",
        changed: "The password for your {} account has been changed, and you have been logged out on all devices.",
        time: "Date and time: ",
        country: "Country: ",
        device: "Device: ",
        unknown: "unknown",
        withdrawals_held: "For your protection, withdrawals are paused until: ",
        by_you: "If you made this change, there is nothing else to do. Log in with your new password.",
        not_by_you_lock: "If you did not make this change, lock your account immediately. Nobody can then log in or reset the password until our support team has unlocked it. This link works for 7 days:",
        not_by_you: "If you did not make this change, contact support, and reset your password immediately at this address:",
        button: "Reset your password",
    },
    locked_mail: LockedMailTexts {
        subject: "Your account is locked",
        locked: "Your {} account has been locked with the link in our e-mail about your new password, and you have been logged out on all devices. Nobody can log in or reset the password.",
        contact: "To have it unlocked, contact support. We will check that it is really you.",
        not_you: "If you did not lock it, contact support as well: somebody else may be reading your e-mail.",
    },
};
