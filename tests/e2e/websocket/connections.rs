//! How connections begin and end, and how many calls one may make.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use futures_util::SinkExt as _;
use reqwest::Method;
use serde_json::json;
use test_support::{
    account::Account,
    observer::{FAULT, NAME},
    password::{GOOD, OTHER},
    response::standard_response,
    websocket::{Reply, Socket, request_frame},
    worker::{Options, Worker},
};
use tokio_tungstenite::tungstenite::{
    Error, Message,
    protocol::{CloseFrame, frame::Frame},
};

/// Status codes of RFC 6455, section 7.4.1.
const NORMAL: u16 = 1000;
const GOING_AWAY: u16 = 1001;
const POLICY_VIOLATION: u16 = 1008;
const INTERNAL_ERROR: u16 = 1011;

/// A close frame that the client's library doesn't know about: it would ignore the replies after it.
fn close_frame() -> Message {
    Message::Frame(Frame::close(Some(CloseFrame { code: NORMAL.into(), reason: "".into() })))
}

/// Opens a connection, and makes a call that KV holds until the test releases `name`.
async fn hold_call(worker: &Worker, name: &str, account: &Account) -> Socket {
    let mut socket = Socket::open_with(worker, &[(NAME, name), (FAULT, "kv:wait")]).await.unwrap();
    socket.call(0, "ResetPassword2", &account.payload(GOOD)).await;
    worker.wait_for_operation(name).await;
    socket
}

#[tokio::test]
async fn a_client_that_disconnects_during_a_call_does_not_undo_it() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    hold_call(worker, "leaves", &account).await.reset();
    worker.release("leaves").await;
    worker.wait_until("the new password", async || worker.has_password(&account, GOOD).await).await;
    // The Worker still works.
    let mut next = Socket::open(worker).await;
    next.call(0, "ResetPassword2", "{}").await;
    assert_eq!(next.reply().await.errorcode, 100);
}

#[tokio::test]
async fn a_call_in_progress_gets_its_reply_before_the_connection_is_closed() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let mut socket = hold_call(worker, "ended", &account).await;
    for _ in 0..200 {
        socket.stream.feed("garbage".into()).await.unwrap();
    }
    socket.stream.flush().await.unwrap();
    for _ in 0..100 {
        assert_eq!(socket.reply().await, Reply::new(json!([5, null, null]), 100));
    }
    worker.release("ended").await;
    assert_eq!(socket.reply().await, Reply::new(json!([1, 0, "ResetPassword2"]), 0));
    assert_eq!(socket.closed().await, (POLICY_VIOLATION, 0));
}

/// A client may send its close frame right after its calls.
#[tokio::test]
async fn calls_get_their_replies_before_the_close_frame_of_the_client_gets_its_own() {
    let worker = Worker::shared();
    let mut socket = Socket::open(worker).await;
    for sequence in 0..40 {
        let frame = request_frame(sequence, "ResetPassword2", &Account::new().payload(GOOD));
        socket.stream.feed(frame.into()).await.unwrap();
    }
    socket.stream.feed(close_frame()).await.unwrap();
    socket.stream.flush().await.unwrap();
    let mut replies = BTreeSet::new();
    for _ in 0..40 {
        let reply = socket.reply().await;
        assert_eq!(reply.errorcode, 20);
        replies.insert(reply.frame[1].as_u64().unwrap());
    }
    assert_eq!(replies, (0..40).collect());
    assert_eq!(socket.closed().await, (NORMAL, 0));
}

#[tokio::test]
async fn a_call_that_commits_after_the_close_frame_of_the_client_gets_its_reply() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let mut socket = hold_call(worker, "closed", &account).await;
    socket.send(close_frame()).await;
    worker.release("closed").await;
    assert_eq!(socket.reply().await, Reply::new(json!([1, 0, "ResetPassword2"]), 0));
    assert_eq!(socket.closed().await, (NORMAL, 0));
    assert!(worker.has_password(&account, GOOD).await);
}

#[tokio::test]
async fn a_close_frame_without_calls_gets_one_back_at_once() {
    let mut socket = Socket::open(Worker::shared()).await;
    socket.send(close_frame()).await;
    assert_eq!(socket.closed().await, (NORMAL, 0));
}

/// To the platform, a connection is one request, which may make only 1,000 subrequests.
#[tokio::test]
async fn a_connection_is_closed_after_100_calls() {
    let worker = Worker::shared();
    let mut socket = Socket::open(worker).await;
    for sequence in 0..100 {
        // More than 60 well-formed ones would exceed the rate limit, and 100 invalid ones would close the connection.
        let payload = if sequence < 60 { Account::new().payload(GOOD) } else { "{}".to_owned() };
        socket.call(sequence, "ResetPassword2", &payload).await;
        assert_eq!(socket.reply().await.frame, json!([1, sequence, "ResetPassword2"]));
    }
    assert_eq!(socket.closed().await, (GOING_AWAY, 0));
}

/// Each of the 100 also has its line in the log, even if it was refused.
#[tokio::test]
async fn of_200_concurrent_calls_on_a_connection_100_get_a_reply() {
    let worker = Worker::shared();
    let mut socket = Socket::open(worker).await;
    for sequence in 0..200 {
        let frame = request_frame(sequence, "ResetPassword2", &Account::new().payload(GOOD));
        socket.stream.feed(frame.into()).await.unwrap();
    }
    socket.stream.flush().await.unwrap();
    let mut errorcodes = BTreeMap::new();
    for _ in 0..100 {
        *errorcodes.entry(socket.reply().await.errorcode).or_insert(0) += 1;
    }
    assert_eq!(errorcodes, BTreeMap::from([(20, 60), (101, 40)]));
    assert_eq!(socket.closed().await, (GOING_AWAY, 0));
    worker.wait_until("100 lines", async || worker.log().matches(&socket.request_id).count() == 100).await;
}

