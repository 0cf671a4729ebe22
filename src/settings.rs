//! The settings: `[vars]` in wrangler.toml, and a secret. docs/settings.md describes each one.

mod brand;
mod email_address;
mod host;
mod web_url;

use std::ops::RangeInclusive;

use http::HeaderValue;
use zeroize::Zeroizing;

use self::{
    brand::{is_exchange_name, is_support_url},
    email_address::is_email_address,
    web_url::WebUrl,
};
use crate::{
    brand::Brand,
    color::Color,
    password::Policy,
    user_id::UserId,
    webhook::{Webhook, WebhookSecret},
};

/// The default of `EXCHANGE_NAME`.
const EXAMPLE_EXCHANGE: &str = "Example Exchange";

/// The default of `BREACH_CHECK_URL`.
const HAVE_I_BEEN_PWNED: &str = "https://api.pwnedpasswords.com/range/";

/// The Worker's settings, validated.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `EXCHANGE_NAME`, `SUPPORT_URL` and `BRAND_COLOR`.
    pub brand: Brand,
    /// `PASSWORD_MIN_LENGTH`, `PASSWORD_CONTEXT_WORDS` and `EXCHANGE_NAME`.
    pub policy: Policy,
    /// `BREACH_CHECK_URL`: the beginning of the URL of the service that knows breached passwords, or `None` if
    /// `BREACH_CHECK` is `off`.
    pub breach_check_url: Option<String>,
    /// `ALLOWED_ORIGIN`: the origin whose pages may read responses, or `*`.
    pub allowed_origin: HeaderValue,
    /// `PUBLIC_URL`: the origin of the links in our e-mails.
    pub public_url: String,
    /// `MAIL_FROM`: the sender address of our e-mails.
    pub mail_from: String,
    /// `PENDING_CODE_TTL_SECONDS`: the lifetime of a code.
    pub code_lifetime_seconds: u64,
    /// `WITHDRAWAL_HOLD_HOURS`: for how long withdrawals are held after a reset. 0 disables the hold.
    pub withdrawal_hold_hours: u64,
    /// `LOGIN_URL`: the page on which users log in, to which our pages link.
    pub login_url: Option<String>,
    /// `AUDIT_RETENTION_DAYS`: the age at which audit rows are removed.
    pub audit_retention_days: u64,
    /// `WEBHOOK_URL` and `WEBHOOK_SECRET`: where the exchange receives events, if it does.
    pub webhook: Option<Webhook>,
}

/// The name of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the variants are named after the settings, which `Settings` describes")]
pub enum Setting {
    PasswordMinLength,
    PasswordContextWords,
    BreachCheck,
    BreachCheckUrl,
    AllowedOrigin,
    PublicUrl,
    MailFrom,
    PendingCodeTtlSeconds,
    WithdrawalHoldHours,
    LoginUrl,
    AuditRetentionDays,
    WebhookUrl,
    WebhookSecret,
    ExchangeName,
    SupportUrl,
    BrandColor,
}

