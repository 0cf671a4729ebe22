//! The mails in every language.

use std::sync::LazyLock;

use super::*;
use crate::{
    brand::Brand,
    color::Color,
    device::DeviceFamily,
    languages::{Direction, Language},
    unix_millis::UnixMillis,
};

const LINK: &str =
    "https://exchange.example/resetPassword#UserId=5&PendingCode=f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
const CODE: &str = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
const FORGOT_PASSWORD: &str = "https://exchange.example/forgotPassword";

const LOCK_LINK: &str =
    "https://exchange.example/lockAccount#UserId=5&LockCode=f81d4fae-7dec-11d0-a765-00a0c91e6bf6";

static BRAND: LazyLock<Brand> =
    LazyLock::new(|| Brand { exchange_name: "Northwind".to_owned(), support_url: None, color: None });

fn letterhead() -> Letterhead<'static> {
    Letterhead { brand: &BRAND, user_name: Some("alice"), phrase: None }
}

fn reset() -> ResetMail<'static> {
    ResetMail { link: LINK, code: CODE, user_id: "5", lifetime_minutes: 30, letterhead: letterhead() }
}

fn changed<'a>(country: Option<&'a str>, forgot_password_url: &'a str) -> NoticeMail<'a> {
    let at = UnixMillis::try_from(1_767_225_600_000).unwrap();
    NoticeMail {
        at,
        country,
        device: DeviceFamily::Iphone,
        withdrawals_held_until: None,
        letterhead: letterhead(),
        lock: None,
        forgot_password_url,
    }
}

fn with_lock() -> NoticeMail<'static> {
    let lock = LockLink { link: LOCK_LINK, code: CODE, user_id: "5" };
    NoticeMail { lock: Some(lock), ..changed(Some("DE"), FORGOT_PASSWORD) }
}

/// The text as askama escapes it.
fn escaped(text: &str) -> String {
    text.replace('&', "&#38;").replace('"', "&#34;").replace('<', "&#60;").replace('>', "&#62;")
}

/// Every mail with a link in every language, each with the address that it links to.
fn all() -> impl Iterator<Item = (Language, Mail, &'static str)> {
    Language::ALL.into_iter().flat_map(|language| {
        [
            (language, render_reset_mail(language, &reset()), LINK),
            (language, render_notice_mail(language, &changed(Some("DE"), FORGOT_PASSWORD)), FORGOT_PASSWORD),
            (language, render_notice_mail(language, &with_lock()), LOCK_LINK),
        ]
    })
}

