//! The whole gateway: any request, with any faults of the stores.

use std::{future::pending, str};

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri,
    header::{
        ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_METHOD, ALLOW, CACHE_CONTROL, CONTENT_TYPE,
        RETRY_AFTER,
    },
};
use reset_password2::{
    call_name::CallName,
    calls::MAX_PAYLOAD_BYTES,
    gateway::{self, Connection},
    message::Message,
    outcome::Outcome,
    ports::{BodyIncomplete, RequestBody},
    settings::Setting,
};
use zeroize::Zeroizing;

use super::{
    frame, response, settings,
    world::{CODE, Faults, World, now},
};

/// What the input calls `PASSWORD`. A response that contains it repeats what was sent.
const PASSWORD: &str = "vermilion otter 91 juggles";

/// The input is a line such as `POST /AP/ResetPassword2 0`, lines with headers, an empty line, and a body or the frames of a
/// connection. The number is the faults in hexadecimal. `CODE` and `PASSWORD` stand for a code that was issued, and for a
/// password, so that the oracle knows them wherever they are.
///
/// Whatever is sent, the response is what docs/contract.md describes, it says what happened, and it repeats no secret.
pub fn gateway(input: &[u8]) {
    let Some((request, faults)) = read(input) else { return };
    let invalid_setting = faults >> 24 & 7 == 7;
    let settings = settings::with(Setting::LoginUrl, if invalid_setting { "x" } else { "" });
    let world = World { faults: Faults(faults), ..World::default() };

    if let Some(connection) = gateway::open_connection(&request, &settings) {
        return converse(&connection, request.body(), &world);
    }

    let method = request.method().clone();
    let path = request.uri().path().to_ascii_lowercase();
    let is_preflight =
        method == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let after_panic = gateway::response_after_panic(&request);
    let shows_text = request.body().shows_text() || request.uri().query().is_some_and(shows_secret);
    let response = now(gateway::handle(request, &settings, &world));

    let outcome = response.headers().get("x-outcome").map(|outcome| outcome.to_str().unwrap().to_owned());
    if method != Method::POST {
        assert!(world.is_untouched() && world.log.borrow().is_empty(), "{method} {path} has an effect");
    }
    assert_true(&world, outcome.as_deref());
    let is_json = response.headers()[CONTENT_TYPE] == "application/json; charset=utf-8";
    assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
    if is_json || !shows_text {
        assert_no_secret(response.body());
    }
    for message in world.enqueued.borrow().iter() {
        if matches!(message, Message::PasswordChanged { .. }) {
            assert_no_secret(&format!("{message:?}"));
        }
    }

    if path.starts_with("/ap/") && (method == Method::POST || is_json) {
        assert!(is_json, "{method} {path}");
        assert_call(&response, is_preflight, outcome.as_deref(), &world);
        assert_call(&after_panic, false, after_panic.headers()["x-outcome"].to_str().ok(), &World::default());
    }
}

/// Checks a response to a call (docs/contract.md, section 1).
fn assert_call(response: &Response<String>, is_preflight: bool, outcome: Option<&str>, world: &World) {
    let headers = response.headers();
    assert_eq!(headers[ACCESS_CONTROL_ALLOW_ORIGIN], "*");
    if is_preflight {
        assert!(response.status() == StatusCode::NO_CONTENT && response.body().is_empty());
        return;
    }
    let outcome = outcome.expect("an outcome");
    response::assert_standard(response.body(), outcome);
    let body_status = [StatusCode::OK, StatusCode::PAYLOAD_TOO_LARGE, StatusCode::REQUEST_TIMEOUT];
    let is_right_status = match outcome {
        "invalid" => body_status.contains(&response.status()),
        "too_many_attempts" => {
            response.status() == StatusCode::TOO_MANY_REQUESTS && headers.contains_key(RETRY_AFTER)
        }
        "unknown_call" => response.status() == StatusCode::NOT_FOUND,
        "method_not_allowed" => {
            response.status() == StatusCode::METHOD_NOT_ALLOWED && headers[ALLOW] == "POST, OPTIONS"
        }
        // After a panic on an unknown path.
        "unavailable" if response.status() == StatusCode::INTERNAL_SERVER_ERROR => {
            world.log.borrow().is_empty()
        }
        _ => response.status() == StatusCode::OK,
    };
    assert!(is_right_status, "{} {outcome}", response.status());
}

