use strum::IntoEnumIterator as _;

use super::*;
use crate::{
    calls::{InvalidPayload, LockAccountError, ResetPassword2Error, ResetPasswordError},
    color::Color,
    languages::Language,
    password::Violation,
};

const MIN_LENGTH: usize = 37;

const SITE: Site<'_> = Site {
    exchange_name: "Northwind",
    has_color: true,
    login_url: Some("https://a.example/"),
    support_url: Some("https://help.example/"),
};

/// The errors that the page reports.
fn reset_password2_errors() -> impl Iterator<Item = ResetPassword2Error> {
    ResetPassword2Error::iter()
        .chain([InvalidPayload::TooLarge.into()])
        .chain(Violation::iter().map(ResetPassword2Error::from))
}

fn reset_password_errors() -> impl Iterator<Item = ResetPasswordError> {
    ResetPasswordError::iter().chain([InvalidPayload::TooLarge.into()])
}

fn choose(language: Language, error: Option<ResetPassword2Error>) -> String {
    let page = ChoosePassword {
        min_length: MIN_LENGTH,
        site: SITE,
        user_id: "5",
        error,
        earlier_attempt_unclear: false,
    };
    choose_password(language, &page)
}

fn request(language: Language, error: Option<ResetPasswordError>) -> String {
    request_link(language, &RequestLink { site: Site::default(), user_name: "alice", error })
}

fn lock_errors() -> impl Iterator<Item = LockAccountError> {
    LockAccountError::iter().chain([InvalidPayload::TooLarge.into()])
}

fn lock(language: Language, error: Option<LockAccountError>) -> String {
    lock_account(language, &LockAccount { site: SITE, user_id: "5", error })
}

/// Every page in a language.
fn pages(language: Language) -> Vec<String> {
    let errors2 = reset_password2_errors().map(Some);
    let choose = [None].into_iter().chain(errors2).map(|error| choose(language, error));
    let errors = reset_password_errors().map(Some);
    let request = [None].into_iter().chain(errors).map(|error| request(language, error));
    let lock = [None].into_iter().chain(lock_errors().map(Some)).map(|error| lock(language, error));
    let messages = [
        account_locked(language, SITE),
        failed_while_locking_account(language),
        password_changed(language, 24, SITE),
        link_requested(language, Site::default()),
        not_found(language, SITE),
        failed(language),
        failed_while_changing_password(language),
        failed_while_requesting_link(language),
        misconfigured(language, "The setting X must be set."),
    ];
    choose.chain(request).chain(lock).chain(messages).collect()
}

/// The tags of a page.
fn tags(page: &str) -> Vec<&str> {
    page.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(tag, _)| tag).collect()
}