#[test]
fn a_mail_is_complete_and_has_its_language_and_direction() {
    for (language, mail, _) in all() {
        assert!(!mail.subject.is_empty() && !mail.subject.contains(char::is_control), "{mail:?}");
        let attributes = format!(r#"lang="{}" dir="{}""#, language.tag(), language.direction());
        assert!(mail.html.starts_with(&format!("<!DOCTYPE html>\n<html {attributes}>")), "{}", mail.html);
        assert!(mail.html.contains(&format!("<div {attributes}>")), "Gmail drops <html>");
        assert!(mail.html.trim_end().ends_with("</html>"));
        let heading = mail.subject.strip_suffix(" – Northwind").unwrap();
        assert!(mail.html.contains(&format!("<title>{}</title>", escaped(heading))));
        assert!(!mail.text.contains(['{', '}', '<', '>']), "{}", mail.text);
        let (_, body) = mail.html.split_once("</head>").unwrap();
        assert!(!body.contains(['{', '}']), "{body}");
    }
}

#[test]
fn a_mail_links_only_to_its_address_and_loads_nothing() {
    for (_, mail, link) in all() {
        assert_eq!(mail.text.matches(link).count(), 1);
        assert!(!mail.text.replace(link, "").contains("http"));
        let href = format!(r#"<a href="{}""#, escaped(link));
        assert_eq!(mail.html.matches(&href).count(), 2, "the button and the bare link");
        assert!(mail.html.contains(&format!(">{}</a>", escaped(link))));
        let rest = mail.html.replace(&escaped(link), "").to_lowercase();
        for foreign in ["http", "//", "<img", "src=", "url(", "@import", "<link", "<script", "<form"] {
            assert!(!rest.contains(foreign), "{foreign}");
        }
    }
}

#[test]
fn the_reset_mail_has_the_code_and_its_lifetime() {
    for language in Language::ALL {
        let mail = render_reset_mail(language, &reset());
        let lifetime = duration::in_words(language, 30);
        assert!(mail.text.contains(&format!("\n\n{CODE}\n\n")), "alone on its line");
        assert!(mail.html.contains("<code dir=\"ltr\""));
        assert!(mail.html.contains(&format!(">{CODE}</code>")));
        assert!(mail.text.contains(&lifetime) && mail.html.contains(&lifetime), "{lifetime}");
    }
}

#[test]
fn the_notice_has_time_country_and_device() {
    for language in Language::ALL {
        let mail = render_notice_mail(language, &changed(Some("DE"), FORGOT_PASSWORD));
        for value in ["2026-01-01 00:00 UTC", "DE", "iPhone"] {
            assert!(mail.text.contains(&format!("{value}\n")), "{value}");
            assert!(mail.html.contains(&format!("<span dir=\"ltr\">{value}</span>")), "{value}");
        }
    }
}

#[test]
fn values_after_right_to_left_labels_are_marked_left_to_right() {
    for language in Language::ALL {
        let mail = render_notice_mail(language, &changed(Some("DE"), FORGOT_PASSWORD));
        for value in ["2026-01-01 00:00 UTC\n", "DE\n", "iPhone\n"] {
            let is_marked = mail.text.contains(&format!("\u{200e}{value}"));
            assert_eq!(is_marked, language.direction() == Direction::RightToLeft, "{}", mail.text);
        }
    }
}

/// Both mails in a language, to a user with this phrase.
fn with_phrase(language: Language, phrase: &str) -> [Mail; 2] {
    let phrase = Phrase::from(phrase.to_owned());
    let letterhead = Letterhead { phrase: Some(&phrase), ..letterhead() };
    [
        render_reset_mail(language, &ResetMail { letterhead, ..reset() }),
        render_notice_mail(language, &NoticeMail { letterhead, ..changed(None, FORGOT_PASSWORD) }),
    ]
}

#[test]
fn every_mail_to_a_user_who_has_a_phrase_shows_and_explains_it() {
    for language in Language::ALL {
        let words = &language.texts().mails;
        for mail in with_phrase(language, " blue\nheron ") {
            let text = format!("\n\n{}\nblueheron\n{}\n\n", words.phrase, words.phrase_missing);
            assert!(mail.text.contains(&text), "{}", mail.text);
            let html = r#"<strong dir="auto" style="word-break:break-word">blueheron</strong>"#;
            assert!(mail.html.contains(html) && mail.html.contains(words.phrase_missing), "{}", mail.html);
        }
        let without = [render_reset_mail(language, &reset()), with_phrase(language, " \n")[1].clone()];
        for mail in without {
            assert!(!mail.text.contains(words.phrase) && !mail.html.contains(words.phrase), "{}", mail.text);
        }
    }
}

#[test]
fn a_phrase_is_escaped_and_limited() {
    const HOSTILE: &str = "<script>alert(1)</script>' onclick='x";
    for mail in with_phrase(Language::English, HOSTILE) {
        assert!(!mail.html.contains("<script>") && !mail.html.contains("' onclick"), "{}", mail.html);
        assert_eq!(mail.html.matches("alert(1)").count(), 1, "{}", mail.html);
    }
    for mail in with_phrase(Language::English, &"x".repeat(500)) {
        for body in [&mail.text, &mail.html] {
            assert!(body.contains(&"x".repeat(100)) && !body.contains(&"x".repeat(101)), "{body}");
        }
    }
}

#[test]
fn the_notice_states_until_when_withdrawals_are_held() {
    for language in Language::ALL {
        let label = language.texts().notice.withdrawals_held;
        let until = UnixMillis::try_from(1_767_312_059_000).unwrap();
        let notice =
            NoticeMail { withdrawals_held_until: Some(until), ..changed(Some("DE"), FORGOT_PASSWORD) };
        let mail = render_notice_mail(language, &notice);
        let mark = language.direction().mark_before_value();
        assert!(mail.text.contains(&format!("\n\n{label}{mark}2026-01-02 00:00 UTC\n\n")), "{}", mail.text);
        let html = format!(
            r#"<p style="margin:0 0 16px">{label}<strong dir="ltr">2026-01-02 00:00 UTC</strong></p>"#
        );
        assert!(mail.html.contains(&html), "{}", mail.html);
        let mail = render_notice_mail(language, &changed(Some("DE"), FORGOT_PASSWORD));
        assert!(!mail.text.contains(label) && !mail.html.contains(label), "{}", mail.text);
    }
}

#[test]
fn a_missing_country_or_device_is_unknown() {
    for (country, shown) in
        [(None, "unknown"), (Some("XX"), "unknown"), (Some("T1"), "Tor"), (Some("FR"), "FR")]
    {
        let mail = render_notice_mail(Language::English, &changed(country, FORGOT_PASSWORD));
        assert!(mail.text.contains(&format!("\nCountry: {shown}\n")), "{country:?}");
    }
    let other = NoticeMail { device: DeviceFamily::Other, ..changed(None, FORGOT_PASSWORD) };
    assert!(render_notice_mail(Language::English, &other).text.contains("\nDevice: unknown\n"));
}

#[test]
fn html_in_a_value_is_escaped() {
    const HOSTILE: &str = "\"><script>alert('&')</script>";
    for language in Language::ALL {
        let hostile = ResetMail { link: HOSTILE, code: HOSTILE, ..reset() };
        for mail in [
            render_reset_mail(language, &hostile),
            render_notice_mail(language, &changed(Some(HOSTILE), HOSTILE)),
        ] {
            assert!(!mail.html.contains("<script"));
            assert!(!mail.html.contains("\"\">"));
            assert!(mail.html.contains("&#34;&#62;&#60;script&#62;"));
        }
    }
}

#[test]
fn debug_omits_the_bodies() {
    let mail = render_reset_mail(Language::English, &reset());
    assert_eq!(format!("{mail:?}"), r#"Mail { subject: "Reset your password – Northwind", .. }"#);
}

#[test]
fn the_notice_offers_to_lock_the_account_and_has_the_code_to_paste() {
    for language in Language::ALL {
        let texts = language.texts();
        let mail = render_notice_mail(language, &with_lock());
        for body in [&mail.text, &mail.html] {
            assert!(body.contains(&escaped(texts.notice.not_by_you_lock)) || *body == mail.text, "{body}");
            assert!(body.contains(texts.reset_mail.paste_code) && body.matches(CODE).count() >= 2, "{body}");
            assert!(!body.contains(FORGOT_PASSWORD), "{body}");
        }
        assert!(mail.text.contains(texts.notice.not_by_you_lock), "{}", mail.text);
        assert!(mail.html.contains(&format!(">{}</a>", texts.lock_account.lock)), "{}", mail.html);
    }
}

#[test]
fn the_mail_after_a_lock_says_when_and_whom_to_contact() {
    for language in Language::ALL {
        let at = UnixMillis::try_from(1_767_225_600_000).unwrap();
        let phrase = Phrase::from("blue heron".to_owned());
        let letterhead = Letterhead { phrase: Some(&phrase), ..letterhead() };
        let mail = render_locked_mail(language, &LockedMail { at: Some(at), letterhead });
        let words = &language.texts().locked_mail;
        assert_eq!(mail.subject, format!("{} – Northwind", words.subject));
        for body in [&mail.text, &mail.html] {
            assert!(body.contains("2026-01-01 00:00 UTC") && body.contains("blue heron"), "{body}");
            assert!(!body.contains("http"), "{body}");
        }
        for paragraph in [&words.locked.replace("{}", "Northwind"), words.contact, words.not_you] {
            assert!(mail.text.contains(paragraph) && mail.html.contains(&escaped(paragraph)), "{paragraph}");
        }
    }
}

/// The mails of each kind in a language.
fn each(language: Language, letterhead: Letterhead<'_>) -> [Mail; 3] {
    let at = UnixMillis::try_from(1_767_225_600_000).ok();
    [
        render_reset_mail(language, &ResetMail { letterhead, ..reset() }),
        render_notice_mail(language, &NoticeMail { letterhead, ..with_lock() }),
        render_locked_mail(language, &LockedMail { at, letterhead }),
    ]
}

/// In the subject, and in the first sentence of either part. The sender is in `delivery`.
#[test]
fn every_mail_names_the_exchange_and_the_user() {
    for language in Language::ALL {
        for mail in each(language, letterhead()) {
            assert!(mail.subject.ends_with(" – Northwind"), "{}", mail.subject);
            assert!(mail.text.lines().next().unwrap().contains("Northwind"), "{}", mail.text);
            let first = mail.html.split("</h1>").nth(1).unwrap().split("</p>").next().unwrap();
            assert!(first.contains("Northwind") && mail.html.contains(">Northwind</p>"), "{}", mail.html);
            let line = format!("\n\n{} alice\n\n", language.texts().mails.user_name);
            assert!(mail.text.contains(&line) && mail.html.contains(">alice</strong>"), "{}", mail.text);
        }
    }
}

#[test]
fn a_user_name_stays_on_its_line_and_may_be_missing() {
    const HOSTILE: &str = " <b>alice\r\n\nClick https://evil.example/\u{202e} ";
    for mail in each(Language::English, Letterhead { user_name: Some(HOSTILE), ..letterhead() }) {
        assert!(
            mail.text.contains("\n\nUser name: <b>aliceClick https://evil.example/\n\n"),
            "{}",
            mail.text
        );
        assert!(!mail.html.contains("<b>") && !mail.html.contains('\u{202e}'), "{}", mail.html);
    }
    for user_name in [None, Some(" \n")] {
        for mail in each(Language::English, Letterhead { user_name, ..letterhead() }) {
            assert!(!mail.text.contains("User name") && !mail.html.contains("User name"), "{}", mail.text);
        }
    }
}

#[test]
fn every_mail_says_where_support_is_and_has_the_color_of_the_exchange() {
    for (url, shown) in [
        ("https://help.example/reset", "https://help.example/reset"),
        ("mailto:help@exchange.example", "help@exchange.example"),
    ] {
        let support_url = Some(url.to_owned());
        let brand = Brand { support_url, color: Color::parse("#f0b90b"), ..BRAND.clone() };
        for language in Language::ALL {
            let contact = language.texts().pages.contact_support;
            for (index, mail) in
                each(language, Letterhead { brand: &brand, ..letterhead() }).iter().enumerate()
            {
                assert!(mail.text.contains(&format!("\n\n{contact}: {shown}\n\n")), "{}", mail.text);
                assert!(mail.html.contains(&format!(r#"<a href="{url}" dir="ltr""#)), "{}", mail.html);
                assert!(mail.html.contains("3px solid #f0b90b"), "{}", mail.html);
                let has_button = mail.html.contains("background:#f0b90b;color:#000000");
                assert_eq!(has_button, index < 2, "{}", mail.html);
            }
        }
    }
}
