//! What no response may contain.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::site::Response;

/// The secrets that the checks send: a password, and a code that nobody has issued.
pub(crate) struct Secrets {
    pub(crate) password: String,
    pub(crate) code: Uuid,
}

impl Secrets {
    /// Creates random secrets, which no response contains by chance.
    pub(crate) fn new() -> Self {
        Self { password: format!("smoke test {}", Uuid::new_v4().simple()), code: Uuid::new_v4() }
    }

    /// The kind of secret in a response, if there is one.
    pub(crate) fn find_in(&self, response: &Response) -> Option<&'static str> {
        if response.headers.contains_key("set-cookie") {
            return Some("a cookie");
        }
        let headers = response
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes())));
        self.find_in_text(&(headers.collect::<String>() + &response.body))
    }

    /// The kind of secret in a text, if there is one.
    pub(crate) fn find_in_text(&self, text: &str) -> Option<&'static str> {
        // Without hyphens, every spelling of a code contains its digits in a row.
        let digits = text.to_lowercase().replace('-', "");
        let digest = base16ct::lower::encode_string(&Sha256::digest(self.code.to_string()));
        let is_key = |rest: &str| rest.starts_with(|digit: char| digit.is_ascii_hexdigit());
        let password = self.password.rsplit(' ').next().unwrap_or_default();
        if text.contains(password) {
            Some("the password")
        } else if digits.contains(&self.code.simple().to_string()) {
            Some("the code")
        } else if digits.contains(&digest)
            || text.contains("$pbkdf2-")
            || text.split("pending-code:").skip(1).any(is_key)
        {
            Some("a hash")
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    #[test]
    fn every_secret_is_found_in_headers_and_bodies() {
        let secrets = Secrets::new();
        let digest = base16ct::lower::encode_string(&Sha256::digest(secrets.code.to_string()));
        for (text, found) in [
            (format!("your password is {}", secrets.password), Some("the password")),
            (secrets.password.replace(' ', "%20"), Some("the password")),
            (format!("your code is {}", secrets.code), Some("the code")),
            (secrets.code.simple().to_string().to_uppercase(), Some("the code")),
            (digest, Some("a hash")),
            ("$pbkdf2-sha512$i=220000,l=64$".to_owned(), Some("a hash")),
            ("pending-code:30a5154b".to_owned(), Some("a hash")),
            ("The key is `pending-code:` and a digest.".to_owned(), None),
            (Uuid::new_v4().to_string(), None),
        ] {
            let headers = HeaderMap::from_iter([(http::header::LOCATION, text.parse().unwrap())]);
            let in_header = Response { status: 200, headers, body: String::new() };
            let in_body = Response { status: 200, headers: HeaderMap::new(), body: text };
            for response in [in_header, in_body] {
                assert_eq!(secrets.find_in(&response), found, "{}", response.body);
            }
        }
        let headers = HeaderMap::from_iter([(http::header::SET_COOKIE, "a=1".parse().unwrap())]);
        let response = Response { status: 200, headers, body: String::new() };
        assert_eq!(secrets.find_in(&response), Some("a cookie"));
    }
}
