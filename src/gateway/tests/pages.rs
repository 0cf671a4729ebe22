use ::http::{Request, Response};

use crate::{
    call_name::CallName,
    gateway::{
        handle, response_after_panic,
        stub_ports::{Endless, StubPorts, settings, settings_with},
    },
    outcome::Outcome,
    ports::{EnqueueError, RequestBody},
    settings::Setting,
};

const FORM: &str =
    "UserId=5&PendingCode=f81d4fae-7dec-11d0-a765-00a0c91e6bf6&Password=four+words+that+fit&EarlierAttempt=";

fn get(path: &str) -> Request<String> {
    Request::get(format!("https://reset.example{path}")).body(String::new()).unwrap()
}

fn post(path: &str, form: &str) -> Request<String> {
    Request::post(format!("https://reset.example{path}")).body(form.to_owned()).unwrap()
}

async fn respond(request: Request<impl RequestBody>) -> Response<String> {
    handle(request, &settings(), &StubPorts::default()).await
}

fn outcome(response: &Response<String>) -> &str {
    response.headers()["x-outcome"].to_str().unwrap()
}

#[tokio::test]
async fn showing_a_page_makes_no_call() {
    let ports = StubPorts::default();
    for path in [
        "/resetPassword",
        "/resetPassword.html",
        "/forgotPassword",
        "/passwordChanged",
        "/linkRequested",
        "/lockAccount",
        "/accountLocked",
    ] {
        let response = handle(get(path), &settings(), &ports).await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    }
    assert!(ports.log.borrow().is_empty());
}

#[tokio::test]
async fn a_form_makes_its_call_and_is_logged() {
    let ports = StubPorts { has_randomness: true, ..StubPorts::default() };
    handle(post("/resetPassword", FORM), &settings(), &ports).await;
    handle(post("/forgotPassword", "UserName=alice"), &settings(), &ports).await;
    let form = "UserId=5&LockCode=f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
    handle(post("/lockAccount", form), &settings(), &ports).await;
    assert_eq!(
        *ports.log.borrow(),
        [
            (CallName::ResetPassword2, Outcome::NotAuthorized),
            (CallName::ResetPassword, Outcome::Done),
            (CallName::LockAccount, Outcome::NotAuthorized),
        ]
    );
}

#[tokio::test]
async fn a_form_that_succeeds_redirects_so_that_reloading_is_harmless() {
    let ports = StubPorts { has_randomness: true, ..StubPorts::default() };
    let response = handle(post("/forgotPassword", "UserName=alice"), &settings(), &ports).await;
    assert_eq!((response.status().as_u16(), outcome(&response)), (303, "done"));
    assert_eq!(response.headers()["location"], "/linkRequested");
}

