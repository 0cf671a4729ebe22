use ::http::{
    HeaderValue, Request, Response,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
        ACCESS_CONTROL_REQUEST_METHOD, ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
        RETRY_AFTER, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    },
};
use zeroize::Zeroizing;

use crate::{
    call_name::CallName,
    calls::MAX_PAYLOAD_BYTES,
    gateway::{
        handle, response_after_panic,
        stub_ports::{Endless, StubPorts, settings, settings_with},
        unreadable_request,
    },
    outcome::Outcome,
    ports::{BodyIncomplete, EnqueueError, RequestBody},
    settings::Setting,
};

/// A body whose client disconnects before the end.
struct Interrupted;

impl RequestBody for Interrupted {
    async fn read(self, _: usize) -> Result<Zeroizing<Vec<u8>>, BodyIncomplete> {
        Err(BodyIncomplete)
    }
}

const CALL: &str = r#"{"UserId":"5","Password":"x","PendingCode":"f81d4fae-7dec-11d0-a765-00a0c91e6bf6"}"#;

fn request<B>(method: &str, path: &str, body: B) -> Request<B> {
    Request::builder().method(method).uri(format!("https://gateway.example{path}")).body(body).unwrap()
}

async fn respond(request: Request<impl RequestBody>) -> Response<String> {
    handle(request, &settings(), &StubPorts::default()).await
}

/// Checks what every response to a call has in common.
fn assert_response(response: &Response<String>, status: u16, outcome: &str, origin: &str) {
    let body = response.body();
    assert_eq!(response.status(), status, "{body}");
    let headers = response.headers();
    assert_eq!(headers["x-outcome"], outcome, "{body}");
    assert_eq!(headers[ACCESS_CONTROL_ALLOW_ORIGIN], origin, "{body}");
    assert_eq!(headers[ACCESS_CONTROL_EXPOSE_HEADERS], "Retry-After, X-Outcome, X-Request-Id", "{body}");
    assert_eq!(headers[CACHE_CONTROL], "no-store", "{body}");
    assert_eq!(headers[CONTENT_TYPE], "application/json; charset=utf-8", "{body}");
    assert_eq!(headers[X_CONTENT_TYPE_OPTIONS], "nosniff", "{body}");
    assert_eq!(headers[STRICT_TRANSPORT_SECURITY], "max-age=31536000", "{body}");
    // Nothing in the response may be shown in a frame, or do anything if it is opened as a page.
    let policy = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";
    assert_eq!(headers[CONTENT_SECURITY_POLICY], policy, "{body}");
    let object: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(object["result"], outcome == "done", "{body}");
    assert_eq!(object["detail"].is_null(), outcome == "done", "{body}");
}

