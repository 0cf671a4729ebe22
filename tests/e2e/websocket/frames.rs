//! Frames and their replies.

use futures_util::SinkExt as _;
use serde_json::{Value, json};
use test_support::{
    account::Account,
    observer::{FAULT, NAME},
    password::{GOOD, OTHER},
    secrets,
    websocket::{Reply, Socket, request_frame},
    worker::Worker,
};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};

/// The longest frame that is accepted.
const MAX_FRAME_BYTES: usize = 16_384;

/// A status code of RFC 6455, section 7.4.1.
const MESSAGE_TOO_BIG: u16 = 1009;

#[tokio::test]
async fn both_calls_do_the_same_as_over_http() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let mut socket = Socket::open(worker).await;
    socket.call(0, "ResetPassword2", &account.payload(GOOD)).await;
    assert_eq!(socket.reply().await, Reply::new(json!([1, 0, "ResetPassword2"]), 0));
    assert!(worker.has_password(&account, GOOD).await);

    socket.call(2, "ResetPassword2", &account.payload(GOOD)).await;
    assert_eq!(socket.reply().await, Reply::new(json!([1, 2, "ResetPassword2"]), 20));

    socket.call(4, "ResetPassword", &json!({"UserName": account.user_name()}).to_string()).await;
    assert_eq!(socket.reply().await, Reply::new(json!([1, 4, "ResetPassword"]), 0));
    worker.mail(&account, 2).await;
}

