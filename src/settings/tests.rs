use strum::VariantArray as _;

use super::*;
use crate::password::{NewPassword, Violation};

fn is_rejected(setting: Setting, value: &str) -> bool {
    Settings::with(setting, value).err() == Some(InvalidSetting(setting))
}

/// A secret is stored with `wrangler secret put`.
#[test]
fn a_secret_is_documented_but_not_in_wrangler_toml() {
    let name = Setting::WebhookSecret.name();
    assert!(include_str!("../../docs/settings.md").contains(&format!("`wrangler secret put {name}`")));
    assert!(!include_str!("../../wrangler.toml").contains(name));
}

#[test]
fn the_documentation_and_wrangler_toml_have_exactly_the_variables_with_their_defaults() {
    let variables: Vec<_> =
        Setting::VARIANTS.iter().filter(|setting| **setting != Setting::WebhookSecret).collect();
    let rows: Vec<(&str, &str)> = include_str!("../../docs/settings.md")
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
        .collect();
    let (_, vars) = include_str!("../../wrangler.toml").split_once("[vars]\n").unwrap();
    let vars = vars.split("\n[").next().unwrap();
    let vars: Vec<(&str, &str)> = vars.lines().filter_map(|line| line.split_once(" = ")).collect();
    assert_eq!((rows.len(), vars.len()), (variables.len(), variables.len()));
    for setting in variables {
        let value_of = |table: &[(&str, &'static str)]| {
            table.iter().find(|(name, _)| *name == setting.name()).unwrap().1
        };
        let documented = value_of(&rows).split(" | ").next().unwrap().trim_matches('`');
        let configured = value_of(&vars).trim_matches('"');
        match documented {
            "required" => assert!(!configured.is_empty(), "{setting:?}"),
            "none" => assert_eq!(configured, "", "{setting:?}"),
            default => assert_eq!(configured, default, "{setting:?}"),
        }
    }
}

#[test]
fn a_missing_setting_has_its_default() {
    let defaults = Settings::with(Setting::LoginUrl, "").unwrap();
    assert_eq!(defaults.policy.min_length(), 15);
    assert_eq!(defaults.allowed_origin, "*");
    assert_eq!(defaults.code_lifetime_seconds, 1800);
    assert_eq!(defaults.withdrawal_hold_hours, 24);
    assert_eq!(defaults.audit_retention_days, 400);
    assert_eq!(defaults.login_url, None);
}

#[test]
fn numbers_within_their_range_are_accepted() {
    for (setting, accepted, rejected) in [
        (Setting::PasswordMinLength, ["8", "64"], ["7", "65"]),
        (Setting::PendingCodeTtlSeconds, ["360", "86400"], ["359", "86401"]),
        (Setting::WithdrawalHoldHours, ["0", "720"], ["-1", "721"]),
        (Setting::AuditRetentionDays, ["30", "36500"], ["29", "36501"]),
    ] {
        for value in accepted {
            assert!(Settings::with(setting, value).is_ok(), "{setting:?} {value}");
        }
        for value in rejected.into_iter().chain(["", "15.0", "fifteen", "-8"]) {
            assert!(is_rejected(setting, value), "{setting:?} {value}");
        }
    }
}

/// What no URL may be, whatever it is used for.
const INVALID_URLS: [&str; 30] = [
    "exchange.example",
    "null",
    "javascript:1",
    "ftp://exchange.example",
    "https:exchange.example",
    // An empty or malformed host.
    "https://",
    "https:///",
    "https://:",
    "https://:1",
    "https://[[[",
    "https://[1.2.3.4]",
    "https://a..example",
    "https://-a.example",
    "https://a_b.example",
    "https://*.example",
    "https://exchange%2eexample",
    "https://b\u{f6}rse.example",
    // Numbers that browsers read as another address.
    "https://127.1",
    "https://1.2.3.256",
    "https://0x7f.0x1",
    // A malformed port.
    "https://a:",
    "https://a:b:c",
    "https://a:0",
    "https://a:99999",
    "https://a:+1",
    // User info.
    "https://user@exchange.example",
    "https://a:1@a",
    // Spaces and control characters.
    "https://a.example https://b.example",
    " https://exchange.example",
    "https://exchange.example\n",
];

#[test]
fn an_origin_is_accepted_only_as_browsers_send_it() {
    for origin in [
        "*",
        "https://exchange.example",
        "http://127.0.0.1:8788",
        "https://xn--brse-5qa.example",
        "https://[2001:db8::1]:8443",
        "http://192.0.2.1",
    ] {
        assert_eq!(Settings::with(Setting::AllowedOrigin, origin).unwrap().allowed_origin, origin);
    }
    for origin in [
        "",
        "https://exchange.example/",
        "https://exchange.example?",
        "https://exchange.example#",
        "https://Exchange.example",
        "HTTPS://exchange.example",
        "https://exchange.example:443",
        "https://exchange.example:0444",
        "http://exchange.example:80",
        "https://[2001:DB8::1]",
        "https://[2001:db8:0::1]",
        "https://[::ffff:192.0.2.1]",
    ] {
        assert!(is_rejected(Setting::AllowedOrigin, origin), "{origin}");
        assert!(is_rejected(Setting::PublicUrl, origin), "{origin}");
    }
}

#[test]
fn a_url_that_programs_could_read_differently_is_rejected() {
    for url in INVALID_URLS {
        for setting in [Setting::AllowedOrigin, Setting::PublicUrl, Setting::LoginUrl] {
            assert!(is_rejected(setting, url), "{setting:?} {url:?}");
        }
    }
    for url in [
        "https://user:pw@evil.example/",
        "http://localhost:x@evil.example/login",
        "http://localhost:1@evil.example/login",
        "http://localhost@evil.example/login",
        "http://127.0.0.1\t@evil.example/login",
        "https://exchange.example\\@evil.example/login",
        "https://exchange.example/log in",
        "https://exchange.example/a\\b",
        "https://exchange.example/#\n",
        "https://exchange.example/#\u{1}",
        "https://exchange.example/#\\",
        "https://exchange.example/\u{85}",
    ] {
        assert!(is_rejected(Setting::LoginUrl, url), "{url:?}");
    }
}

#[test]
fn the_page_on_which_users_log_in_may_have_any_path() {
    for url in [
        "https://exchange.example/",
        "https://exchange.example:8443/login?from=reset@exchange.example#/login",
        "https://Exchange.example/\u{434}",
        "http://localhost:3000/login",
        "http://[::1]/login",
    ] {
        assert_eq!(Settings::with(Setting::LoginUrl, url).unwrap().login_url.unwrap(), url);
    }
}

#[test]
fn the_sender_is_one_address() {
    for address in ["no-reply@exchange.example", "a+b.c'd@mail.exchange.example", "a@xn--brse-5qa.example"] {
        assert_eq!(Settings::with(Setting::MailFrom, address).unwrap().mail_from, address);
    }
    let long = format!("{}@exchange.example", "a".repeat(65));
    for address in [
        "",
        "@",
        "exchange.example",
        "a@",
        "@exchange.example",
        "a@@",
        "a@@exchange.example",
        "a@b@exchange.example",
        "a@b c",
        "a b@exchange.example",
        "a@exchange.example ",
        "a@exchange.example\n",
        "a@exchange.example\r\nBcc: b@evil.example",
        "a\n@exchange.example",
        "a@exchange.example,b@exchange.example",
        "Exchange <a@exchange.example>",
        "a@exchange",
        "a@exchange..example",
        "a@.example",
        "a@exchange.example.",
        "a@192.0.2.1",
        "a@[192.0.2.1]",
        "a@b\u{f6}rse.example",
        &long,
    ] {
        assert!(is_rejected(Setting::MailFrom, address), "{address:?}");
    }
}

#[test]
fn a_value_that_is_not_a_string_is_rejected_and_named() {
    for setting in Setting::VARIANTS {
        let settings = Settings::read(|asked| match asked {
            asked if asked == setting.name() => Err(WrongType),
            "PUBLIC_URL" => Ok(Some("https://reset.example".to_owned())),
            "MAIL_FROM" => Ok(Some("no-reply@exchange.example".to_owned())),
            "WEBHOOK_URL" => Ok(Some("https://exchange.example/events".to_owned())),
            "WEBHOOK_SECRET" => Ok(Some("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned())),
            _ => Ok(None),
        });
        let invalid = settings.err().unwrap();
        assert_eq!(invalid, InvalidSetting(*setting));
        assert!(invalid.to_string().starts_with(&format!("The setting {} must be ", setting.name())));
    }
}

/// A code must not be sent unencrypted.
#[test]
fn urls_must_use_tls_unless_they_stay_on_this_machine() {
    for url in ["https://reset.example", "http://127.0.0.1:8787", "http://localhost", "http://[::1]:1"] {
        assert!(Settings::with(Setting::PublicUrl, url).is_ok(), "{url}");
        assert!(Settings::with(Setting::LoginUrl, url).is_ok(), "{url}");
    }
    for url in [
        "http://reset.example",
        "http://127.0.0.1.example",
        "http://127.0.0.2",
        "http://localhost.example",
        "http://[::2]",
    ] {
        assert!(is_rejected(Setting::PublicUrl, url), "{url}");
        assert!(is_rejected(Setting::LoginUrl, url), "{url}");
    }
}

#[test]
fn events_have_a_url_and_a_secret_or_neither() {
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let read = |url: &str, secret: Option<&str>| {
        Settings::read(|name| {
            let value = match name {
                "PUBLIC_URL" => Some("https://reset.example"),
                "MAIL_FROM" => Some("no-reply@exchange.example"),
                "WEBHOOK_URL" => Some(url),
                "WEBHOOK_SECRET" => secret,
                _ => None,
            };
            Ok(value.map(str::to_owned))
        })
    };
    for url in ["https://exchange.example/events?of=reset", "http://127.0.0.1:8080"] {
        assert_eq!(read(url, Some(SECRET)).unwrap().webhook.unwrap().url, url);
        for secret in [None, Some(""), Some("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), Some("whsec_c2hvcnQ=")] {
            let invalid = read(url, secret).err().unwrap();
            assert_eq!(invalid, InvalidSetting(Setting::WebhookSecret));
            assert!(secret.is_none_or(|secret| secret.is_empty() || !invalid.to_string().contains(secret)));
        }
    }
    assert!(read("", None).unwrap().webhook.is_none() && read("", Some("x")).unwrap().webhook.is_none());
    for url in [
        "http://exchange.example/events",
        "https://user:pw@exchange.example/",
        "https://exchange.example/#x",
        "exchange.example",
    ] {
        assert_eq!(read(url, Some(SECRET)).err(), Some(InvalidSetting(Setting::WebhookUrl)), "{url}");
    }
}

#[test]
fn the_exchange_has_a_name_on_one_line_a_color_and_an_address_of_support() {
    let accepted = |setting, value| Settings::with(setting, value).map(|settings| settings.brand);
    assert_eq!(accepted(Setting::ExchangeName, "").unwrap().exchange_name, "Example Exchange");
    let longest = "x".repeat(50);
    for name in ["Northwind", "Ñandú & Söhne's", "取引所", &longest] {
        assert_eq!(accepted(Setting::ExchangeName, name).unwrap().exchange_name, name);
    }
    for name in [
        " ",
        " Northwind",
        "a\nb",
        "a\r\nBcc: b",
        "<b>",
        "\"x\"",
        "{}",
        "a\u{2028}b",
        "a\u{202e}b",
        &"x".repeat(51),
    ] {
        assert!(is_rejected(Setting::ExchangeName, name), "{name:?}");
    }
    for url in ["https://help.example/?from=reset", "mailto:help@exchange.example"] {
        assert_eq!(accepted(Setting::SupportUrl, url).unwrap().support_url.as_deref(), Some(url));
    }
    for url in [
        "http://help.example",
        "javascript:alert(1)",
        "mailto:",
        "mailto:a@b",
        "mailto:a@b.example?x=y",
        "mailto:a?cc=b@c.example",
    ] {
        assert!(is_rejected(Setting::SupportUrl, url), "{url}");
    }
    assert_eq!(accepted(Setting::BrandColor, "#F0b90B").unwrap().color.unwrap().hex(), "#f0b90b");
    for color in ["blue", "#fff", "f0b90b", "#f0b90b;", "url(x)"] {
        assert!(is_rejected(Setting::BrandColor, color), "{color}");
    }
}

#[test]
fn a_password_must_not_contain_the_name_of_the_exchange() {
    let policy = Settings::with(Setting::ExchangeName, "North wind").unwrap().policy;
    let check = |password| policy.check(&NewPassword::new(password), None);
    for password in ["my northwind password", "NORTH WIND is a fine one"] {
        assert_eq!(check(password), Err(Violation::ContainsServiceName), "{password}");
    }
    assert_eq!(check("a password without it"), Ok(()));
}

#[test]
fn five_digits_can_be_appended_to_the_url_of_the_breach_check() {
    for url in [
        "https://breaches.example/range/",
        "https://breaches.example/?range=",
        "http://127.0.0.1:8080/range/",
    ] {
        let settings = Settings::with(Setting::BreachCheckUrl, url).unwrap();
        assert_eq!(settings.breach_check_url.as_deref(), Some(url));
    }
    for url in [
        "",
        "https://breaches.example/range",
        "http://breaches.example/range/",
        "breaches.example/range/",
        // The fragment of a URL is not sent, so every password would count as unknown.
        "https://breaches.example/range#/",
    ] {
        let error = Settings::with(Setting::BreachCheckUrl, url).err();
        assert_eq!(error, Some(InvalidSetting(Setting::BreachCheckUrl)), "{url}");
    }
}