/// Checks that the outcome says what happened, and that nothing happened for a stranger (docs/contract.md, section 6).
fn assert_true(world: &World, outcome: Option<&str>) {
    let log = world.log.borrow();
    if let [(_, logged)] = log[..] {
        assert_eq!(outcome, Some(logged.as_str()));
    }
    assert!(log.len() < 2, "{log:?}");
    assert!(world.found.get() || world.is_spared(), "work for a stranger");
    assert_eq!(world.removed.get() > 0, log[..] == [(CallName::ResetPassword2, Outcome::Done)]);
    if let [(CallName::ResetPassword2, outcome)] = log[..] {
        match outcome {
            Outcome::Done => assert!(world.committed.get()),
            Outcome::Unclear => assert!(world.is_unclear()),
            _ => assert!(!world.committed.get() && !world.is_unclear(), "{outcome:?}"),
        }
        let notices = world.enqueued.borrow().len();
        assert!(notices == 1 || !world.committed.get(), "no notice");
    } else {
        assert!(!world.committed.get());
    }
    if let [(CallName::ResetPassword, outcome)] = log[..] {
        let is_enqueued = !world.enqueued.borrow().is_empty();
        assert!(if outcome == Outcome::Done {
            is_enqueued
        } else {
            !is_enqueued || outcome == Outcome::Unclear
        });
    }
}

/// Sends each line of the body as a frame.
fn converse(connection: &Connection, body: &Body, world: &World) {
    for line in body.text().lines() {
        if connection.is_ending() {
            break;
        }
        let reply = frame::reply(connection, line, world);
        // `n` repeats the name from the frame.
        if !shows_secret(&line.replace("\\u", "")) || line.contains(r#""n":"ResetPassword2""#) {
            assert_no_secret(&reply);
        }
    }
    assert!(world.found.get() || world.is_spared(), "work for a stranger");
}

fn shows_secret(text: &str) -> bool {
    text.contains("vermilion") || text.contains("7dec")
}

fn assert_no_secret(text: &str) {
    let text = text.to_ascii_lowercase();
    for part in ["vermilion", "otter 91", "7dec", "00a0c91e6bf6"] {
        assert!(!text.contains(part), "{text}");
    }
}

/// A body, and how it arrives.
enum Body {
    Complete(Vec<u8>),
    Incomplete,
    Endless,
}

impl Body {
    fn text(&self) -> String {
        if let Self::Complete(bytes) = self {
            String::from_utf8_lossy(bytes).into_owned()
        } else {
            String::new()
        }
    }

    /// Whether a page may show a secret, because it was sent in a field that pages show again.
    fn shows_text(&self) -> bool {
        shows_secret(&self.text())
            && self.text().split('&').any(|field| {
                let name = field.split('=').next().unwrap_or_default();
                shows_secret(field)
                    && !["Password", "PendingCode"].iter().any(|known| known.eq_ignore_ascii_case(name))
            })
    }
}

impl RequestBody for Body {
    async fn read(self, max_bytes: usize) -> Result<Zeroizing<Vec<u8>>, BodyIncomplete> {
        match self {
            Self::Complete(bytes) => Ok(Zeroizing::new(bytes[..bytes.len().min(max_bytes)].to_owned())),
            Self::Incomplete => Err(BodyIncomplete),
            Self::Endless => pending().await,
        }
    }
}

/// Reads a request and the faults.
fn read(input: &[u8]) -> Option<(Request<Body>, u32)> {
    let end = input.windows(2).position(|pair| pair == b"\n\n")?;
    let mut lines = str::from_utf8(&input[..end]).ok()?.lines();
    let mut words = lines.next()?.split(' ');
    let method = Method::from_bytes(words.next()?.as_bytes()).ok()?;
    let uri: Uri = words.next()?.replace("CODE", CODE).parse().ok()?;
    let faults = u32::from_str_radix(words.next()?, 16).ok()?;
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(": ")?;
        headers.insert(HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(value).ok()?);
    }
    let body = replace(&replace(&input[end + 2..], b"CODE", CODE), b"PASSWORD", PASSWORD);
    let body = match faults >> 27 & 7 {
        6 => Body::Incomplete,
        7 => Body::Endless,
        5 => Body::Complete([body, vec![b' '; MAX_PAYLOAD_BYTES]].concat()),
        _ => Body::Complete(body),
    };
    let mut request = Request::builder().method(method).uri(uri).body(body).ok()?;
    *request.headers_mut() = headers;
    Some((request, faults))
}

/// Replaces a word in bytes that need not be UTF-8.
fn replace(bytes: &[u8], word: &[u8], by: &str) -> Vec<u8> {
    let mut replaced = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(word) {
            replaced.extend(by.as_bytes());
            rest = after;
        } else {
            replaced.push(rest[0]);
            rest = &rest[1..];
        }
    }
    replaced
}