#[test]
fn every_page_in_every_language_is_complete() {
    for language in Language::ALL {
        let html = format!(r#"<html lang="{}" dir="{}">"#, language.tag(), language.direction());
        for page in pages(language) {
            assert!(page.contains(&html), "{page}");
            assert!(page.trim_end().ends_with("</html>"), "{page}");
            assert!(!page.contains("{}") && !page.contains("<title></title>"), "{page}");
            assert!(!page.contains("<p></p>") && !page.contains("></h1>"), "{page}");
            assert_eq!(page.matches("<h1").count(), 1, "{page}");
            assert_eq!(page.matches(" autofocus").count(), usize::from(page.contains("autofocus")), "{page}");
        }
    }
}

/// No user is stuck on a page.
#[test]
fn each_page_leads_to_the_next_step() {
    let leads_to = |page: &str, url: &str| {
        let href = format!("href=\"{url}\"");
        tags(page).iter().any(|tag| tag.starts_with("a ") && tag.contains(&href))
    };
    let language = Language::English;
    for page in [password_changed(language, 24, SITE), link_requested(language, SITE), choose(language, None)]
    {
        assert!(leads_to(&page, "https://a.example/"), "{page}");
    }
    let after_unclear = ChoosePassword {
        min_length: MIN_LENGTH,
        site: SITE,
        user_id: "5",
        error: Some(ResetPassword2Error::NotAuthorized),
        earlier_attempt_unclear: true,
    };
    for page in [
        choose(language, Some(ResetPassword2Error::NotAuthorized)),
        choose_password(language, &after_unclear),
        failed_while_changing_password(language),
        failed_while_requesting_link(language),
    ] {
        assert!(leads_to(&page, "/forgotPassword"), "{page}");
    }
}

#[test]
fn nothing_is_inline_and_nothing_comes_from_another_origin() {
    const ALLOWED: [&str; 5] = [
        r#"link rel="stylesheet" href="/brand.css""#,
        r#"img src="/logo.svg" alt="" width="32" height="32""#,
        r#"script src="/page.js" type="module""#,
        r#"link rel="stylesheet" href="/page.css""#,
        r#"link rel="icon" href="/icon.svg" type="image/svg+xml""#,
    ];
    for page in Language::ALL.into_iter().flat_map(pages) {
        for tag in tags(&page) {
            assert!(!tag.contains(" style=") && !tag.contains(" on") && !tag.starts_with("style"), "{tag}");
            let is_fetched = ["script", "link", "img"].iter().any(|fetching| tag.starts_with(fetching));
            assert!(!is_fetched || ALLOWED.contains(&tag), "{tag}");
        }
    }
    let script = include_str!("../../assets/page.js");
    for forbidden in ["innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "http:", "https:"] {
        assert!(!script.contains(forbidden), "{forbidden}");
    }
    let style_sheet = include_str!("../../assets/page.css");
    assert!(!style_sheet.contains("url(") && !style_sheet.contains("@import"));
}

/// So `prefers-reduced-motion` has nothing to reduce (WCAG 2.2, 2.3.3).
#[test]
fn nothing_moves() {
    let style_sheet = include_str!("../../assets/page.css");
    for forbidden in ["animation", "transition", "@keyframes", "scroll-behavior"] {
        assert!(!style_sheet.contains(forbidden), "{forbidden}");
    }
    let script = include_str!("../../assets/page.js");
    assert!(!script.contains("smooth") && !script.contains(".animate("));
}

/// NIST SP 800-63B-4, section 3.1.1.2.
#[test]
fn password_managers_and_pasting_are_welcome() {
    let page = choose(Language::English, None);
    let fields: Vec<_> = tags(&page).into_iter().filter(|tag| tag.contains(r#" name="Password""#)).collect();
    let [field] = fields[..] else { panic!("{fields:?}") };
    assert!(field.contains(r#" autocomplete="new-password""#) && !field.contains("maxlength"), "{field}");
    let script = include_str!("../../assets/page.js").to_lowercase();
    for event in ["paste", "beforeinput", "drop", "keydown", "keypress", "contextmenu"] {
        assert!(!script.contains(event), "{event}");
    }
}

/// A password manager saves a field marked `username` together with the new password (HTML, section 4.10.18.7). A user id such
/// as "5" is no name that anyone logs in with.
#[test]
fn password_managers_take_only_the_user_name_for_one() {
    let english = Language::English;
    let pages = [choose(english, None), request(english, None), lock(english, None)];
    let autocomplete = |tag: &str| {
        let value = |name| tag.split_once(name)?.1.split_once('"').map(|(value, _)| value.to_owned());
        Some((value(" id=\"")?, value(" autocomplete=\"").unwrap_or_default()))
    };
    let fields: Vec<_> = pages
        .iter()
        .flat_map(|page| tags(page))
        .filter(|tag| tag.starts_with("input "))
        .filter_map(autocomplete)
        .collect();
    let fields: Vec<_> = fields.iter().map(|(id, value)| (id.as_str(), value.as_str())).collect();
    assert_eq!(
        fields,
        [
            ("UserId", "off"),
            ("PendingCode", "one-time-code"),
            ("Password", "new-password"),
            ("UserName", "username"),
            ("UserId", "off"),
            ("LockCode", "one-time-code"),
        ]
    );
}

#[test]
fn submitted_text_is_escaped() {
    let hostile = r#""><script>alert(1)</script>' onfocus='x"#;
    let site = Site {
        exchange_name: hostile,
        has_color: true,
        login_url: Some(hostile),
        support_url: Some(hostile),
    };
    let choose = ChoosePassword {
        min_length: 15,
        site,
        user_id: hostile,
        error: None,
        earlier_attempt_unclear: false,
    };
    let request = RequestLink { site, user_name: hostile, error: None };
    for page in [
        choose_password(Language::English, &choose),
        request_link(Language::English, &request),
        lock_account(
            Language::English,
            &LockAccount { site, user_id: hostile, error: Some(LockAccountError::NotAuthorized) },
        ),
        password_changed(Language::English, 24, site),
        link_requested(Language::English, site),
        account_locked(Language::English, site),
        misconfigured(Language::English, hostile),
    ] {
        assert!(!page.contains("<script>") && !page.contains("' onfocus"), "{page}");
        assert_eq!(
            page.matches("alert(1)").count(),
            page.matches("&#60;script&#62;alert(1)").count(),
            "{page}"
        );
    }
}

#[test]
fn lengths_are_those_of_the_policy() {
    for language in Language::ALL {
        let violation = Violation::TooShort { min_length: MIN_LENGTH };
        let page = choose(language, Some(ResetPassword2Error::PasswordRejected(violation)));
        // The hint, the problem's text and attribute, and the rules for password managers.
        assert_eq!(page.matches("37").count(), 4, "{page}");
        assert!(
            page.contains(r#"<div id="problem" role="alert" tabindex="-1" data-min-length="37">"#),
            "{page}"
        );
        let page = choose(language, Some(ResetPassword2Error::PasswordRejected(Violation::TooLong)));
        assert!(page.contains("1024"), "{page}");
    }
}

/// The page after the redirect knows no user, so it states the duration.
#[test]
fn the_page_after_a_reset_states_for_how_long_withdrawals_are_held() {
    for language in Language::ALL {
        let hours = language.count(24, &language.texts().mails.hours);
        let sentence = language.texts().choose_password.withdrawals_held;
        let held = password_changed(language, 24, SITE);
        assert!(held.contains(&format!("<p>{}</p>", sentence.replace("{}", &hours))), "{held}");
        let not_held = password_changed(language, 0, SITE);
        assert_eq!(not_held.matches("<p>").count() + 1, held.matches("<p>").count(), "{not_held}");
        assert!(!not_held.contains(sentence.split("{}").next().unwrap()), "{not_held}");
    }
}

#[test]
fn every_error_has_a_text_of_its_own() {
    for language in Language::ALL {
        let mut pages: Vec<_> = reset_password2_errors().map(|error| choose(language, Some(error))).collect();
        pages.extend(reset_password_errors().map(|error| request(language, Some(error))));
        pages.extend(lock_errors().map(|error| lock(language, Some(error))));
        let count = pages.len();
        pages.sort();
        pages.dedup();
        assert_eq!(pages.len(), count, "{language:?}");
    }
}

#[test]
fn a_rejected_password_is_tied_to_its_field_and_the_field_gets_the_focus() {
    let page = choose(Language::English, Some(ResetPassword2Error::PasswordRejected(Violation::Common)));
    assert!(
        page.contains(r#" aria-invalid="true" aria-describedby="problem password-hint" autofocus required>"#),
        "{page}"
    );
    assert!(page.contains(r#"<div id="problem" role="alert" tabindex="-1">"#), "{page}");
}

#[test]
fn an_invalid_link_gets_the_focus_and_offers_a_new_one() {
    let page = choose(Language::English, Some(ResetPassword2Error::NotAuthorized));
    assert!(page.contains(r#"<div id="problem" role="alert" tabindex="-1" autofocus>"#), "{page}");
    assert!(page.contains(r#"<a href="/forgotPassword">"#) && !page.contains("aria-invalid"), "{page}");
}

#[test]
fn after_an_unclear_attempt_an_invalid_link_may_have_worked() {
    let page = ChoosePassword {
        min_length: MIN_LENGTH,
        site: SITE,
        user_id: "5",
        error: Some(ResetPassword2Error::NotAuthorized),
        earlier_attempt_unclear: true,
    };
    let html = choose_password(Language::English, &page);
    assert!(html.contains(Language::English.texts().choose_password.link_dead_after_unclear), "{html}");
    assert!(html.contains(r#"name="EarlierAttempt" value="unclear""#), "{html}");
}

#[test]
fn every_page_names_the_exchange_in_its_title_and_above_its_heading_if_it_knows_it() {
    for language in Language::ALL {
        for page in [choose(language, None), account_locked(language, SITE), not_found(language, SITE)] {
            let title = page.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
            assert!(title.ends_with(" – Northwind"), "{title}");
            assert!(page.contains(r#"<span dir="auto">Northwind</span></header>"#), "{page}");
        }
        for page in [failed(language), request(language, None)] {
            assert!(!page.contains("<header>") && !page.contains(" – "), "{page}");
            assert!(!page.contains("brand.css"), "{page}");
        }
    }
}

#[test]
fn a_page_that_mentions_support_links_to_it() {
    for language in Language::ALL {
        let link = format!(">{}</a>", language.texts().pages.contact_support);
        for page in [
            account_locked(language, SITE),
            choose(language, Some(ResetPassword2Error::UserGone)),
            lock(language, Some(LockAccountError::NotAuthorized)),
        ] {
            assert!(page.contains(&link) && page.contains(r#"href="https://help.example/""#), "{page}");
        }
        let without = Site { support_url: None, ..SITE };
        assert!(!account_locked(language, without).contains(&link));
        assert!(!choose(language, Some(ResetPassword2Error::Unclear)).contains(&link));
    }
}

/// With the contrast of WCAG 2.2, level AA, in light and dark mode, even if the color is black, white, or in between.
#[test]
fn the_style_sheet_has_readable_colors() {
    assert_eq!(style_sheet(None), "");
    for hex in ["#000000", "#ffffff", "#777777", "#f0b90b", "#1a56c4", "#ff0000", "#00ff00"] {
        let sheet = style_sheet(Color::parse(hex));
        let (light, dark) = sheet.split_once("@media (prefers-color-scheme: dark)").unwrap();
        let value = |css: &str, name: &str| {
            let (_, rest) = css.split_once(&format!("--{name}: ")).unwrap();
            Color::parse(rest.split_once(';').map_or(rest, |(value, _)| value)).unwrap()
        };
        assert_eq!(value(light, "button").hex(), hex);
        for (css, ground) in [(light, "#f3f5f9"), (light, "#ffffff"), (dark, "#0c1018"), (dark, "#151b27")] {
            assert!(include_str!("../../assets/page.css").contains(ground), "{ground}");
            let ground = Color::parse(ground).unwrap();
            let pairs = [
                (ground, value(css, "accent")),
                (ground, value(css, "accent-strong")),
                (value(css, "accent"), value(css, "on-accent")),
                (value(light, "button"), value(light, "on-button")),
                (value(light, "button-strong"), value(light, "on-button")),
            ];
            for (one, other) in pairs {
                assert!(one.contrast(other) >= 4.5, "{hex}: {} {}", one.hex(), other.hex());
            }
        }
    }
}
