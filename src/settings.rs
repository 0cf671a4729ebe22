//! The settings: `[vars]` in wrangler.toml.

use std::ops::RangeInclusive;

use http::HeaderValue;

use crate::{password::Policy, user_id::UserId};

/// Settings that make sense.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `PASSWORD_MIN_LENGTH` and `PASSWORD_CONTEXT_WORDS`.
    pub policy: Policy,
    /// `ALLOWED_ORIGIN`: who may read answers in a browser.
    pub allowed_origin: HeaderValue,
    /// `PUBLIC_URL`: the origin of the links in our mails.
    pub public_url: String,
    /// `MAIL_FROM`: the sender of our mails.
    pub mail_from: String,
    /// `PENDING_CODE_TTL_SECONDS`: the life of a code.
    pub code_lifetime_seconds: u64,
    /// `LOGIN_URL`: where a page leads after success.
    pub login_url: Option<String>,
    /// `AUDIT_RETENTION_DAYS`: the age at which audit rows are removed.
    pub audit_retention_days: u64,
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
    /// Missing, or not an origin: it is never taken from a request.
    #[error(
        "The setting PUBLIC_URL must be the origin at which users reach this Worker, such as https://reset.exchange.example, without a path."
    )]
    PublicUrl,
    /// Missing, or not a mail address.
    #[error("The setting MAIL_FROM must be the mail address that our mails come from.")]
    MailFrom,
    /// KV keeps nothing for less than a minute; a code that lives for more than a day is found in old mailboxes.
    #[error("The setting PENDING_CODE_TTL_SECONDS must be a whole number from 60 to 86400.")]
    PendingCodeTtlSeconds,
    /// Not a URL.
    #[error("The setting LOGIN_URL must be an address that begins with https://.")]
    LoginUrl,
    /// Not a number of days.
    #[error(
        "The setting AUDIT_RETENTION_DAYS must be a whole number from 30 to 36500: longer than a mail may wait."
    )]
    AuditRetentionDays,
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
        let number = |name, invalid, range: RangeInclusive<u64>, default| match var(name, invalid)? {
            None => Ok(default),
            Some(text) => text.parse().ok().filter(|number| range.contains(number)).ok_or(invalid),
        };
        let min_length = number("PASSWORD_MIN_LENGTH", InvalidSetting::PasswordMinLength, 8..=64, 15)?;
        let context_words =
            var("PASSWORD_CONTEXT_WORDS", InvalidSetting::PasswordContextWords)?.unwrap_or_default();
        let allowed_origin =
            var("ALLOWED_ORIGIN", InvalidSetting::AllowedOrigin)?.unwrap_or_else(|| "*".to_owned());
        Ok(Self {
            policy: Policy::new(
                usize::try_from(min_length).map_err(|_| InvalidSetting::PasswordMinLength)?,
                context_words.split(','),
            ),
            allowed_origin: Some(&allowed_origin)
                .filter(|origin| *origin == "*" || is_origin(origin))
                .and_then(|origin| HeaderValue::from_str(origin).ok())
                .ok_or(InvalidSetting::AllowedOrigin)?,
            public_url: var("PUBLIC_URL", InvalidSetting::PublicUrl)?
                .filter(|url| is_origin(url) && is_private(url))
                .ok_or(InvalidSetting::PublicUrl)?,
            mail_from: var("MAIL_FROM", InvalidSetting::MailFrom)?
                .filter(|address| {
                    address.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
                })
                .ok_or(InvalidSetting::MailFrom)?,
            code_lifetime_seconds: number(
                "PENDING_CODE_TTL_SECONDS",
                InvalidSetting::PendingCodeTtlSeconds,
                60..=86_400,
                1800,
            )?,
            login_url: match var("LOGIN_URL", InvalidSetting::LoginUrl)?.filter(|url| !url.is_empty()) {
                Some(url) if is_private(&url) => Some(url),
                Some(_) => return Err(InvalidSetting::LoginUrl),
                None => None,
            },
            audit_retention_days: number(
                "AUDIT_RETENTION_DAYS",
                InvalidSetting::AuditRetentionDays,
                30..=36_500,
                400,
            )?,
        })
    }

    /// The link in a mail. What is secret stands in the fragment, which never reaches a server, a log or a Referer.
    #[must_use]
    pub fn link(&self, user_id: &UserId, code: &str) -> String {
        let user_id: String = form_urlencoded::byte_serialize(user_id.as_str().as_bytes()).collect();
        format!("{}/resetPassword#UserId={user_id}&PendingCode={code}", self.public_url)
    }

    /// Where to ask for a new link.
    #[must_use]
    pub fn forgot_password_url(&self) -> String {
        format!("{}/forgotPassword", self.public_url)
    }
}

/// Whether nobody on the way can read what goes there: it is encrypted, or does not leave the machine.
fn is_private(url: &str) -> bool {
    url.starts_with("https://")
        || ["http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|local| {
            url.strip_prefix(local).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
        })
}

/// Whether this is an origin in the one form in which browsers send it (Fetch standard, "serializing an origin"): a
/// scheme, a host in lower case, and a port if it is not the scheme's own.
fn is_origin(text: &str) -> bool {
    let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b':' | b'[' | b']');
    [("http://", ":80"), ("https://", ":443")].iter().any(|(scheme, usual_port)| {
        text.strip_prefix(scheme)
            .is_some_and(|host| !host.is_empty() && host.bytes().all(plain) && !host.ends_with(usual_port))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, value: &str) -> Result<Settings, InvalidSetting> {
        Settings::read(|asked| {
            let needed =
                [("PUBLIC_URL", "https://reset.example"), ("MAIL_FROM", "no-reply@exchange.example")];
            let set = [(name, value)].into_iter().chain(needed);
            Ok(set.into_iter().find(|(set, _)| *set == asked).map(|(_, value)| value.to_owned()))
        })
    }

    #[test]
    fn settings_that_make_sense() {
        let defaults = read("NO_SUCH_SETTING", "").unwrap();
        assert_eq!(defaults.allowed_origin, "*");
        assert_eq!(defaults.code_lifetime_seconds, 1800);
        assert_eq!(defaults.audit_retention_days, 400);
        assert_eq!(defaults.login_url, None);
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

    /// A code must not travel in clear.
    #[test]
    fn links_are_encrypted_unless_they_stay_on_this_machine() {
        for url in ["https://reset.example", "http://127.0.0.1:8787", "http://localhost", "http://[::1]:1"] {
            assert!(read("PUBLIC_URL", url).is_ok(), "{url}");
            assert!(read("LOGIN_URL", url).is_ok(), "{url}");
        }
        for url in
            ["http://reset.example", "http://127.0.0.1.example", "http://localhost.example", "javascript:1"]
        {
            assert_eq!(read("PUBLIC_URL", url).err(), Some(InvalidSetting::PublicUrl), "{url}");
            assert_eq!(read("LOGIN_URL", url).err(), Some(InvalidSetting::LoginUrl), "{url}");
        }
    }
}
