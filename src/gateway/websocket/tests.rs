//! Connections on stubs. `tests/e2e/websocket` tests them on the real runtime.

use ::http::Request;
use serde_json::Value;

use super::{Close, Connection, FrameError, MAX_FRAME_BYTES};
use crate::{
    gateway::{
        open_connection,
        stub_ports::{StubPorts, settings, settings_with},
    },
    settings::Setting,
};

const CALL: &str = r#"{"m":0,"i":2,"n":"ResetPassword2","o":"{\"UserId\":5,\"Password\":\"x\",\"PendingCode\":\"f81d4fae7dec11d0a76500a0c91e6bf6\"}"}"#;

const BINARY: Result<&str, FrameError> = Err(FrameError::NotText);

fn request(headers: &[(&str, &str)]) -> Request<()> {
    let request = Request::get("https://gateway.example/wsgateway");
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).body(()).unwrap()
}

fn connection() -> Connection {
    Connection::open(&request(&[("upgrade", "WebSocket")]), &settings()).unwrap()
}

/// Returns the message type of a reply, and its errorcode.
fn parse_reply(reply: &str) -> (u64, u64) {
    let reply: Value = serde_json::from_str(reply).unwrap();
    let response: Value = serde_json::from_str(reply["o"].as_str().unwrap()).unwrap();
    (reply["m"].as_u64().unwrap(), response["errorcode"].as_u64().unwrap())
}

#[test]
fn a_page_may_connect_only_from_an_allowed_origin() {
    let upgrade = ("upgrade", "websocket");
    for (headers, allowed_origin, may) in [
        (vec![upgrade], "*", true),
        (vec![], "*", false),
        (vec![("upgrade", "h2c")], "*", false),
        (vec![upgrade, ("origin", "https://evil.example")], "*", true),
        (vec![upgrade, ("origin", "https://exchange.example")], "https://exchange.example", true),
        (vec![upgrade, ("origin", "https://evil.example")], "https://exchange.example", false),
        // Our own pages may connect, too.
        (vec![upgrade, ("origin", "https://reset.example")], "https://exchange.example", true),
        (vec![upgrade, ("origin", "null")], "https://exchange.example", false),
        (vec![upgrade], "https://exchange.example", true),
    ] {
        let settings = settings_with(Setting::AllowedOrigin, allowed_origin);
        assert_eq!(Connection::open(&request(&headers), &settings).is_some(), may, "{headers:?}");
    }
    assert!(open_connection(&request(&[upgrade]), &settings()).is_some());
    let mut elsewhere = request(&[upgrade]);
    *elsewhere.uri_mut() = "https://gateway.example/AP/ResetPassword2".parse().unwrap();
    assert!(open_connection(&elsewhere, &settings()).is_none());
}

#[tokio::test]
async fn every_outcome_of_a_call_is_a_reply() {
    for (ports, settings, outcome) in [
        (StubPorts::default(), settings(), 20),
        (StubPorts { limited: true, ..StubPorts::default() }, settings(), 101),
        (StubPorts::default(), settings_with(Setting::PasswordMinLength, "7"), 102),
    ] {
        let connection = Connection::open(&request(&[("upgrade", "websocket")]), &settings).unwrap();
        let frame = connection.receive(Ok(CALL)).unwrap();
        assert_eq!(parse_reply(&frame.reply_after_panic()), (1, 102));
        assert_eq!(parse_reply(&connection.call(frame, &ports).await), (1, outcome));
        assert_eq!(ports.log.borrow().len(), 1);
    }
}

#[tokio::test]
async fn at_most_60_calls_are_in_progress() {
    let connection = connection();
    let ports = StubPorts::default();
    let mut frames: Vec<_> = (0..61).map(|_| connection.receive(Ok(CALL)).unwrap()).collect();
    assert_eq!(parse_reply(&connection.call(frames.remove(60), &ports).await), (1, 101));
    assert_eq!(parse_reply(&connection.call(frames.remove(0), &ports).await), (1, 20));
    for _ in 0..2 {
        frames.push(connection.receive(Ok(CALL)).unwrap());
    }
    for (frame, outcome) in frames.into_iter().zip([20; 60].into_iter().chain([101])) {
        assert_eq!(parse_reply(&connection.call(frame, &ports).await), (1, outcome));
    }
    // Each call is logged, refused or not.
    assert_eq!(ports.log.borrow().len(), 63);
}

