//! Whether a password is known from a breach, asked without revealing the password (NIST SP 800-63B-4, section 3.1.1.2;
//! OWASP ASVS 5.0, 6.2.12).
//!
//! The question follows the range API of [Have I Been Pwned](https://haveibeenpwned.com/API/v3#PwnedPasswords): the service
//! learns the first five hexadecimal digits of the password's SHA-1, and responds with the rest of every hash that begins with
//! them (k-anonymity). SHA-1 protects nothing here; it is the key of the service's table.

use sha1::{Digest as _, Sha1};

use super::new_password::NewPassword;
use crate::secret::Secret;

/// How many hexadecimal digits the service learns.
const RANGE_DIGITS: usize = 5;

/// How many hexadecimal digits SHA-1 has.
const DIGITS: usize = 40;

/// The question whether one password is known from a breach.
#[derive(Debug)]
pub struct BreachQuery(Secret<String>);

/// A list of the range API: the rest of each hash, and how often its password occurred in breaches.
#[derive(Debug)]
pub struct BreachList(String);

/// A text is not a list of the range API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotABreachList;

impl BreachList {
    /// Checks a response of the service.
    ///
    /// # Errors
    ///
    /// [`NotABreachList`] unless there is a line, and each line is 35 hexadecimal digits, a colon and a number.
    pub fn parse(text: String) -> Result<Self, NotABreachList> {
        let is_rest = |hash: &str| {
            hash.len() == DIGITS - RANGE_DIGITS && hash.bytes().all(|digit| digit.is_ascii_hexdigit())
        };
        let is_entry = |line| entry(line).is_some_and(|(hash, _)| is_rest(hash));
        if !text.is_empty() && text.lines().all(is_entry) { Ok(Self(text)) } else { Err(NotABreachList) }
    }

    /// Returns the list as the service spells it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Splits a line of a list into the rest of the hash and the count.
fn entry(line: &str) -> Option<(&str, u64)> {
    let (hash, count) = line.split_once(':')?;
    Some((hash, count.parse().ok()?))
}

impl BreachQuery {
    /// Creates the question about a password.
    #[must_use]
    pub fn new(password: &NewPassword) -> Self {
        let digest = Sha1::digest(password.expose().as_bytes());
        Self(Secret::new(base16ct::upper::encode_string(&digest)))
    }

    /// Returns what the service learns: five hexadecimal digits, which about a thousand breached passwords have in common.
    #[must_use]
    pub fn range(&self) -> &str {
        self.0.expose().get(..RANGE_DIGITS).unwrap_or_default()
    }

    /// Whether the list contains the password.
    #[must_use]
    pub fn is_listed_in(&self, list: &BreachList) -> bool {
        let rest = self.0.expose().get(RANGE_DIGITS..).unwrap_or_default();
        // Hashes with a count of zero are padding, which hides how long the list is.
        list.0.lines().filter_map(entry).any(|(hash, count)| count > 0 && hash.eq_ignore_ascii_case(rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(password: &str) -> BreachQuery {
        BreachQuery::new(&NewPassword::new(password))
    }

    /// The example of the API's documentation has this hash: 5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8.
    const REST: &str = "1E4C9B93F3F0682250B6CF8331B7EE68FD8";
    const OTHER: &str = "0018A45C4D1DEF81644B54AB7F969B88D65";

    #[test]
    fn the_service_learns_five_digits() {
        assert_eq!(query("password").range(), "5BAA6");
    }

    #[test]
    fn a_listed_password_is_found() {
        let query = query("password");
        for (list, is_listed) in [
            (format!("{REST}:3861493"), true),
            (format!("{OTHER}:1\r\n{REST}:2\r\n"), true),
            (format!("{OTHER}:1\n{}:2", REST.to_lowercase()), true),
            (format!("{OTHER}:1\r\n"), false),
            // Padding.
            (format!("{OTHER}:1\r\n{REST}:0\r\n"), false),
        ] {
            let parsed = BreachList::parse(list.clone()).unwrap();
            assert_eq!(query.is_listed_in(&parsed), is_listed, "{list}");
            assert_eq!(parsed.as_str(), list);
        }
    }

    #[test]
    fn a_response_of_another_kind_is_not_a_list() {
        for list in [
            String::new(),
            "<!doctype html>".to_owned(),
            REST.to_owned(),
            format!("{REST}:"),
            format!("{REST}:many"),
            format!("{REST}:-1"),
            format!("5BAA6{REST}:3"),
            format!("{REST}:3\r\n\r\n{OTHER}:1"),
            format!("{REST}:3\r\nand so on"),
        ] {
            assert_eq!(BreachList::parse(list.clone()).err(), Some(NotABreachList), "{list}");
        }
    }

    #[test]
    fn debug_output_contains_no_hash() {
        assert_eq!(format!("{:?}", query("password")), "BreachQuery(…)");
    }
}
