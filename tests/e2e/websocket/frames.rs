//! What is sent, and what is answered.

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};

use super::{Answer, Socket, has_password};
use crate::{
    outcomes::{GOOD, standard_response},
    worker::{Account, Worker, remember, tool},
};

#[tokio::test]
async fn both_calls_do_what_they_do_over_http() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let mut socket = Socket::open(worker).await;
    socket.call(0, "ResetPassword2", &account.payload(GOOD)).await;
    assert_eq!(socket.answer().await, Answer::new(json!([1, 0, "ResetPassword2"]), 0));
    assert!(has_password(worker, &account, GOOD).await);

    socket.call(2, "ResetPassword2", &account.payload(GOOD)).await;
    assert_eq!(socket.answer().await, Answer::new(json!([1, 2, "ResetPassword2"]), 20));

    let user_name = json!({"UserName": format!("name{}", account.user_id)}).to_string();
    socket.call(4, "ResetPassword", &user_name).await;
    assert_eq!(socket.answer().await, Answer::new(json!([1, 4, "ResetPassword"]), 0));
    worker.mail(&account, 2).await;
}

/// `alphapoint-apex-api`, as it comes from npm. Several of its frames are there before the first answer.
#[tokio::test]
async fn the_exchanges_own_client_gets_every_outcome() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let payload = |password: &str| -> Value { serde_json::from_str(&account.payload(password)).unwrap() };
    let client = async |calls: Value| -> Vec<Value> {
        let gateway = format!("{}/WSGateway/", worker.origin.replace("http:", "ws:"));
        let node = tool("node").args(["tests/e2e/apex.mjs", &gateway, &calls.to_string()]).output().unwrap();
        serde_json::from_slice(&node.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&node.stderr)))
    };
    let refused = client(json!([
        ["ResetPassword2", payload("weak")],
        ["ResetPassword2", {"UserId": "5"}],
        ["ResetPassword2", {"UserId": "5", "Password": GOOD, "PendingCode": uuid::Uuid::new_v4()}],
        ["ResetPassword", {"UserName": "nobody"}],
    ]));
    let refused = refused.await;
    let (promised, called_back) = refused.split_at(4);
    for ((promised, called_back), errorcode) in promised.iter().zip(called_back).zip([101, 100, 20, 0]) {
        assert_eq!(promised["errorcode"], errorcode);
        assert_eq!(called_back["m"], 1);
        assert_eq!(&standard_response(called_back["o"].as_str().unwrap()), promised);
    }
    // Of two calls with one code, one succeeds.
    let mut redeemed: Vec<u64> = client(json!([["ResetPassword2", payload(GOOD)]]))
        .await
        .iter()
        .map(|answer| answer["o"].as_str().map_or(answer.clone(), standard_response))
        .map(|answer| answer["errorcode"].as_u64().unwrap())
        .collect();
    redeemed.sort_unstable();
    assert_eq!(redeemed, [0, 20]);
    assert!(has_password(worker, &account, GOOD).await);
}

/// Each frame, and its answer: `m`, `i`, `n`, and the errorcode.
#[tokio::test]
async fn every_frame_is_answered_with_its_own_number_as_far_as_it_can_be_read() {
    let worker = Worker::shared();
    let stranger = Account::new().payload(GOOD);
    let frame = |i: Value, n: &str| json!({"m": 0, "i": i, "n": n, "o": stranger}).to_string();
    let too_large = frame(0.into(), &"x".repeat(16 * 1024));
    let cases: Vec<(Message, Value, u64)> = vec![
        // The outcome of a call, whatever it is.
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
        // No request to a call that there is.
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
        // What has no number that can be read has none in its answer: 0 would be that of another frame.
        (frame("34".into(), "ResetPassword2").into(), json!([5, null, null]), 100),
        (frame(0.5.into(), "ResetPassword2").into(), json!([5, null, null]), 100),
        (r#"{"m":0,"n":"ResetPassword2","o":"{}"}"#.into(), json!([5, null, null]), 100),
        (r#"{"m":0,"i":0,"i":2,"n":"ResetPassword2","o":"{}"}"#.into(), json!([5, null, null]), 100),
        ("".into(), json!([5, null, null]), 100),
        ("garbage".into(), json!([5, null, null]), 100),
        ("[]".into(), json!([5, null, null]), 100),
        ("[".repeat(16_000).into(), json!([5, null, null]), 100),
        (too_large.into(), json!([5, null, null]), 100),
        ("x".repeat(900_000).into(), json!([5, null, null]), 100),
        (Message::binary(frame(36.into(), "ResetPassword2")), json!([5, null, null]), 100),
    ];
    let mut socket = Socket::open(worker).await;
    for (message, label, errorcode) in cases {
        socket.send(message.clone()).await;
        assert_eq!(socket.answer().await, Answer::new(label, errorcode), "{message:.80}");
    }
}

/// The largest password that there can be, in the longest spelling that JSON has for it.
#[tokio::test]
async fn the_longest_call_fits_into_a_frame() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let password = "\u{1f600}".repeat(1024);
    remember(&password);
    let escaped = account.payload("*").replace('*', &r"\ud83d\ude00".repeat(1024));
    let mut socket = Socket::open(worker).await;
    socket.call(0, "ResetPassword2", &escaped).await;
    assert_eq!(socket.answer().await, Answer::new(json!([1, 0, "ResetPassword2"]), 0));
    assert!(has_password(worker, &account, &password).await);
}

#[tokio::test]
async fn frames_in_flight_are_answered_as_they_finish() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let headers = [("test-name", "held"), ("test-fault", "kv:wait")];
    let mut socket = Socket::with(worker, &headers).await.unwrap();
    socket.call(0, "ResetPassword2", &account.payload(GOOD)).await;
    worker.eventually("KV is asked", async || !worker.operations("held").await.is_empty()).await;
    for sequence in [2, 4, 6] {
        socket.call(sequence, "ResetPassword2", &Account::new().payload(GOOD)).await;
    }
    let mut overtaking = Vec::new();
    for _ in 0..3 {
        let answer = socket.answer().await;
        assert_eq!(answer.errorcode, 20);
        overtaking.push(answer.label[1].as_u64().unwrap());
    }
    overtaking.sort_unstable();
    assert_eq!(overtaking, [2, 4, 6]);
    worker.release("held").await;
    assert_eq!(socket.answer().await, Answer::new(json!([1, 0, "ResetPassword2"]), 0));
}

/// The runtime makes U+FFFD of what is no UTF-8: the password would be one that nobody has typed.
#[tokio::test]
async fn a_password_that_is_no_utf8_is_not_hashed_as_something_else() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    remember("four words that \u{fffd}it");
    let frame =
        json!({"m": 0, "i": 0, "n": "ResetPassword2", "o": account.payload("four words that \u{e9}it")});
    let bytes: Vec<u8> = frame.to_string().chars().map(|c| u8::try_from(c).unwrap()).collect();
    let mut socket = Socket::open(worker).await;
    socket.send(Message::Frame(Frame::message(bytes, OpCode::Data(Data::Text), true))).await;
    assert_eq!(socket.answer().await, Answer::new(json!([5, null, null]), 100));
    assert_eq!(worker.stored_hash(&account).await, None);
}
