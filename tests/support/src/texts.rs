//! The sentences of the Worker that tests compare, so that a change of wording is made in one place.

use reset_password2::languages::{ChoosePasswordTexts, Language, PageTexts, RequestLinkTexts};

/// What the pages share, in English.
pub const PAGES: &PageTexts = &Language::English.texts().pages;

/// The page for a new password, in English.
pub const CHOOSE_PASSWORD: &ChoosePasswordTexts = &Language::English.texts().choose_password;

/// The page that requests a link, in English.
pub const REQUEST_LINK: &RequestLinkTexts = &Language::English.texts().request_link;

/// The `detail` of responses.
pub mod detail {
    /// 20: whatever is wrong with the code or the user.
    pub const NOT_AUTHORIZED: &str = "This link is invalid or has expired. Request a new one.";
    /// 100: the `PendingCode` is not a GUID.
    pub const NOT_A_GUID: &str =
        "PendingCode must be a GUID: 32 hexadecimal digits, with or without hyphens and braces.";
    /// 100, with status 408.
    pub const BODY_TOO_SLOW: &str = "The body did not arrive within 20 seconds. Send the call again.";
    /// 100, with status 413.
    pub const BODY_TOO_LARGE: &str = "The body is too large. Send at most 16384 bytes.";
    /// What the `detail` starts with if the body as a whole is invalid, rather than one of its keys.
    pub const INVALID_BODY: &str = "Send one JSON object";
    /// 101: the password is too short.
    pub const TOO_SHORT: &str =
        "This password is too short. Use at least 15 characters. A few unrelated words are easy to remember.";
    /// 101, with status 429.
    pub const TOO_MANY_ATTEMPTS: &str =
        "Too many attempts. This attempt did not use up the link. Wait a minute, then try again.";
    /// 102: KV, or D1 before the commit, failed.
    pub const UNAVAILABLE: &str =
        "The password was not changed, and this attempt did not use up the link. Try again in a minute.";
    /// 102: what the `detail` starts with if D1 failed and it is unknown whether the change was committed.
    pub const UNCLEAR: &str = "It is not known";
    /// 104.
    pub const USER_GONE: &str = "This account no longer exists. Contact the exchange's support.";
    /// 106, with status 404. It lists the calls, so it is read from the OpenAPI document.
    pub fn unknown_call() -> String {
        let document = include_str!("../../../assets/openapi.json");
        let document: serde_json::Value = serde_json::from_str(document).expect("the document is JSON");
        let example = &document["components"]["examples"]["NoSuchCall"]["value"];
        example["detail"].as_str().expect("NoSuchCall is an example").to_owned()
    }
    /// 106, with status 405.
    pub const NOT_A_POST: &str = "Send the call as a POST with a JSON body.";
}

/// The e-mails, in English.
pub mod mail {
    /// Part of the mail with the link: how long it works.
    pub const LIFETIME: &str = "30 minutes";
    /// Part of the notice after a reset.
    pub const CHANGED: &str = "changed";
    /// Part of the notice: until when withdrawals are held. The time follows.
    pub const HELD_UNTIL: &str = "withdrawals are paused until: ";
    /// Part of each mail to a user with an anti-phishing phrase. The phrase follows.
    pub const PHRASE: &str = "Your anti-phishing phrase:\n";
}

/// The log.
pub mod log {
    /// A pending-code entry has the wrong form.
    pub const ENTRY_INVALID: &str = "PENDING_CODES: a pending-code entry must be a JSON object";
    /// A pending-code entry was issued too far in the future.
    pub const ENTRY_FROM_THE_FUTURE: &str = "PENDING_CODES: the IssuedAt of a pending-code entry must be";
    /// Why a user who is locked gets no reset mail.
    pub const LOCKED: &str = "no reset mail is sent: the user is locked";
    /// Why a user who has opted out gets no reset mail.
    pub const OPTED_OUT: &str = "no reset mail is sent: resets_allowed is 0";
    /// `PASSWORD_MIN_LENGTH` is out of its range.
    pub const INVALID_MIN_LENGTH: &str = "The setting PASSWORD_MIN_LENGTH must be";
    /// The Worker panicked. The location follows.
    pub const PANIC: &str = "panic at ";
    /// The Worker trapped without a panic.
    pub const TRAP: &str = "the module trapped: out of memory, stack overflow, or an exception";
}

/// What the programs in docs/other-languages.md say.
pub mod program {
    /// KV rejected the token; its response follows.
    pub const KV_REJECTED: &str = "KV responded with 403: ";
    /// The string to verify against isn't a hash.
    pub const NOT_A_HASH: &str = "the stored string is not a pbkdf2-sha512 hash";
}
