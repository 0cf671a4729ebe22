//! What a connection may do. The real thing is in `tests/e2e/websocket.rs`.

use serde_json::Value;

use super::*;
use crate::gateway::nothing::{Nothing, settings_with};

const CALL: &str = r#"{"m":0,"i":2,"n":"ResetPassword2","o":"{\"UserId\":5,\"Password\":\"x\",\"PendingCode\":\"f81d4fae7dec11d0a76500a0c91e6bf6\"}"}"#;

const BINARY: Result<&str, Unserved> = Err(Unserved::NotText);

fn request(headers: &[(&str, &str)]) -> Request<()> {
    let request = Request::get("https://gateway.example/wsgateway");
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).body(()).unwrap()
}

fn connection() -> Connection {
    Connection::open(&request(&[("upgrade", "WebSocket")]), &settings_with("", "")).unwrap()
}

/// The message type of an answer, and its errorcode.
fn read_answer(answer: &str) -> (u64, u64) {
    let answer: Value = serde_json::from_str(answer).unwrap();
    let response: Value = serde_json::from_str(answer["o"].as_str().unwrap()).unwrap();
    (answer["m"].as_u64().unwrap(), response["errorcode"].as_u64().unwrap())
}

#[test]
fn who_may_connect() {
    let upgrade = ("upgrade", "websocket");
    for (headers, allowed_origin, may) in [
        (vec![upgrade], "*", true),
        (vec![], "*", false),
        (vec![("upgrade", "h2c")], "*", false),
        (vec![upgrade, ("origin", "https://evil.example")], "*", true),
        (vec![upgrade, ("origin", "https://exchange.example")], "https://exchange.example", true),
        (vec![upgrade, ("origin", "https://evil.example")], "https://exchange.example", false),
        // Our own pages may call, too.
        (vec![upgrade, ("origin", "https://reset.example")], "https://exchange.example", true),
        (vec![upgrade, ("origin", "null")], "https://exchange.example", false),
        (vec![upgrade], "https://exchange.example", true),
    ] {
        let settings = settings_with("ALLOWED_ORIGIN", allowed_origin);
        assert_eq!(Connection::open(&request(&headers), &settings).is_some(), may, "{headers:?}");
    }
    let mut elsewhere = request(&[upgrade]);
    *elsewhere.uri_mut() = "https://gateway.example/AP/ResetPassword2".parse().unwrap();
    assert!(Connection::open(&elsewhere, &settings_with("", "")).is_none());
}

#[tokio::test]
async fn every_outcome_of_a_call_is_a_reply() {
    for (outside, settings, outcome) in [
        (Nothing::default(), settings_with("", ""), 20),
        (Nothing { limited: true, ..Nothing::default() }, settings_with("", ""), 101),
        (Nothing::default(), settings_with("PASSWORD_MIN_LENGTH", "7"), 102),
    ] {
        let connection = Connection::open(&request(&[("upgrade", "websocket")]), &settings).unwrap();
        let frame = connection.receive(Ok(CALL)).unwrap();
        assert_eq!(read_answer(&frame.broken()), (1, 102));
        assert_eq!(read_answer(&connection.call(frame, &outside).await), (1, outcome));
        assert_eq!(outside.log.borrow().len(), 1);
    }
}

#[tokio::test]
async fn calls_under_way_are_counted() {
    let connection = connection();
    let nothing = Nothing::default();
    let mut frames: Vec<_> = (0..61).map(|_| connection.receive(Ok(CALL)).unwrap()).collect();
    assert_eq!(read_answer(&connection.call(frames.remove(60), &nothing).await), (1, 101));
    assert_eq!(read_answer(&connection.call(frames.remove(0), &nothing).await), (1, 20));
    for _ in 0..2 {
        frames.push(connection.receive(Ok(CALL)).unwrap());
    }
    for (frame, outcome) in frames.into_iter().zip([20; 60].into_iter().chain([101])) {
        assert_eq!(read_answer(&connection.call(frame, &nothing).await), (1, outcome));
    }
    // Each has its line, refused or not.
    assert_eq!(nothing.log.borrow().len(), 63);
}

/// A connection has a hundred frames to waste, of whatever kinds.
#[tokio::test]
async fn wasted_frames_are_counted() {
    let limited = Nothing { limited: true, ..Nothing::default() };
    let connection = connection();
    let mut wasted = 0;
    while connection.end().is_none() {
        match wasted % 4 {
            0 => assert_eq!(read_answer(&connection.receive(BINARY).unwrap_err()), (5, 100)),
            1 => assert_eq!(read_answer(&connection.receive(Ok("{}")).unwrap_err()), (5, 100)),
            2 => {
                let frame = connection.receive(Ok(&CALL.replace("f81d", "xyz"))).unwrap();
                assert_eq!(read_answer(&connection.call(frame, &Nothing::default()).await), (1, 100));
            }
            _ => {
                let frame = connection.receive(Ok(CALL)).unwrap();
                assert_eq!(read_answer(&connection.call(frame, &limited).await), (1, 101));
            }
        }
        wasted += 1;
    }
    assert_eq!((wasted, connection.end()), (100, Some(Close::ABUSED)));
}

/// The last of them is answered before the connection ends.
#[tokio::test]
async fn calls_are_counted() {
    let connection = connection();
    for _ in 0..149 {
        let frame = connection.receive(Ok(CALL)).unwrap();
        assert_eq!(read_answer(&connection.call(frame, &Nothing::default()).await), (1, 20));
        assert_eq!(connection.end(), None);
    }
    let last = connection.receive(Ok(CALL)).unwrap();
    assert_eq!((connection.is_over(), connection.end()), (true, None));
    connection.call(last, &Nothing::default()).await;
    assert_eq!(connection.end(), Some(Close::SERVED));
}

#[test]
fn an_answer_is_as_the_contract_has_it() {
    let ping = connection().receive(Ok(r#"{"o":"{}","n":"Ping","i":4,"m":0}"#)).unwrap_err();
    let response = r#"{\"result\":false,\"errormsg\":\"Operation Not Supported\",\"errorcode\":106,\"detail\":\"There is no such call here. The calls are ResetPassword and ResetPassword2.\"}"#;
    assert_eq!(ping, format!(r#"{{"m":5,"i":4,"n":"Ping","o":"{response}"}}"#));
    let binary = connection().receive(BINARY).unwrap_err();
    assert!(binary.starts_with(r#"{"m":5,"i":null,"n":null,"o":"{\"result\":false,"#), "{binary}");
}

/// There is a password in it.
#[test]
fn debug_tells_nothing() {
    let frame = connection().receive(Ok(CALL)).unwrap();
    assert!(!format!("{frame:?}").contains("PendingCode"), "{frame:?}");
}
