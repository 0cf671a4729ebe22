use strum::IntoEnumIterator as _;

use super::*;
use crate::{
    calls::{InvalidPayload, LockAccountError, ResetPassword2Error, ResetPasswordError},
    languages::Language,
    password::Violation,
};

const MIN_LENGTH: usize = 37;

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
        login_url: Some("https://a.example/"),
        user_id: "5",
        error,
        earlier_attempt_unclear: false,
    };
    choose_password(language, &page)
}

fn request(language: Language, error: Option<ResetPasswordError>) -> String {
    request_link(language, &RequestLink { login_url: None, user_name: "alice", error })
}

fn lock_errors() -> impl Iterator<Item = LockAccountError> {
    LockAccountError::iter().chain([InvalidPayload::TooLarge.into()])
}

fn lock(language: Language, error: Option<LockAccountError>) -> String {
    lock_account(language, &LockAccount { login_url: None, user_id: "5", error })
}

/// Every page in a language.
fn pages(language: Language) -> Vec<String> {
    let errors2 = reset_password2_errors().map(Some);
    let choose = [None].into_iter().chain(errors2).map(|error| choose(language, error));
    let errors = reset_password_errors().map(Some);
    let request = [None].into_iter().chain(errors).map(|error| request(language, error));
    let lock = [None].into_iter().chain(lock_errors().map(Some)).map(|error| lock(language, error));
    let messages = [
        account_locked(language),
        failed_while_locking_account(language),
        password_changed(language, 24, Some("https://a.example/")),
        link_requested(language, None),
        not_found(language),
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

#[test]
fn nothing_is_inline_and_nothing_comes_from_another_origin() {
    const ALLOWED: [&str; 3] = [
        r#"script src="/page.js" type="module""#,
        r#"link rel="stylesheet" href="/page.css""#,
        r#"link rel="icon" href="/icon.svg" type="image/svg+xml""#,
    ];
    for page in Language::ALL.into_iter().flat_map(pages) {
        for tag in tags(&page) {
            assert!(!tag.contains(" style=") && !tag.contains(" on") && !tag.starts_with("style"), "{tag}");
            let is_fetched = tag.starts_with("script") || tag.starts_with("link");
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
    let choose = ChoosePassword {
        min_length: 15,
        login_url: Some(hostile),
        user_id: hostile,
        error: None,
        earlier_attempt_unclear: false,
    };
    let request = RequestLink { login_url: Some(hostile), user_name: hostile, error: None };
    for page in [
        choose_password(Language::English, &choose),
        request_link(Language::English, &request),
        lock_account(
            Language::English,
            &LockAccount { login_url: Some(hostile), user_id: hostile, error: None },
        ),
        password_changed(Language::English, 24, Some(hostile)),
        link_requested(Language::English, Some(hostile)),
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
        let held = password_changed(language, 24, None);
        assert!(held.contains(&format!("<p>{}</p>", sentence.replace("{}", &hours))), "{held}");
        let not_held = password_changed(language, 0, None);
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
        login_url: None,
        user_id: "5",
        error: Some(ResetPassword2Error::NotAuthorized),
        earlier_attempt_unclear: true,
    };
    let html = choose_password(Language::English, &page);
    assert!(html.contains(Language::English.texts().choose_password.link_dead_after_unclear), "{html}");
    assert!(html.contains(r#"name="EarlierAttempt" value="unclear""#), "{html}");
}
