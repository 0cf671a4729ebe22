//! The GUID in a link: `PendingCode::parse`.

use std::str;

use reset_password2::pending_code::PendingCode;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// A GUID is accepted in exactly the documented spellings, its digest is that of docs/contract.md, section 5, and every
/// spelling of it is the same code.
pub fn guid(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let digits = digits(text);
    let code = PendingCode::parse(text).ok();
    assert_eq!(code.is_some(), digits.is_some(), "{text:?}");
    let (Some(code), Some(digits)) = (code, digits) else { return };

    let key = code.digest().kv_key();
    let canonical = hyphenated(&digits.to_ascii_lowercase());
    let hash = Sha256::digest(&canonical);
    let hash = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let hash: String = hash.filter_map(|digit| char::from_digit(digit.into(), 16)).collect();
    assert_eq!(key, format!("pending-code:{hash}"), "{text:?}");
    let number = u128::from_str_radix(&digits, 16).unwrap();
    assert_eq!(canonical, Uuid::from_u128(number).hyphenated().to_string(), "the crate uuid agrees");

    let upper = canonical.to_ascii_uppercase();
    for spelling in [
        digits.clone(),
        format!("{{{digits}}}"),
        format!("{{{upper}}}"),
        format!(" {upper}\r\n"),
        canonical.clone(),
    ] {
        assert_eq!(PendingCode::parse(&spelling).unwrap().digest().kv_key(), key, "{spelling:?}");
    }
    for other in [format!("{{{canonical}"), format!("{canonical}}}"), format!("urn:uuid:{canonical}")] {
        assert!(PendingCode::parse(&other).is_err(), "{other:?}");
    }
}

/// Returns the 32 hexadecimal digits of a GUID in any documented spelling.
pub(super) fn digits(text: &str) -> Option<String> {
    let mut letters: Vec<char> = text.trim().chars().collect();
    if letters.first() == Some(&'{') && letters.last() == Some(&'}') && letters.len() > 1 {
        letters.pop();
        letters.remove(0);
    }
    if letters.len() == 36 {
        for hyphen in [23, 18, 13, 8] {
            if letters.remove(hyphen) != '-' {
                return None;
            }
        }
    }
    (letters.len() == 32 && letters.iter().all(char::is_ascii_hexdigit)).then(|| letters.iter().collect())
}

fn hyphenated(digits: &str) -> String {
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}
