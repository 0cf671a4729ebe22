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

/// A setting that makes no sense. The text names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSetting {
    /// NIST SP 800-63B-4, section 3.1.1.2: at least 8, and passwords of 64 must be allowed.
    #[error("The setting PASSWORD_MIN_LENGTH must be a whole number from 8 to 64.")]
    PasswordMinLength,
    /// Not what a browser sends as `Origin`.
    #[error(
        "The setting ALLOWED_ORIGIN must be * or one origin as browsers write it, such as https://exchange.example, without a path."
    )]
    AllowedOrigin,
}

impl Settings {
    /// Reads the settings, each through `var`, which knows them by name.
    ///
    /// # Errors
    ///
    /// The first [`InvalidSetting`].
    pub fn read(var: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidSetting> {
        let min_length = match var("PASSWORD_MIN_LENGTH") {
            None => 15,
            Some(number) => number
                .parse()
                .ok()
                .filter(|length| (8..=64).contains(length))
                .ok_or(InvalidSetting::PasswordMinLength)?,
        };
        let context_words = var("PASSWORD_CONTEXT_WORDS").unwrap_or_default();
        let allowed_origin = var("ALLOWED_ORIGIN").unwrap_or_else(|| "*".to_owned());
        Ok(Self {
            policy: Policy::new(min_length, context_words.split(',')),
            allowed_origin: origin(&allowed_origin).ok_or(InvalidSetting::AllowedOrigin)?,
        })
    }
}

/// `*`, or an origin: a scheme and an authority, and nothing else.
fn origin(text: &str) -> Option<HeaderValue> {
    let is_origin = text.parse::<http::Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.authority().is_some_and(|authority| {
                text == format!("{}://{authority}", uri.scheme_str().unwrap_or_default())
            })
    });
    if text == "*" || is_origin { HeaderValue::from_str(text).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, value: &str) -> Result<Settings, InvalidSetting> {
        Settings::read(|asked| (asked == name).then(|| value.to_owned()))
    }

    #[test]
    fn settings_that_make_sense() {
        assert!(Settings::read(|_| None).is_ok_and(|settings| settings.allowed_origin == "*"));
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
        ] {
            assert_eq!(read("ALLOWED_ORIGIN", origin).err(), Some(InvalidSetting::AllowedOrigin), "{origin}");
        }
    }
}
