//! E-mail addresses in the settings.

use super::host::is_domain;

/// The most bytes of an address, and of the part before the @ (RFC 5321, section 4.5.3.1).
const MAX_LENGTH: usize = 254;
const MAX_LOCAL_PART_LENGTH: usize = 64;

/// Whether this is one e-mail address as browsers accept it (HTML standard, "valid e-mail address"), and its domain has
/// more than one label, so that other mail servers can find it.
pub(super) fn is_email_address(text: &str) -> bool {
    let is_local_part = |text: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte);
        !text.is_empty() && text.len() <= MAX_LOCAL_PART_LENGTH && text.bytes().all(allowed)
    };
    text.len() <= MAX_LENGTH
        && text
            .split_once('@')
            .is_some_and(|(local, domain)| is_local_part(local) && domain.contains('.') && is_domain(domain))
}
