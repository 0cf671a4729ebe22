//! The settings: `Settings::read`.

use std::str;

use reset_password2::{
    color::Color,
    settings::{InvalidSetting, Setting, Settings},
};
use url::{Host, Origin, Url};

const SETTINGS: [Setting; 16] = [
    Setting::PublicUrl,
    Setting::AllowedOrigin,
    Setting::LoginUrl,
    Setting::MailFrom,
    Setting::PasswordMinLength,
    Setting::PendingCodeTtlSeconds,
    Setting::AuditRetentionDays,
    Setting::PasswordContextWords,
    Setting::BreachCheck,
    Setting::BreachCheckUrl,
    Setting::WithdrawalHoldHours,
    Setting::WebhookUrl,
    Setting::WebhookSecret,
    Setting::ExchangeName,
    Setting::SupportUrl,
    Setting::BrandColor,
];

/// The input is the name of a setting, an equals sign, and its value. What is accepted is what the parser of browsers (the
/// crate url) reads in the same way, and only that setting is ever blamed.
pub fn settings(input: &[u8]) {
    let Some((name, value)) = str::from_utf8(input).ok().and_then(|text| text.split_once('=')) else {
        return;
    };
    let Some(setting) = SETTINGS.into_iter().find(|setting| setting.name() == name) else { return };
    let settings = with(setting, value);
    if let Err(InvalidSetting(blamed)) = settings {
        assert_eq!(blamed, setting, "{value:?}");
    }
    let settings = settings.ok();
    let integer = |read: Option<u64>, least: u64, most: u64| {
        let expected =
            value.parse::<i128>().ok().filter(|number| (least.into()..=most.into()).contains(number));
        assert_eq!(read.map(i128::from), expected, "{value:?}");
    };
    match setting {
        Setting::PublicUrl => {
            let url = settings.map(|settings| settings.public_url);
            assert!(url.is_none_or(|url| url == value && is_origin(value) && is_secure(value)), "{value:?}");
            assert!(
                with(setting, value).is_ok() || !is_plain_origin(value) || !is_secure(value),
                "{value:?}"
            );
        }
        Setting::AllowedOrigin => {
            let origin = settings.map(|settings| settings.allowed_origin);
            assert!(
                origin.is_none_or(|origin| origin == value && (value == "*" || is_origin(value))),
                "{value:?}"
            );
            assert!(with(setting, value).is_ok() || !is_plain_origin(value), "{value:?}");
        }
        Setting::LoginUrl => {
            let url = settings.and_then(|settings| settings.login_url);
            assert!(url.is_none_or(|url| url == value && is_link(value)), "{value:?}");
        }
        Setting::MailFrom => {
            let address = settings.map(|settings| settings.mail_from);
            assert!(address.is_none_or(|address| address == value && is_one_address(value)), "{value:?}");
        }
        Setting::PasswordMinLength => {
            let length = settings.map(|settings| settings.policy.min_length());
            integer(length.and_then(|length| u64::try_from(length).ok()), 8, 64);
        }
        Setting::PendingCodeTtlSeconds => {
            integer(settings.map(|settings| settings.code_lifetime_seconds), 360, 86_400);
        }
        Setting::AuditRetentionDays => {
            integer(settings.map(|settings| settings.audit_retention_days), 30, 36_500);
        }
        Setting::BreachCheck => assert_eq!(settings.is_some(), matches!(value, "on" | "off"), "{value:?}"),
        Setting::BreachCheckUrl => {
            let url = settings.and_then(|settings| settings.breach_check_url);
            assert!(url.is_none_or(|url| url == value && is_link(value)), "{value:?}");
        }
        Setting::WithdrawalHoldHours => {
            integer(settings.map(|settings| settings.withdrawal_hold_hours), 0, 720);
        }
        Setting::WebhookUrl => {
            let url = settings.and_then(|settings| settings.webhook).map(|webhook| webhook.url);
            assert!(url.is_none_or(|url| url == value && is_link(value)), "{value:?}");
        }
        Setting::WebhookSecret => {
            let is_base64 = |text: &str| {
                text.len().is_multiple_of(4)
                    && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte))
            };
            let encoded = value.strip_prefix("whsec_").unwrap_or_default();
            let unpadded = encoded.trim_end_matches('=');
            // 24 to 64 bytes. The last letter of padded Base64 encodes fewer than six bits.
            if encoded == unpadded {
                let is_secret = is_base64(encoded) && (32..=84).contains(&encoded.len());
                assert_eq!(settings.is_some(), is_secret, "{value:?}");
            } else {
                assert!(settings.is_none() || (33..=88).contains(&encoded.len()), "{value:?}");
            }
        }
        Setting::ExchangeName => {
            let name = settings.map(|settings| settings.brand.exchange_name);
            let stays_on_its_line = |name: &str| {
                name.lines().count() == 1 && name.trim() == name && !name.contains(['\r', '\0', '<', '"'])
            };
            assert!(
                name.is_none_or(|name| (name == value || value.is_empty()) && stays_on_its_line(&name)),
                "{value:?}"
            );
        }
        Setting::SupportUrl => {
            let url = settings.and_then(|settings| settings.brand.support_url);
            let is_mail = || value.strip_prefix("mailto:").is_some_and(is_one_address);
            assert!(url.is_none_or(|url| url == value && (is_link(value) || is_mail())), "{value:?}");
        }
        Setting::BrandColor => {
            let color = settings.map(|settings| settings.brand.color.map(Color::hex));
            let is_unset_or_equal = |color: Option<String>| {
                color.map_or(value.is_empty(), |color| color == value.to_ascii_lowercase())
            };
            assert!(color.is_none_or(is_unset_or_equal), "{value:?}");
        }
        Setting::PasswordContextWords => assert!(settings.is_some(), "{value:?}"),
    }
}