impl Setting {
    /// Returns the name as wrangler.toml spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Returns the rule for its value, as the end of a sentence.
    const fn rule(self) -> &'static str {
        match self {
            Self::ExchangeName => {
                "must be the exchange's name on one line, with at most 50 characters and without < > { } or quotation marks"
            }
            Self::SupportUrl => {
                "must be a URL that begins with https://, or mailto: and an e-mail address, such as mailto:support@exchange.example"
            }
            Self::BrandColor => "must be a color such as #1a56c4",
            // NIST SP 800-63B-4, section 3.1.1.2: at least 8, and passwords of 64 must be allowed.
            Self::PasswordMinLength => "must be an integer from 8 to 64",
            Self::PasswordContextWords => "must be one string: words separated by commas",
            Self::BreachCheck => "must be on or off",
            Self::BreachCheckUrl => {
                "must be a URL to which five hexadecimal digits can be appended, such as https://api.pwnedpasswords.com/range/, with https unless it is on this machine"
            }
            Self::AllowedOrigin => {
                "must be * or one origin as browsers send it, such as https://exchange.example: in lower case, without a path, a wildcard, or the default port"
            }
            Self::PublicUrl => {
                "must be the origin at which users reach this Worker, such as https://reset.exchange.example: with https unless it is on this machine, in lower case, without a path or the default port"
            }
            Self::MailFrom => {
                "must be the e-mail address that our e-mails are sent from, such as no-reply@exchange.example, without a name"
            }
            // While a link works for five more minutes, a user gets at most one mail a minute
            // (docs/contract.md, section 3), so a code must live for at least six. A lifetime of more than a
            // day would leave usable codes in old mailboxes.
            Self::PendingCodeTtlSeconds => "must be an integer from 360 to 86400",
            Self::WithdrawalHoldHours => "must be an integer from 0 to 720",
            Self::LoginUrl => {
                "must be a URL that begins with https://, or with http:// if it is on this machine, without a user name or password"
            }
            // The delivery of a notice looks for the attempt in the audit log, so rows must outlive messages
            // in the queue.
            Self::AuditRetentionDays => "must be an integer from 30 to 36500",
            Self::WebhookUrl => {
                "must be the URL that receives events, such as https://exchange.example/events: with https unless it is on this machine, and without a user name, a password, or a fragment"
            }
            Self::WebhookSecret => {
                "must be whsec_ and the Base64 of 24 to 64 random bytes, because WEBHOOK_URL is set. Make one with: echo whsec_$(openssl rand -base64 32). Store it with: wrangler secret put WEBHOOK_SECRET"
            }
        }
    }
}

/// A setting is missing or invalid. The message names it and states its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The setting {} {}.", .0.name(), .0.rule())]
pub struct InvalidSetting(pub Setting);

/// A variable is set, but is neither a string nor a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongType;

impl Settings {
    /// Reads and validates the settings. `var` returns the value of a variable, or `None` if it isn't set.
    ///
    /// # Errors
    ///
    /// The first [`InvalidSetting`].
    pub fn read(var: impl Fn(&str) -> Result<Option<String>, WrongType>) -> Result<Self, InvalidSetting> {
        let text = |setting: Setting| var(setting.name()).map_err(|WrongType| InvalidSetting(setting));
        let required = |setting, is_valid: fn(&str) -> bool| {
            text(setting)?.filter(|text| is_valid(text)).ok_or(InvalidSetting(setting))
        };
        let integer = |setting, range: RangeInclusive<u64>, default| match text(setting)? {
            None => Ok(default),
            Some(text) => {
                text.parse().ok().filter(|number| range.contains(number)).ok_or(InvalidSetting(setting))
            }
        };

        let optional = |setting, is_valid: fn(&str) -> bool| {
            let text = text(setting)?.filter(|text| !text.is_empty());
            if text.as_deref().is_none_or(is_valid) { Ok(text) } else { Err(InvalidSetting(setting)) }
        };

        let exchange_name =
            optional(Setting::ExchangeName, is_exchange_name)?.unwrap_or_else(|| EXAMPLE_EXCHANGE.to_owned());
        let color = optional(Setting::BrandColor, |text| Color::parse(text).is_some())?;
        let min_length = integer(Setting::PasswordMinLength, 8..=64, 15)?;
        let context_words = text(Setting::PasswordContextWords)?.unwrap_or_default();
        let breach_check = match text(Setting::BreachCheck)?.as_deref() {
            None | Some("on") => true,
            Some("off") => false,
            Some(_) => return Err(InvalidSetting(Setting::BreachCheck)),
        };
        let breach_check_url = text(Setting::BreachCheckUrl)?.unwrap_or_else(|| HAVE_I_BEEN_PWNED.to_owned());
        let is_prefix = breach_check_url.ends_with(['/', '=']) && !breach_check_url.contains('#');
        if !is_prefix || !is_potentially_trustworthy(&breach_check_url) {
            return Err(InvalidSetting(Setting::BreachCheckUrl));
        }
        let allowed_origin = text(Setting::AllowedOrigin)?.unwrap_or_else(|| "*".to_owned());
        let login_url = optional(Setting::LoginUrl, is_potentially_trustworthy)?;
        let webhook = match text(Setting::WebhookUrl)?.filter(|url| !url.is_empty()) {
            None => None,
            Some(url) if !is_potentially_trustworthy(&url) || url.contains('#') => {
                return Err(InvalidSetting(Setting::WebhookUrl));
            }
            Some(url) => {
                let secret = text(Setting::WebhookSecret)?.map(Zeroizing::new);
                let secret = secret.and_then(|secret| WebhookSecret::parse(&secret));
                Some(Webhook { url, secret: secret.ok_or(InvalidSetting(Setting::WebhookSecret))? })
            }
        };
        Ok(Self {
            policy: Policy::new(
                usize::try_from(min_length).map_err(|_| InvalidSetting(Setting::PasswordMinLength))?,
                context_words.split(',').chain([exchange_name.as_str()]),
            ),
            brand: Brand {
                support_url: optional(Setting::SupportUrl, is_support_url)?,
                color: color.as_deref().and_then(Color::parse),
                exchange_name,
            },
            breach_check_url: breach_check.then_some(breach_check_url),
            allowed_origin: Some(&allowed_origin)
                .filter(|origin| *origin == "*" || is_origin(origin))
                .and_then(|origin| HeaderValue::from_str(origin).ok())
                .ok_or(InvalidSetting(Setting::AllowedOrigin))?,
            public_url: required(Setting::PublicUrl, |url| {
                is_origin(url) && is_potentially_trustworthy(url)
            })?,
            mail_from: required(Setting::MailFrom, is_email_address)?,
            code_lifetime_seconds: integer(Setting::PendingCodeTtlSeconds, 360..=86_400, 1800)?,
            withdrawal_hold_hours: integer(Setting::WithdrawalHoldHours, 0..=720, 24)?,
            login_url,
            audit_retention_days: integer(Setting::AuditRetentionDays, 30..=36_500, 400)?,
            webhook,
        })
    }