#[tokio::test]
async fn a_connection_ends_after_100_rejected_frames_of_any_kind() {
    let limited = StubPorts { limited: true, ..StubPorts::default() };
    let connection = connection();
    let mut rejected = 0;
    while connection.close_reason().is_none() {
        match rejected % 4 {
            0 => assert_eq!(parse_reply(&connection.receive(BINARY).unwrap_err()), (5, 100)),
            1 => assert_eq!(parse_reply(&connection.receive(Ok("{}")).unwrap_err()), (5, 100)),
            2 => {
                let frame = connection.receive(Ok(&CALL.replace("f81d", "xyz"))).unwrap();
                assert_eq!(parse_reply(&connection.call(frame, &StubPorts::default()).await), (1, 100));
            }
            _ => {
                let frame = connection.receive(Ok(CALL)).unwrap();
                assert_eq!(parse_reply(&connection.call(frame, &limited).await), (1, 101));
            }
        }
        rejected += 1;
    }
    assert_eq!((rejected, connection.close_reason()), (100, Some(Close::MAX_REJECTED)));
}

#[tokio::test]
async fn a_connection_ends_after_one_oversized_frame_once_the_last_call_has_its_reply() {
    let connection = connection();
    let frame = connection.receive(Ok(CALL)).unwrap();
    let oversized = format!("{CALL}{}", " ".repeat(MAX_FRAME_BYTES));
    assert_eq!(parse_reply(&connection.receive(Ok(oversized)).unwrap_err()), (5, 100));
    assert_eq!((connection.is_ending(), connection.close_reason()), (true, None));
    assert_eq!(parse_reply(&connection.call(frame, &StubPorts::default()).await), (1, 20));
    assert_eq!(connection.close_reason(), Some(Close::OVERSIZED));
}

#[tokio::test]
async fn a_connection_ends_after_100_calls_once_the_last_has_its_reply() {
    let connection = connection();
    for _ in 0..99 {
        let frame = connection.receive(Ok(CALL)).unwrap();
        assert_eq!(parse_reply(&connection.call(frame, &StubPorts::default()).await), (1, 20));
        assert_eq!(connection.close_reason(), None);
    }
    let last = connection.receive(Ok(CALL)).unwrap();
    assert_eq!((connection.is_ending(), connection.close_reason()), (true, None));
    connection.call(last, &StubPorts::default()).await;
    assert_eq!(connection.close_reason(), Some(Close::MAX_CALLS));
}

#[tokio::test]
async fn a_connection_that_the_client_closes_ends_once_the_last_call_has_its_reply() {
    let connection = connection();
    let frame = connection.receive(Ok(CALL)).unwrap();
    assert!(!connection.is_ending());
    connection.client_left();
    assert_eq!((connection.is_ending(), connection.close_reason()), (true, None));
    assert_eq!(parse_reply(&connection.call(frame, &StubPorts::default()).await), (1, 20));
    assert_eq!(connection.close_reason(), Some(Close::NORMAL));
}

#[test]
fn a_reply_has_the_form_of_the_contract() {
    let unknown = connection().receive(Ok(r#"{"o":"{}","n":"NoSuchCall","i":4,"m":0}"#)).unwrap_err();
    let calls = FrameError::UnknownCall;
    let response = format!(
        r#"{{\"result\":false,\"errormsg\":\"Operation Not Supported\",\"errorcode\":106,\"detail\":\"{calls}\"}}"#
    );
    assert_eq!(unknown, format!(r#"{{"m":5,"i":4,"n":"NoSuchCall","o":"{response}"}}"#));
    let binary = connection().receive(BINARY).unwrap_err();
    assert!(binary.starts_with(r#"{"m":5,"i":null,"n":null,"o":"{\"result\":false,"#), "{binary}");
}

#[test]
fn debug_output_contains_no_payload() {
    let frame = connection().receive(Ok(CALL)).unwrap();
    assert!(!format!("{frame:?}").contains("PendingCode"), "{frame:?}");
}