/// Reads valid settings, except that `setting` has this value.
pub(super) fn with(setting: Setting, value: &str) -> Result<Settings, InvalidSetting> {
    Settings::read(|name| {
        Ok(match name {
            _ if name == setting.name() => Some(value.to_owned()),
            "PUBLIC_URL" => Some("https://reset.example".to_owned()),
            "MAIL_FROM" => Some("no-reply@exchange.example".to_owned()),
            "WEBHOOK_URL" if setting == Setting::WebhookSecret => {
                Some("https://exchange.example/events".to_owned())
            }
            "WEBHOOK_SECRET" => Some("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned()),
            _ => None,
        })
    })
}

/// Parses a URL as browsers do.
fn parse(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// Whether this is what browsers send as `Origin`.
fn is_origin(text: &str) -> bool {
    is_unchecked_punycode(text) || parse(text).is_some_and(|url| url.origin().ascii_serialization() == text)
}

/// Whether this is what browsers send as `Origin`, and the host is a plain name.
fn is_plain_origin(text: &str) -> bool {
    let Some(Origin::Tuple(_, Host::Domain(domain), port)) = parse(text).map(|url| url.origin()) else {
        return false;
    };
    let is_plain = |label: &str| {
        (1..=63).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    // A last label that starts with a digit is rejected, because it could be read as a number.
    let ends_in_letters = domain.rsplit('.').next().is_some_and(|last| last.starts_with(char::is_alphabetic));
    !is_unchecked_punycode(text)
        && is_origin(text)
        && port != 0
        && domain.len() <= 253
        && domain.split('.').all(is_plain)
        && ends_in_letters
}

fn is_secure(text: &str) -> bool {
    is_unchecked_punycode(text)
        || parse(text).is_some_and(|url| {
            url.scheme() == "https" || matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
        })
}

/// Whether this is a URL that leads where a person who reads it expects.
fn is_link(text: &str) -> bool {
    let Some(url) = parse(text) else { return is_unchecked_punycode(text) };
    let authority = text.split_once("://").map(|(_, rest)| rest).unwrap_or_default();
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let host = url.host_str().unwrap_or_default();
    is_secure(text)
        && url.username().is_empty()
        && url.password().is_none()
        && authority.strip_prefix(host).is_some_and(|port| {
            let port = port.strip_prefix(':').map(str::parse);
            port.is_none_or(|port| port == Ok(url.port_or_known_default().unwrap_or_default()))
        })
}

/// Browsers also decode Punycode, which needs tables that would make the module larger. Nobody can register a name that
/// can't be decoded, so such a setting is as wrong as any other name that doesn't exist.
fn is_unchecked_punycode(text: &str) -> bool {
    text.to_ascii_lowercase().contains("xn--")
}

/// Whether no mail server could read this as anything but one address.
fn is_one_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let is_safe = |letter: char| letter.is_ascii_graphic() && !"@<>()[],;:\\\"".contains(letter);
    let host = Host::parse(domain);
    (1..=64).contains(&local.len())
        && text.len() <= 254
        && local.chars().all(is_safe)
        && domain.contains('.')
        && (is_unchecked_punycode(domain)
            || host.is_ok_and(|host| host == Host::Domain(domain.to_ascii_lowercase())))
}