    /// Returns the link in a mail. The secret is in the fragment, which never reaches a server, a log, or a `Referer`.
    #[must_use]
    pub fn link(&self, user_id: &UserId, code: &str) -> String {
        let user_id: String = form_urlencoded::byte_serialize(user_id.as_str().as_bytes()).collect();
        format!("{}/resetPassword#UserId={user_id}&PendingCode={code}", self.public_url)
    }

    /// Returns the link in a notice, with which its recipient can lock the account. The secret is in the fragment.
    #[must_use]
    pub fn lock_link(&self, user_id: &UserId, code: &str) -> String {
        let user_id: String = form_urlencoded::byte_serialize(user_id.as_str().as_bytes()).collect();
        format!("{}/lockAccount#UserId={user_id}&LockCode={code}", self.public_url)
    }

    /// Returns the URL of the page on which users request a new link.
    #[must_use]
    pub fn forgot_password_url(&self) -> String {
        format!("{}/forgotPassword", self.public_url)
    }
}

fn is_potentially_trustworthy(url: &str) -> bool {
    WebUrl::parse(url).is_some_and(|url| url.is_potentially_trustworthy())
}

/// Whether this is an origin in the form in which browsers send it.
fn is_origin(text: &str) -> bool {
    WebUrl::parse(text).is_some_and(|url| url.origin() == text)
}

#[cfg(test)]
impl Settings {
    /// Reads valid settings, except that `setting` has this value.
    pub(crate) fn with(setting: Setting, value: &str) -> Result<Self, InvalidSetting> {
        let required = [("PUBLIC_URL", "https://reset.example"), ("MAIL_FROM", "no-reply@exchange.example")];
        let set = [[(setting.name(), value)].as_slice(), &required].concat();
        Self::read(|name| Ok(set.iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).to_owned())))
    }
}

#[cfg(test)]
mod tests;
