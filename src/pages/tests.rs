use super::*;
use crate::{
    calls::{InvalidPayload, Refusal, standard_response::StandardResponse},
    password::Violation,
};

const MIN_LENGTH: usize = 37;

fn reset_password(language: Language, state: State) -> String {
    let view = ResetPasswordView {
        min_length: MIN_LENGTH,
        login_url: Some("https://a.example/"),
        user_id: "5",
        state,
    };
    reset_password_page(language, &view)
}

fn forgot_password(language: Language, state: State) -> String {
    let view = ForgotPasswordView { login_url: None, user_name: "alice", state };
    forgot_password_page(language, &view)
}

/// Every page that can be shown in a language.
fn pages(language: Language) -> Vec<String> {
    let states = |problems: &[Problem]| {
        let refused = problems.iter().copied().map(State::Refused);
        [State::Form, State::Done].into_iter().chain(refused).collect::<Vec<_>>()
    };
    let reset = states(&Problem::OF_RESET_PASSWORD2).into_iter().map(|state| reset_password(language, state));
    let forgot =
        states(&Problem::OF_RESET_PASSWORD).into_iter().map(|state| forgot_password(language, state));
    reset.chain(forgot).collect()
}

/// The tags of a page, without what is between them.
fn tags(page: &str) -> Vec<&str> {
    page.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(tag, _)| tag).collect()
}

#[test]
fn every_page_in_every_language_is_whole() {
    for language in Language::ALL {
        let html = format!(r#"<html lang="{}" dir="{}">"#, language.tag(), language.direction());
        for page in pages(language) {
            assert!(page.contains(&html), "{page}");
            assert!(page.trim_end().ends_with("</html>"), "{page}");
            assert!(!page.contains("{}") && !page.contains("<title></title>"), "{page}");
            // One heading is seen; the other is the one for later, in a template.
            let (seen, _) = page.split_once("<template data-done>").unwrap_or((&page, ""));
            assert_eq!(seen.matches("<h1").count(), 1, "{page}");
        }
    }
}

#[test]
fn nothing_is_inline_and_nothing_is_from_elsewhere() {
    for page in Language::ALL.into_iter().flat_map(pages) {
        for tag in tags(&page) {
            assert!(!tag.contains(" style=") && !tag.contains(" on") && !tag.starts_with("style"), "{tag}");
            assert!(!tag.starts_with("script") || tag == r#"script src="/page.js" defer"#, "{tag}");
            assert!(!tag.starts_with("link") || tag == r#"link rel="stylesheet" href="/page.css""#, "{tag}");
        }
    }
    for forbidden in ["innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "http:", "https:"] {
        assert!(!SCRIPT.contains(forbidden), "{forbidden}");
    }
    assert!(!STYLE_SHEET.contains("url(") && !STYLE_SHEET.contains("@import"));
}

#[test]
fn what_was_sent_stays_text() {
    let sent = r#""><script>alert(1)</script>' onfocus='x"#;
    let reset =
        ResetPasswordView { min_length: 15, login_url: Some(sent), user_id: sent, state: State::Form };
    let forgot = ForgotPasswordView { login_url: Some(sent), user_name: sent, state: State::Form };
    for page in [
        reset_password_page(Language::English, &reset),
        forgot_password_page(Language::English, &forgot),
        reset_password_page(Language::English, &ResetPasswordView { state: State::Done, ..reset }),
    ] {
        assert!(!page.contains("<script>") && !page.contains(r#"""#.repeat(3).as_str()), "{page}");
        assert_eq!(
            page.matches("alert(1)").count(),
            page.matches("&#60;script&#62;alert(1)").count(),
            "{page}"
        );
        assert!(!page.contains("' onfocus"), "{page}");
    }
}

#[test]
fn the_minimum_is_the_setting() {
    for language in Language::ALL {
        let page = reset_password(language, State::Refused(Problem::TooShort));
        assert!(page.contains(r#" minlength="37" passwordrules="minlength: 37;""#), "{page}");
        // The hint, the problem, and the problem in its template.
        assert_eq!(page.matches("37").count(), 2 + 3, "{page}");
        assert!(page.contains("1024"), "{page}");
    }
}

#[test]
fn every_problem_has_its_text() {
    for language in Language::ALL {
        for (problems, page) in [
            (&Problem::OF_RESET_PASSWORD2[..], reset_password(language, State::Form)),
            (&Problem::OF_RESET_PASSWORD[..], forgot_password(language, State::Form)),
        ] {
            for problem in problems {
                let Notice { name, text, .. } = Notice::new(*problem, language.texts(), MIN_LENGTH);
                assert!(!text.is_empty(), "{problem:?}");
                assert!(page.contains(&format!(r#"<template data-problem="{name}""#)), "{problem:?}: {page}");
            }
            let templates = page.matches("<template data-problem=").count();
            assert_eq!(templates, problems.len(), "{page}");
        }
    }
}

#[test]
fn a_refused_password_is_tied_to_its_field() {
    let page = reset_password(Language::English, State::Refused(Problem::TooCommon));
    assert!(page.contains(r#" aria-invalid="true" aria-describedby="problem password-hint" required>"#));
    assert!(page.contains(
        r#"<div id="problem" role="alert" tabindex="-1" autofocus><p>This password is too common"#
    ));

    let page = reset_password(Language::English, State::Refused(Problem::LinkDead));
    assert!(page.contains(
        r#"<div id="problem" role="alert" tabindex="-1" autofocus><p>This link is invalid or has expired"#
    ));
    assert!(page.contains(r#"<a href="/forgotPassword">"#) && !page.contains("aria-invalid"));
}

/// The script knows a problem by the answer alone: it must come to the same one as the page that is posted to.
#[test]
fn the_script_finds_the_problem_of_every_refusal() {
    let refusals = [
        Refusal::Invalid(InvalidPayload::NotAGuid("PendingCode")),
        Refusal::Invalid(InvalidPayload::Empty("UserId")),
        Refusal::TooManyAttempts,
        Refusal::NotAuthorized,
        Refusal::Policy(Violation::TooShort { min_length: MIN_LENGTH }),
        Refusal::Policy(Violation::TooLong),
        Refusal::Policy(Violation::TooCommon),
        Refusal::Policy(Violation::ContainsUserName),
        Refusal::Policy(Violation::ContainsContextWord),
        Refusal::UserGone,
        Refusal::Unavailable,
        Refusal::Unclear,
    ];
    for refusal in refusals {
        let answer: serde_json::Value =
            serde_json::from_str(&StandardResponse::from(refusal).to_json()).unwrap();
        let detail = answer["detail"].as_str().unwrap().to_lowercase();
        let found = Problem::OF_RESET_PASSWORD2.into_iter().find(|problem| {
            let notice = Notice::new(*problem, Language::English.texts(), MIN_LENGTH);
            answer["errorcode"] == notice.errorcode && detail.contains(notice.detail)
        });
        assert_eq!(found, Some(Problem::from(&refusal)), "{refusal:?}");
    }
}