#[tokio::test]
async fn a_form_that_is_refused_says_why_and_never_shows_a_secret() {
    let response = respond(post("/resetPassword", FORM)).await;
    assert_eq!((response.status().as_u16(), outcome(&response)), (422, "not_authorized"));
    let body = response.body();
    assert!(body.contains("This link is invalid or has expired."), "{body}");
    assert!(body.contains(r#"name="UserId" value="5""#), "{body}");
    assert!(!body.contains("f81d4fae") && !body.contains("four words"), "{body}");
}

#[tokio::test]
async fn the_status_of_a_refused_form_matches_its_reason() {
    let limited = StubPorts { limited: true, ..StubPorts::default() };
    let response = handle(post("/resetPassword", FORM), &settings(), &limited).await;
    assert_eq!((response.status().as_u16(), outcome(&response)), (429, "too_many_attempts"));
    assert_eq!(response.headers()["retry-after"], "60");
    let response = respond(post("/forgotPassword", "UserName=alice")).await;
    assert_eq!((response.status().as_u16(), outcome(&response)), (503, "unavailable"));
    assert!(!response.headers().contains_key("retry-after"));
    let response = respond(post("/forgotPassword", "")).await;
    assert_eq!((response.status().as_u16(), outcome(&response)), (422, "invalid"));
    for path in ["/resetPassword", "/forgotPassword"] {
        let endless = Request::post(format!("https://reset.example{path}")).body(Endless).unwrap();
        let response = respond(endless).await;
        assert_eq!((response.status().as_u16(), outcome(&response)), (408, "invalid"));
    }
}

#[tokio::test]
async fn a_link_that_is_dead_after_an_unclear_attempt_may_have_worked() {
    let response = respond(post("/resetPassword", &format!("{FORM}unclear"))).await;
    assert_eq!(outcome(&response), "not_authorized");
    let body = response.body();
    assert!(body.contains("Your earlier attempt may have changed your password."), "{body}");
    assert!(body.contains(r#"name="EarlierAttempt" value="unclear""#), "{body}");
}

#[tokio::test]
async fn a_request_that_may_have_been_accepted_says_so() {
    let ports = StubPorts {
        has_randomness: true,
        enqueue_error: Some(EnqueueError::Unclear),
        ..StubPorts::default()
    };
    let response = handle(post("/forgotPassword", "UserName=alice"), &settings(), &ports).await;
    assert_eq!(outcome(&response), "unclear");
    assert!(response.body().contains("whether your request was accepted"), "{}", response.body());
}

#[tokio::test]
async fn an_invalid_setting_is_named_on_the_page() {
    let invalid = settings_with(Setting::PasswordMinLength, "7");
    let response = handle(get("/resetPassword"), &invalid, &StubPorts::default()).await;
    assert_eq!(response.status(), 503);
    assert!(response.body().contains("PASSWORD_MIN_LENGTH"));
}

#[tokio::test]
async fn another_site_cannot_show_that_something_has_happened() {
    for path in ["/passwordChanged", "/linkRequested"] {
        let mut request = get(path);
        request.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
        let response = respond(request).await;
        assert_eq!(response.status(), 302, "{path}");
        assert_eq!(response.headers()["location"], "/forgotPassword", "{path}");
    }
}

#[tokio::test]
async fn a_form_on_another_site_makes_no_call() {
    for (site, status, outcome_word) in [
        ("cross-site", 403, "method_not_allowed"),
        ("same-origin", 422, "not_authorized"),
        ("none", 422, "not_authorized"),
    ] {
        let ports = StubPorts { has_randomness: true, ..StubPorts::default() };
        let mut request = post("/resetPassword", FORM);
        request.headers_mut().insert("sec-fetch-site", site.parse().unwrap());
        let response = handle(request, &settings(), &ports).await;
        assert_eq!((response.status().as_u16(), outcome(&response)), (status, outcome_word), "{site}");
        assert!(response.body().contains(r#"action="/resetPassword""#), "{}", response.body());
        assert_eq!(ports.log.borrow().is_empty(), status == 403, "{site}");
    }
    let ports = StubPorts { has_randomness: true, ..StubPorts::default() };
    let mut request = post("/forgotPassword", "UserName=alice");
    request.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    let response =
        handle(request, &settings_with(Setting::AllowedOrigin, "https://exchange.example"), &ports).await;
    assert_eq!((response.status().as_u16(), outcome(&response)), (403, "method_not_allowed"));
    assert!(response.body().contains(r#"name="UserName" value="""#), "{}", response.body());
    assert!(ports.log.borrow().is_empty());
}

#[tokio::test]
async fn an_unknown_path_is_a_page_to_browsers_and_json_to_programs() {
    let mut request = get("/nothing");
    assert_eq!(outcome(&respond(request.clone()).await), "unknown_call");
    request.headers_mut().insert("accept", "text/html,*/*;q=0.8".parse().unwrap());
    let response = respond(request).await;
    assert_eq!(response.status(), 404);
    assert!(response.body().contains(r#"href="/forgotPassword""#), "{}", response.body());
}

#[test]
fn after_a_panic_each_page_says_what_is_true_for_it() {
    let cases = [
        (get("/resetPassword"), "Reload this page."),
        (get("/forgotPassword"), "Reload this page."),
        (post("/resetPassword", FORM), "whether your password"),
        (post("/forgotPassword", ""), "whether your request was accepted"),
        (get("/lockAccount"), "Reload this page."),
        (post("/lockAccount", ""), "whether your account was locked"),
    ];
    for (request, text) in cases {
        let response = response_after_panic(&request);
        assert_eq!(response.status(), 500);
        assert!(response.body().contains(text), "{text}: {}", response.body());
    }
}

#[tokio::test]
async fn pages_have_the_color_of_the_exchange_if_it_has_one() {
    for (color, is_linked) in [("#f0b90b", true), ("", false)] {
        let settings = settings_with(Setting::BrandColor, color);
        let respond = async |path| handle(get(path), &settings, &StubPorts::default()).await;
        let page = respond("/forgotPassword").await.into_body();
        assert_eq!(page.contains(r#"<link rel="stylesheet" href="/brand.css">"#), is_linked, "{page}");
        let sheet = respond("/brand.css").await;
        assert_eq!(sheet.status(), 200);
        assert_eq!(sheet.headers()["content-type"], "text/css; charset=utf-8");
        assert_eq!(sheet.headers()["cache-control"], "max-age=300");
        assert_eq!(sheet.body().contains("--button: #f0b90b;"), is_linked, "{}", sheet.body());
    }
}
