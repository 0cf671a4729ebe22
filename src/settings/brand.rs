//! The exchange's name and the URL of its support.

use super::{email_address::is_email_address, web_url::WebUrl};

/// The longest name, in code points. It is part of subjects and titles.
const MAX_NAME_LENGTH: usize = 50;

/// Whether this is a name on one line that cannot break out of the header of an e-mail.
pub(super) fn is_exchange_name(text: &str) -> bool {
    let is_bidirectional = |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let breaks_out =
        |c: char| c.is_control() || matches!(c, '<' | '>' | '"' | '{' | '}' | '\u{2028}' | '\u{2029}');
    !text.is_empty()
        && text.trim() == text
        && text.chars().count() <= MAX_NAME_LENGTH
        && !text.contains(breaks_out)
        && !text.contains(is_bidirectional)
}

/// Whether this is an address of support that a link may have: a page over TLS, or an e-mail address.
pub(super) fn is_support_url(text: &str) -> bool {
    match text.strip_prefix("mailto:") {
        // These separate the parts of a mailto URL (RFC 6068).
        Some(address) => is_email_address(address) && !address.contains(['?', '&', '%', '#', '=']),
        None => WebUrl::parse(text).is_some_and(|url| url.is_potentially_trustworthy()),
    }
}