/// Even if the frame was sent before the client read that the connection is closed.
#[tokio::test]
async fn a_frame_after_the_last_allowed_one_is_ignored() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let mut socket = Socket::open(worker).await;
    for _ in 0..100 {
        socket.call(0, "ResetPassword2", "{}").await;
        assert_eq!(socket.reply().await.errorcode, 100);
    }
    socket.call(2, "ResetPassword2", &account.payload(GOOD)).await;
    assert_eq!(socket.closed().await, (POLICY_VIOLATION, 0));
    let mut next = Socket::open(worker).await;
    next.call(0, "ResetPassword2", &account.payload(OTHER)).await;
    assert_eq!(next.reply().await.errorcode, 0);
    assert!(worker.has_password(&account, OTHER).await);
}

#[tokio::test]
async fn ten_thousand_invalid_frames_close_the_connection_and_do_no_other_harm() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    for garbage in
        ["garbage", r#"{"m":0,"i":0,"n":"Ping","o":"{}"}"#, r#"{"m":0,"i":0,"n":"ResetPassword2","o":"[]"}"#]
    {
        let mut socket = Socket::open(worker).await;
        for _ in 0..10_000 {
            if socket.stream.feed(garbage.into()).await.is_err() {
                break;
            }
        }
        let _ = socket.stream.flush().await;
        let (code, replies) = socket.closed().await;
        assert_eq!(code, POLICY_VIOLATION, "{garbage}");
        assert!((100..=160).contains(&replies), "{replies} replies to {garbage}");
    }
    let mut socket = Socket::open(worker).await;
    socket.call(0, "ResetPassword2", &account.payload(GOOD)).await;
    assert_eq!(socket.reply().await.errorcode, 0);
}

/// The limit is ten minutes without a message, which pass here in two seconds.
#[tokio::test]
async fn a_silent_connection_is_closed() {
    let vars = ["TEST_SPEED_UP:300"];
    let worker = Worker::start(&Options { vars: &vars, migrated: false, ..Options::new("silent") });
    let mut socket = Socket::open(&worker).await;
    for _ in 0..2 {
        tokio::time::sleep(Duration::from_millis(1200)).await;
        socket.call(0, "ResetPassword2", "{}").await;
        assert_eq!(socket.reply().await.errorcode, 100);
    }
    let start = Instant::now();
    assert_eq!(socket.closed().await, (GOING_AWAY, 0));
    let silence = start.elapsed();
    // It began before the reply arrived.
    assert!((Duration::from_millis(1900)..Duration::from_secs(8)).contains(&silence), "{silence:?}");
}

#[tokio::test]
async fn a_request_that_does_not_open_a_websocket_is_told_why() {
    let worker = Worker::shared();
    let get = worker.get("/WSGateway").send().await.unwrap();
    assert_eq!(get.status(), 426);
    assert_eq!(standard_response(&get.text().await.unwrap())["errorcode"], 106);
    let post = worker.request(Method::POST, "/WSGateway/").body("{}").send().await.unwrap();
    assert_eq!(post.status(), 405);
    assert_eq!(post.headers()["allow"], "GET, HEAD");
    assert_eq!(standard_response(&post.text().await.unwrap())["errorcode"], 106);
}

/// Browsers send the page's origin here too.
#[tokio::test]
async fn pages_of_any_origin_but_the_allowed_one_are_rejected() {
    let worker = Worker::configured();
    for (origin, status) in [("https://exchange.example", None), ("https://evil.example", Some(403))] {
        let rejected = match Socket::open_with(worker, &[("origin", origin)]).await {
            Ok(_) => None,
            Err(Error::Http(response)) => Some(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        };
        assert_eq!(rejected, status, "{origin}");
    }
    Socket::open(worker).await;
}

/// See `a_panic_gets_a_response_and_so_does_a_concurrent_request`. Connections without a call in progress are closed too.
#[tokio::test]
async fn a_panic_gets_a_reply_on_every_connection() {
    let worker = Worker::may_panic().await;
    let account = worker.user_with_code().await;
    let mut silent = Socket::open(&worker).await;
    silent.call(0, "ResetPassword2", "{}").await;
    assert_eq!(silent.reply().await.errorcode, 100);
    let mut busy = hold_call(&worker, "busy", &account).await;

    let panicking = worker.user_with_code().await;
    let mut socket = Socket::open_with(&worker, &[(FAULT, "panic")]).await.unwrap();
    socket.call(4, "ResetPassword2", &panicking.payload(GOOD)).await;
    assert_eq!(socket.reply().await, Reply::new(json!([1, 4, "ResetPassword2"]), 102));
    assert_eq!(socket.closed().await, (INTERNAL_ERROR, 0));
    assert_eq!(busy.reply().await, Reply::new(json!([1, 0, "ResetPassword2"]), 102));
    assert_eq!(busy.closed().await, (INTERNAL_ERROR, 0));
    assert_eq!(silent.closed().await, (INTERNAL_ERROR, 0));

    let mut next = Socket::open(&worker).await;
    next.call(0, "ResetPassword2", &account.payload(GOOD)).await;
    assert_eq!(next.reply().await.errorcode, 0);
}