/// Each frame with the `m`, `i` and `n` of its reply, and the `errorcode`.
#[tokio::test]
async fn every_frame_gets_a_reply_with_its_sequence_number_if_that_can_be_read() {
    let worker = Worker::shared();
    let stranger = Account::new().payload(GOOD);
    let frame = |i: Value, n: &str| json!({"m": 0, "i": i, "n": n, "o": stranger}).to_string();
    let cases: Vec<(Message, Value, u64)> = vec![
        // Calls, whatever their outcome.
        (frame(0.into(), "ResetPassword2").into(), json!([1, 0, "ResetPassword2"]), 20),
        (frame(2.into(), "resetPASSWORD2").into(), json!([1, 2, "resetPASSWORD2"]), 20),
        (frame(u64::MAX.into(), "ResetPassword2").into(), json!([1, u64::MAX, "ResetPassword2"]), 20),
        (frame((-1).into(), "ResetPassword2").into(), json!([1, -1, "ResetPassword2"]), 20),
        (r#"{"m":0,"i":4,"n":"ResetPassword2","o":"{}"}"#.into(), json!([1, 4, "ResetPassword2"]), 100),
        (r#"{"m":0,"i":6,"n":"ResetPassword2","o":"not JSON"}"#.into(), json!([1, 6, "ResetPassword2"]), 100),
        (r#"{"o":"[]","n":"ResetPassword","i":8,"m":0}"#.into(), json!([1, 8, "ResetPassword"]), 100),
        (
            r#"{"M":0,"I":10,"N":"ResetPassword","O":"{}","x":[{}]}"#.into(),
            json!([1, 10, "ResetPassword"]),
            100,
        ),
        // Anything but a request for a known call.
        (r#"{"m":0,"i":12,"n":"ResetPassword2"}"#.into(), json!([5, 12, "ResetPassword2"]), 100),
        (r#"{"m":0,"i":14,"n":"ResetPassword2","o":{}}"#.into(), json!([5, 14, "ResetPassword2"]), 100),
        (r#"{"m":0,"i":16,"n":"ResetPassword2","o":""}"#.into(), json!([5, 16, "ResetPassword2"]), 100),
        (frame(18.into(), "Ping").into(), json!([5, 18, "Ping"]), 106),
        (r#"{"m":0,"i":20,"n":"Ping"}"#.into(), json!([5, 20, "Ping"]), 106),
        (r#"{"m":2,"i":22,"n":"ResetPassword2","o":"{}"}"#.into(), json!([5, 22, "ResetPassword2"]), 106),
        (r#"{"m":1,"i":24,"n":"ResetPassword2","o":"{}"}"#.into(), json!([5, 24, "ResetPassword2"]), 106),
        (r#"{"m":"0","i":26,"n":"ResetPassword2","o":"{}"}"#.into(), json!([5, 26, "ResetPassword2"]), 100),
        (r#"{"i":28,"n":"ResetPassword2","o":"{}"}"#.into(), json!([5, 28, "ResetPassword2"]), 100),
        (r#"{"m":0,"i":30,"o":"{}"}"#.into(), json!([5, 30, null]), 100),
        (r#"{"m":0,"i":32,"n":7,"o":"{}"}"#.into(), json!([5, 32, null]), 100),
        // Without a readable number there is none in the reply: 0 would be that of another frame.
        (frame("34".into(), "ResetPassword2").into(), json!([5, null, null]), 100),
        (frame(0.5.into(), "ResetPassword2").into(), json!([5, null, null]), 100),
        (r#"{"m":0,"n":"ResetPassword2","o":"{}"}"#.into(), json!([5, null, null]), 100),
        (r#"{"m":0,"i":0,"i":2,"n":"ResetPassword2","o":"{}"}"#.into(), json!([5, null, null]), 100),
        ("".into(), json!([5, null, null]), 100),
        ("garbage".into(), json!([5, null, null]), 100),
        ("[]".into(), json!([5, null, null]), 100),
        ("[".repeat(16_000).into(), json!([5, null, null]), 100),
        (Message::binary(frame(36.into(), "ResetPassword2")), json!([5, null, null]), 100),
        // The connection goes on.
        (frame(38.into(), "ResetPassword2").into(), json!([1, 38, "ResetPassword2"]), 20),
    ];
    let mut socket = Socket::open(worker).await;
    for (message, frame, errorcode) in cases {
        socket.send(message.clone()).await;
        assert_eq!(socket.reply().await, Reply::new(frame, errorcode), "{message:.80}");
    }
}

/// The runtime puts a frame of up to 32 MiB together before the Worker sees it. Four of them fill an isolate's memory.
#[tokio::test]
async fn an_oversized_frame_gets_a_reply_and_ends_the_connection() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let text = |length: usize| Message::text("x".repeat(length));
    for oversized in [text(MAX_FRAME_BYTES + 1), text(900_000), Message::binary(vec![0; MAX_FRAME_BYTES + 1])]
    {
        let mut socket = Socket::open(worker).await;
        socket.stream.feed(oversized).await.unwrap();
        socket.stream.feed(request_frame(2, "ResetPassword2", &account.payload(OTHER)).into()).await.unwrap();
        socket.stream.flush().await.unwrap();
        assert_eq!(socket.reply().await, Reply::new(json!([5, null, null]), 100));
        assert_eq!(socket.closed().await, (MESSAGE_TOO_BIG, 0));
    }
    // The calls after such a frame were not made.
    let mut next = Socket::open(worker).await;
    next.call(0, "ResetPassword2", &account.payload(GOOD)).await;
    assert_eq!(next.reply().await.errorcode, 0);
}

/// The longest password, in the longest spelling that JSON has for it.
#[tokio::test]
async fn the_longest_call_fits_into_a_frame() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let password: String = ('\u{1f300}'..).take(1024).collect();
    secrets::record(&password);
    let spelling: Vec<_> = password.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    let escaped = account.payload("*").replace('*', &spelling.concat());
    let mut socket = Socket::open(worker).await;
    socket.call(0, "ResetPassword2", &escaped).await;
    assert_eq!(socket.reply().await, Reply::new(json!([1, 0, "ResetPassword2"]), 0));
    assert!(worker.has_password(&account, &password).await);
}

#[tokio::test]
async fn replies_come_in_the_order_in_which_calls_finish() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let headers = [(NAME, "held"), (FAULT, "kv:wait")];
    let mut socket = Socket::open_with(worker, &headers).await.unwrap();
    socket.call(0, "ResetPassword2", &account.payload(GOOD)).await;
    worker.wait_for_operation("held").await;
    for sequence in [2, 4, 6] {
        socket.call(sequence, "ResetPassword2", &Account::new().payload(GOOD)).await;
    }
    let mut overtaking = Vec::new();
    for _ in 0..3 {
        let reply = socket.reply().await;
        assert_eq!(reply.errorcode, 20);
        overtaking.push(reply.frame[1].as_u64().unwrap());
    }
    overtaking.sort_unstable();
    assert_eq!(overtaking, [2, 4, 6]);
    worker.release("held").await;
    assert_eq!(socket.reply().await, Reply::new(json!([1, 0, "ResetPassword2"]), 0));
}

/// The runtime replaces invalid UTF-8 with U+FFFD, so the hash would be of a password that nobody typed.
#[tokio::test]
async fn a_password_with_invalid_utf8_is_not_hashed() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    secrets::record("four words that \u{fffd}it");
    let payload = account.payload("four words that \u{e9}it");
    let frame = json!({"m": 0, "i": 0, "n": "ResetPassword2", "o": payload});
    let latin1: Vec<u8> = frame.to_string().chars().map(|c| u8::try_from(c).unwrap()).collect();
    let mut socket = Socket::open(worker).await;
    socket.send(Message::Frame(Frame::message(latin1, OpCode::Data(Data::Text), true))).await;
    assert_eq!(socket.reply().await, Reply::new(json!([5, null, null]), 100));
    assert_eq!(worker.stored_hash(&account).await, None);
}
