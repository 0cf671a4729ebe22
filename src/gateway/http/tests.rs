//! The gateway's own word, where nothing outside has a say. The real thing is in `tests/e2e/gateway.rs`.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use http_body::{Body, Frame};

use ::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER,
    X_CONTENT_TYPE_OPTIONS,
};

use super::*;
use crate::{
    calls::MAX_PAYLOAD_BYTES,
    gateway,
    gateway::nothing::{Nothing, settings_with},
    settings::Settings,
};

/// A body whose client leaves.
struct CutOff;

impl Body for CutOff {
    type Data = &'static [u8];
    type Error = &'static str;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Poll::Ready(Some(Err("the client has left")))
    }
}

const CALL: &str = r#"{"UserId":"5","Password":"x","PendingCode":"f81d4fae-7dec-11d0-a765-00a0c91e6bf6"}"#;

fn settings() -> Result<Settings, InvalidSetting> {
    settings_with("", "")
}

fn request<B>(method: &str, path: &str, body: B) -> Request<B> {
    Request::builder().method(method).uri(format!("https://gateway.example{path}")).body(body).unwrap()
}

/// Every answer has these, whatever it says.
fn check(what: &str, response: &Response<String>, status: u16, errorcode: u64, origin: &str) {
    assert_eq!(response.status(), status, "{what}");
    let headers = response.headers();
    assert_eq!(headers[ACCESS_CONTROL_ALLOW_ORIGIN], origin, "{what}");
    assert_eq!(headers[ACCESS_CONTROL_EXPOSE_HEADERS], "Retry-After, X-Request-Id", "{what}");
    assert_eq!(headers[CACHE_CONTROL], "no-store", "{what}");
    assert_eq!(headers[CONTENT_TYPE], "application/json; charset=utf-8", "{what}");
    assert_eq!(headers[X_CONTENT_TYPE_OPTIONS], "nosniff", "{what}");
    let object: serde_json::Value = serde_json::from_str(response.body()).unwrap();
    assert_eq!(object["errorcode"], errorcode, "{what}");
    assert_eq!(object["result"], errorcode == 0, "{what}");
}

#[tokio::test]
async fn statuses_speak_of_the_gateway() {
    let long = " ".repeat(MAX_PAYLOAD_BYTES + 1);
    let full = format!("{CALL:16384}");
    let cases = [
        ("POST", "/AP/ResetPassword2", CALL, 200, 20),
        ("POST", "/ap/RESETPASSWORD2/", CALL, 200, 20),
        ("POST", "/AP/ResetPassword2", &full, 200, 20),
        ("POST", "/AP/ResetPassword2", "", 200, 100),
        ("POST", "/AP/ResetPassword2", &long, 413, 100),
        ("GET", "/AP/ResetPassword2", CALL, 405, 106),
        ("HEAD", "/AP/ResetPassword2", CALL, 405, 106),
        ("OPTIONS", "/AP/ResetPassword2", "", 405, 106),
        ("GET", "/AP/ResetPassword3", "", 404, 106),
        ("POST", "/AP/ResetPassword2//", CALL, 404, 106),
        ("POST", "/AP//ResetPassword2", CALL, 404, 106),
        ("POST", "/AP", CALL, 404, 106),
        ("POST", "/", CALL, 404, 106),
    ];
    for (method, path, body, status, errorcode) in cases {
        let request = request(method, path, body.to_owned());
        let response = gateway::answer(request, &settings(), &Nothing::default()).await;
        check(&format!("{method} {path}"), &response, status, errorcode, "*");
        assert_eq!(response.headers().contains_key(ALLOW), status == 405);
    }
}

#[tokio::test]
async fn a_limited_call_says_when_to_come_back() {
    let request = request("POST", "/AP/ResetPassword2", CALL.to_owned());
    let response =
        gateway::answer(request, &settings(), &Nothing { limited: true, ..Nothing::default() }).await;
    check("limited", &response, 429, 101, "*");
    assert_eq!(response.headers()[RETRY_AFTER], "60");
}

#[tokio::test]
async fn a_preflight_is_answered_for_any_call() {
    for path in ["/AP/ResetPassword2", "/AP/NoSuchCall"] {
        let mut request = request("OPTIONS", path, String::new());
        request.headers_mut().insert(ACCESS_CONTROL_REQUEST_METHOD, HeaderValue::from_static("POST"));
        let response = gateway::answer(request, &settings(), &Nothing::default()).await;
        assert_eq!(response.status(), 204);
        assert_eq!(response.headers()[ACCESS_CONTROL_ALLOW_HEADERS], "*, Authorization");
        assert!(response.body().is_empty());
    }
}

#[tokio::test]
async fn what_is_broken_is_said_in_json_too() {
    let nothing = Nothing::default();
    let cut_off = gateway::answer(request("POST", "/AP/ResetPassword2", CutOff), &settings(), &nothing).await;
    check("cut off", &cut_off, 200, 100, "*");

    let origin = "https://exchange.example";
    let set = |name: &str| settings_with(name, origin);
    let call = || request("POST", "/AP/ResetPassword2", CALL.to_owned());
    let set_origin = gateway::answer(call(), &set("ALLOWED_ORIGIN"), &nothing).await;
    check("another origin", &set_origin, 200, 20, origin);
    let misconfigured = gateway::answer(call(), &set("PASSWORD_MIN_LENGTH"), &nothing).await;
    check("misconfigured", &misconfigured, 200, 102, "*");
    assert!(misconfigured.body().contains("PASSWORD_MIN_LENGTH"));

    check("broken", &broken(), 200, 102, "*");
    check("no such place", &no_such_place(), 404, 106, "*");
}
