//! The settings: `[vars]` in wrangler.toml.

use http::HeaderValue;

use crate::password::Policy;

/// Settings that make sense.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `PASSWORD_MIN_LENGTH` and `PASSWORD_CONTEXT_WORDS`.
    pub policy: Policy,
    /// `ALLOWED_ORIGIN`: who may read answers in a browser.
    pub allowed_origin: HeaderValue,
}

/// A setting is there, but is neither text nor a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotText;

/// A setting that makes no sense. The text names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSetting {
    /// NIST SP 800-63B-4, section 3.1.1.2: at least 8, and passwords of 64 must be allowed.
    #[error("The setting PASSWORD_MIN_LENGTH must be a whole number from 8 to 64.")]
    PasswordMinLength,
    /// Not text, as a list in wrangler.toml would be.
    #[error("The setting PASSWORD_CONTEXT_WORDS must be one string: words, separated by commas.")]
    PasswordContextWords,
    /// Not what a browser sends as `Origin`.
    #[error(
        "The setting ALLOWED_ORIGIN must be * or one origin as browsers write it, such as https://exchange.example: in lower case, without a path, a wildcard or the scheme's usual port."
    )]
    AllowedOrigin,
}

impl Settings {
    /// Reads the settings, each through `var`, which knows them by name; `None` is one that is not set.
    ///
    /// # Errors
    ///
    /// The first [`InvalidSetting`].
    pub fn read(var: impl Fn(&str) -> Result<Option<String>, NotText>) -> Result<Self, InvalidSetting> {
        let var = |name, invalid| var(name).map_err(|NotText| invalid);
        let min_length = match var("PASSWORD_MIN_LENGTH", InvalidSetting::PasswordMinLength)? {
            None => 15,
            Some(number) => number
                .parse()
                .ok()
                .filter(|length| (8..=64).contains(length))
                .ok_or(InvalidSetting::PasswordMinLength)?,
        };
        let context_words =
            var("PASSWORD_CONTEXT_WORDS", InvalidSetting::PasswordContextWords)?.unwrap_or_default();
        let allowed_origin =
            var("ALLOWED_ORIGIN", InvalidSetting::AllowedOrigin)?.unwrap_or_else(|| "*".to_owned());
        Ok(Self {
            policy: Policy::new(min_length, context_words.split(',')),
            allowed_origin: origin(&allowed_origin).ok_or(InvalidSetting::AllowedOrigin)?,
        })
    }
}

/// `*`, or an origin in the one form in which browsers send it (Fetch standard, "serializing an origin"): a scheme, a
/// host in lower case, and a port if it is not the scheme's own.
fn origin(text: &str) -> Option<HeaderValue> {
    let usual_port = |scheme, port| text.starts_with(scheme) && text.ends_with(port);
    let is_origin = ["http://", "https://"].iter().any(|scheme| {
        text.strip_prefix(scheme).is_some_and(|host| {
            let plain =
                |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b':' | b'[' | b']');
            !host.is_empty() && host.bytes().all(plain)
        })
    });
    if text == "*" || (is_origin && !usual_port("http://", ":80") && !usual_port("https://", ":443")) {
        HeaderValue::from_str(text).ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, value: &str) -> Result<Settings, InvalidSetting> {
        Settings::read(|asked| Ok((asked == name).then(|| value.to_owned())))
    }

    #[test]
    fn settings_that_make_sense() {
        assert!(Settings::read(|_| Ok(None)).is_ok_and(|settings| settings.allowed_origin == "*"));
        for length in ["8", "15", "64"] {
            assert!(read("PASSWORD_MIN_LENGTH", length).is_ok(), "{length}");
        }
        for origin in ["*", "https://exchange.example", "http://127.0.0.1:8788"] {
            let settings = read("ALLOWED_ORIGIN", origin).unwrap();
            assert_eq!(settings.allowed_origin, origin);
        }
    }

    #[test]
    fn settings_that_make_none() {
        for length in ["", "7", "65", "15.0", "fifteen", "-8"] {
            assert_eq!(
                read("PASSWORD_MIN_LENGTH", length).err(),
                Some(InvalidSetting::PasswordMinLength),
                "{length}"
            );
        }
        for origin in [
            "",
            "exchange.example",
            "https://exchange.example/",
            "null",
            "ftp://a.example",
            "https://a.example https://b.example",
            "https://*.example",
            "https://Exchange.example",
            "https://user@exchange.example",
            "https://exchange.example:443",
            "http://exchange.example:80",
            "https://",
        ] {
            assert_eq!(read("ALLOWED_ORIGIN", origin).err(), Some(InvalidSetting::AllowedOrigin), "{origin}");
        }
    }

    #[test]
    fn a_setting_that_is_not_text() {
        use InvalidSetting::{AllowedOrigin, PasswordContextWords, PasswordMinLength};
        for (name, invalid) in [
            ("PASSWORD_MIN_LENGTH", PasswordMinLength),
            ("PASSWORD_CONTEXT_WORDS", PasswordContextWords),
            ("ALLOWED_ORIGIN", AllowedOrigin),
        ] {
            let settings = Settings::read(|asked| if asked == name { Err(NotText) } else { Ok(None) });
            assert_eq!(settings.err(), Some(invalid));
        }
    }
}