#[tokio::test]
async fn the_status_describes_the_gateway_and_the_outcome_the_call() {
    let long = " ".repeat(MAX_PAYLOAD_BYTES + 1);
    let full = format!("{CALL:16384}");
    let cases = [
        ("POST", "/AP/ResetPassword2", CALL, 200, "not_authorized"),
        ("POST", "/ap/RESETPASSWORD2/", CALL, 200, "not_authorized"),
        ("POST", "/AP/ResetPassword2", &full, 200, "not_authorized"),
        ("POST", "/AP/ResetPassword2", "", 200, "invalid"),
        ("POST", "/AP/ResetPassword2", &long, 413, "invalid"),
        ("GET", "/AP/ResetPassword2", CALL, 405, "method_not_allowed"),
        ("HEAD", "/AP/ResetPassword2", CALL, 405, "method_not_allowed"),
        ("OPTIONS", "/AP/ResetPassword2", "", 405, "method_not_allowed"),
        ("POST", "/AP/ResetPassword", CALL, 200, "invalid"),
        ("POST", "/AP/ResetPassword", r#"{"UserName":"a"}"#, 200, "unavailable"),
        ("GET", "/AP/ResetPassword3", "", 404, "unknown_call"),
        ("POST", "/AP/ResetPassword2//", CALL, 404, "unknown_call"),
        ("POST", "/AP//ResetPassword2", CALL, 404, "unknown_call"),
        ("POST", "/AP", CALL, 404, "unknown_call"),
    ];
    for (method, path, body, status, outcome) in cases {
        let response = respond(request(method, path, body.to_owned())).await;
        assert_response(&response, status, outcome, "*");
        assert_eq!(response.headers().contains_key(ALLOW), status == 405, "{method} {path}");
    }
}

#[tokio::test]
async fn every_call_is_logged_with_the_outcome_of_its_response() {
    let ports = StubPorts { has_randomness: true, ..StubPorts::default() };
    for (path, body) in [
        ("/AP/ResetPassword2", CALL),
        ("/AP/ResetPassword", "{}"),
        ("/AP/ResetPassword", r#"{"UserName":"a"}"#),
    ] {
        handle(request("POST", path, body.to_owned()), &settings(), &ports).await;
    }
    assert_eq!(
        *ports.log.borrow(),
        [
            (CallName::ResetPassword2, Outcome::NotAuthorized),
            (CallName::ResetPassword, Outcome::Invalid),
            (CallName::ResetPassword, Outcome::Done),
        ]
    );
}

#[tokio::test]
async fn a_rate_limited_response_says_when_to_retry() {
    let ports = StubPorts { limited: true, ..StubPorts::default() };
    let response = handle(request("POST", "/AP/ResetPassword2", CALL.to_owned()), &settings(), &ports).await;
    assert_response(&response, 429, "too_many_attempts", "*");
    assert_eq!(response.headers()[RETRY_AFTER], "60");
}

#[tokio::test]
async fn a_preflight_is_permitted_for_every_call_even_an_unknown_one() {
    for path in ["/AP/ResetPassword2", "/AP/NoSuchCall"] {
        let mut request = request("OPTIONS", path, String::new());
        request.headers_mut().insert(ACCESS_CONTROL_REQUEST_METHOD, HeaderValue::from_static("POST"));
        let response = respond(request).await;
        assert_eq!(response.status(), 204);
        assert_eq!(response.headers()[ACCESS_CONTROL_ALLOW_HEADERS], "*, Authorization");
        assert!(response.body().is_empty());
    }
}

#[tokio::test]
async fn failures_are_reported_in_json() {
    let incomplete = respond(request("POST", "/AP/ResetPassword2", Interrupted)).await;
    assert_response(&incomplete, 200, "invalid", "*");
    let too_slow = respond(request("POST", "/AP/ResetPassword2", Endless)).await;
    assert_response(&too_slow, 408, "invalid", "*");
    assert_response(&unreadable_request(), 404, "unknown_call", "*");
}

#[tokio::test]
async fn an_invalid_setting_is_named_in_every_response_to_a_call() {
    let invalid = settings_with(Setting::PasswordMinLength, "7");
    for path in ["/AP/ResetPassword2", "/AP/ResetPassword"] {
        let response = handle(request("POST", path, "{}".to_owned()), &invalid, &StubPorts::default()).await;
        assert_response(&response, 200, "misconfigured", "*");
        assert!(response.body().contains("PASSWORD_MIN_LENGTH"));
        let too_slow = handle(request("POST", path, Endless), &invalid, &StubPorts::default()).await;
        assert_response(&too_slow, 200, "misconfigured", "*");
    }
}

#[tokio::test]
async fn the_allowed_origin_is_the_setting() {
    let origin = "https://exchange.example";
    let settings = settings_with(Setting::AllowedOrigin, origin);
    let request = request("POST", "/AP/ResetPassword2", CALL.to_owned());
    let response = handle(request, &settings, &StubPorts::default()).await;
    assert_response(&response, 200, "not_authorized", origin);
}

/// `ResetPassword` changes no password and involves no link, so its responses must not talk about either.
#[tokio::test]
async fn responses_to_reset_password_mention_no_password_and_no_link() {
    let call = || request("POST", "/AP/ResetPassword", r#"{"UserName":"alice"}"#.to_owned());
    let limited = StubPorts { limited: true, ..StubPorts::default() };
    let failing =
        |error| StubPorts { has_randomness: true, enqueue_error: Some(error), ..StubPorts::default() };
    let invalid = settings_with(Setting::MailFrom, "");
    let cases = [
        (handle(call(), &settings(), &limited).await, "too_many_attempts"),
        (handle(call(), &settings(), &StubPorts::default()).await, "unavailable"),
        (handle(call(), &settings(), &failing(EnqueueError::NotEnqueued)).await, "unavailable"),
        (handle(call(), &settings(), &failing(EnqueueError::Unclear)).await, "unclear"),
        (handle(call(), &invalid, &StubPorts::default()).await, "misconfigured"),
        (response_after_panic(&call()), "unclear"),
    ];
    for (response, outcome) in cases {
        let body = response.body();
        assert_eq!(response.headers()["x-outcome"], outcome, "{body}");
        assert!(!body.contains("password") && !body.contains("link"), "{body}");
    }
}

#[tokio::test]
async fn after_a_panic_a_call_is_unclear() {
    for path in ["/AP/ResetPassword2", "/ap/resetpassword/"] {
        let response = response_after_panic(&request("POST", path, ()));
        assert_response(&response, 200, "unclear", "*");
    }
}
