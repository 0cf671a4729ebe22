//! Contract, section 2, WebSocket: frames, and what becomes of a connection.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::Client;
use reset_password2::password::{Verification, verify};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest as _,
        http::{HeaderName, HeaderValue},
        protocol::{
            CloseFrame,
            frame::{
                Frame,
                coding::{Data, OpCode},
            },
        },
    },
};

use crate::{
    faults::panicking,
    outcomes::{GOOD, OTHER, standard_response},
    settings::configured,
    worker::{Account, Options, Worker, fresh_address, now, remember, tool},
};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection to the gateway, and the id of the request that opened it.
struct Socket(WebSocketStream<TcpStream>, String);

impl Socket {
    /// From an address that no other test has.
    async fn open(worker: &Worker) -> Self {
        Self::with(worker, &[]).await.unwrap()
    }

    async fn with(worker: &Worker, headers: &[(&'static str, &str)]) -> Result<Self, Error> {
        let host = worker.origin.strip_prefix("http://").unwrap();
        let mut request = format!("ws://{host}/WSGateway/").into_client_request().unwrap();
        let address = ("cf-connecting-ip", &*fresh_address());
        for &(name, value) in [address].iter().chain(headers) {
            request
                .headers_mut()
                .insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        let (socket, response) = client_async(request, TcpStream::connect(host).await.unwrap()).await?;
        Ok(Self(socket, response.headers()["x-request-id"].to_str().unwrap().to_owned()))
    }

    async fn send(&mut self, message: impl Into<Message>) {
        self.0.send(message.into()).await.unwrap();
    }

    async fn call(&mut self, sequence: u64, name: &str, payload: &str) {
        self.send(json!({"m": 0, "i": sequence, "n": name, "o": payload}).to_string()).await;
    }

    async fn next(&mut self) -> Message {
        timeout(PATIENCE, self.0.next()).await.expect("a message").unwrap().unwrap()
    }

    /// The next answer, as the contract has it: its keys in order, and a standard response object as a string in `o`.
    async fn answer(&mut self) -> Answer {
        let message = self.next().await;
        let text = message.to_text().unwrap();
        let frame: Value = serde_json::from_str(text).unwrap();
        let (m, i, n, o) = (&frame["m"], &frame["i"], &frame["n"], &frame["o"]);
        assert_eq!(text, format!(r#"{{"m":{m},"i":{i},"n":{n},"o":{o}}}"#));
        let response = standard_response(o.as_str().unwrap());
        Answer { label: json!([m, i, n]), errorcode: response["errorcode"].as_u64().unwrap() }
    }

    /// Waits for the end of the connection, and gives its code and how many messages came before it.
    async fn closed(&mut self) -> (u16, usize) {
        let mut before = 0;
        loop {
            match self.next().await {
                Message::Close(Some(CloseFrame { code, .. })) => return (code.into(), before),
                _ => before += 1,
            }
        }
    }
}

/// The answer to a frame: its `m`, `i` and `n`, and the `errorcode` in its `o`.
#[derive(Debug, PartialEq)]
struct Answer {
    label: Value,
    errorcode: u64,
}

impl Answer {
    fn new(label: Value, errorcode: u64) -> Self {
        Self { label, errorcode }
    }
}

async fn has_password(worker: &Worker, account: &Account, password: &str) -> bool {
    let hash = worker.stored_hash(account).await;
    hash.is_some_and(|hash| verify(password, &hash) == Ok(Verification::Match { needs_rehash: false }))
}

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

#[tokio::test]
async fn a_client_that_leaves_in_mid_call_does_not_undo_it() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let headers = [("test-name", "leaves"), ("test-fault", "kv:wait")];
    let mut socket = Socket::with(worker, &headers).await.unwrap();
    socket.call(0, "ResetPassword2", &account.payload(GOOD)).await;
    worker.eventually("KV is asked", async || !worker.operations("leaves").await.is_empty()).await;
    socket.0.get_ref().set_zero_linger().unwrap();
    drop(socket);
    worker.release("leaves").await;
    worker.eventually("the new password", async || has_password(worker, &account, GOOD).await).await;
    // The Worker is well.
    let mut next = Socket::open(worker).await;
    next.call(0, "ResetPassword2", "{}").await;
    assert_eq!(next.answer().await.errorcode, 100);
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

/// What commits is answered, whatever else comes.
#[tokio::test]
async fn no_answer_is_lost_when_a_connection_is_ended() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let headers = [("test-name", "ended"), ("test-fault", "kv:wait")];
    let mut socket = Socket::with(worker, &headers).await.unwrap();
    socket.call(0, "ResetPassword2", &account.payload(GOOD)).await;
    worker.eventually("KV is asked", async || !worker.operations("ended").await.is_empty()).await;
    for _ in 0..200 {
        socket.0.feed("garbage".into()).await.unwrap();
    }
    socket.0.flush().await.unwrap();
    for _ in 0..100 {
        assert_eq!(socket.answer().await, Answer::new(json!([5, null, null]), 100));
    }
    worker.release("ended").await;
    assert_eq!(socket.answer().await, Answer::new(json!([1, 0, "ResetPassword2"]), 0));
    assert_eq!(socket.closed().await, (1008, 0));

    // As many calls as fit in at once, and more.
    let mut socket = Socket::open(worker).await;
    for sequence in 0..200 {
        let payload = Account::new().payload(GOOD);
        let frame = json!({"m": 0, "i": sequence, "n": "ResetPassword2", "o": payload});
        socket.0.feed(frame.to_string().into()).await.unwrap();
    }
    socket.0.flush().await.unwrap();
    let mut outcomes = BTreeMap::new();
    for _ in 0..150 {
        *outcomes.entry(socket.answer().await.errorcode).or_insert(0) += 1;
    }
    assert_eq!(outcomes, BTreeMap::from([(20, 60), (101, 90)]));
    assert_eq!(socket.closed().await, (1001, 0));
    // Each has its line in the log, also where there was no room for it.
    worker.eventually("150 lines", async || worker.log().matches(&socket.1).count() == 150).await;
}

/// The last of what was under way may use up the budget: then nothing more is taken either, though it was on its way.
#[tokio::test]
async fn what_comes_after_the_end_of_a_connection_is_not_done() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let mut socket = Socket::open(worker).await;
    for _ in 0..100 {
        socket.call(0, "ResetPassword2", "{}").await;
        assert_eq!(socket.answer().await.errorcode, 100);
    }
    // The goodbye has come with the last answer, and is not read yet.
    socket.call(2, "ResetPassword2", &account.payload(GOOD)).await;
    assert_eq!(socket.closed().await, (1008, 0));
    let mut next = Socket::open(worker).await;
    next.call(0, "ResetPassword2", &account.payload(OTHER)).await;
    assert_eq!(next.answer().await.errorcode, 0);
    assert!(has_password(worker, &account, OTHER).await);
}

#[tokio::test]
async fn ten_thousand_frames_of_garbage_end_the_connection_and_nothing_else() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    for garbage in
        ["garbage", r#"{"m":0,"i":0,"n":"Ping","o":"{}"}"#, r#"{"m":0,"i":0,"n":"ResetPassword2","o":"[]"}"#]
    {
        let mut socket = Socket::open(worker).await;
        for _ in 0..10_000 {
            if socket.0.feed(garbage.into()).await.is_err() {
                break;
            }
        }
        let _ = socket.0.flush().await;
        let (code, answers) = socket.closed().await;
        assert_eq!(code, 1008, "{garbage}");
        assert!((100..=160).contains(&answers), "{answers} answers to {garbage}");
    }
    let mut socket = Socket::open(worker).await;
    socket.call(0, "ResetPassword2", &account.payload(GOOD)).await;
    assert_eq!(socket.answer().await.errorcode, 0);
}

/// One address has 60 calls a minute, however it makes them. The local runtime counts by minutes of the clock.
#[tokio::test]
async fn the_limit_is_the_one_of_http() {
    let worker = Worker::shared();
    for _ in 0..5 {
        let (minute, address) = (now() / 60_000, fresh_address());
        for _ in 0..40 {
            let payload = Account::new().payload(GOOD);
            let request =
                Client::new().post(worker.call()).header("CF-Connecting-IP", &address).body(payload);
            assert_eq!(request.send().await.unwrap().status(), 200);
        }
        let mut socket = Socket::with(worker, &[("cf-connecting-ip", &address)]).await.unwrap();
        let mut limited = 0;
        for sequence in 0..30 {
            socket.call(sequence, "ResetPassword2", &Account::new().payload(GOOD)).await;
            let answer = socket.answer().await;
            assert_eq!(answer.label, json!([1, sequence, "ResetPassword2"]));
            limited += u64::from(answer.errorcode == 101);
        }
        if now() / 60_000 == minute {
            return assert_eq!(limited, 10);
        }
    }
    panic!("70 calls take more than a minute");
}

/// To Workers a connection is one request, which may ask only so often for something outside.
#[tokio::test]
async fn a_connection_ends_when_it_has_made_150_calls() {
    let worker = Worker::shared();
    let mut socket = Socket::open(worker).await;
    for sequence in 0..150 {
        // Sound ones would be limited, unsound ones be too many.
        let payload = if sequence < 60 { Account::new().payload(GOOD) } else { "{}".to_owned() };
        socket.call(sequence, "ResetPassword2", &payload).await;
        assert_eq!(socket.answer().await.label, json!([1, sequence, "ResetPassword2"]));
    }
    assert_eq!(socket.closed().await, (1001, 0));
}

/// Ten minutes, which pass here in two seconds, begin anew with each message.
#[tokio::test]
async fn a_silent_connection_is_closed() {
    let worker = Worker::start(&Options {
        name: "silent",
        vars: &["TEST_HURRY:300"],
        migrated: false,
        ..Options::DEFAULT
    });
    let mut socket = Socket::open(&worker).await;
    for _ in 0..2 {
        tokio::time::sleep(Duration::from_millis(1200)).await;
        socket.call(0, "ResetPassword2", "{}").await;
        assert_eq!(socket.answer().await.errorcode, 100);
    }
    let start = Instant::now();
    assert_eq!(socket.closed().await, (1001, 0));
    let silence = start.elapsed();
    // It begins before the answer has come here.
    assert!((Duration::from_millis(1900)..Duration::from_secs(8)).contains(&silence), "{silence:?}");
}

#[tokio::test]
async fn what_opens_no_connection_is_told_why() {
    let worker = Worker::shared();
    let url = format!("{}/WSGateway", worker.origin);
    let get = Client::new().get(&url).send().await.unwrap();
    assert_eq!(get.status(), 426);
    assert_eq!(standard_response(&get.text().await.unwrap())["errorcode"], 106);
    let post = Client::new().post(url + "/").body("{}").send().await.unwrap();
    assert_eq!(
        (post.status().as_u16(), &post.headers()["allow"]),
        (405, &HeaderValue::from_static("GET, HEAD"))
    );
    assert_eq!(standard_response(&post.text().await.unwrap())["errorcode"], 106);
}

/// Who may not read an answer over HTTP may not over a WebSocket: a browser says there, too, whose page it is.
#[tokio::test]
async fn pages_of_other_origins_are_kept_out_where_the_setting_says_so() {
    let worker = configured();
    for (origin, status) in [("https://exchange.example", None), ("https://evil.example", Some(403))] {
        let refused = match Socket::with(worker, &[("origin", origin)]).await {
            Ok(_) => None,
            Err(Error::Http(response)) => Some(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        };
        assert_eq!(refused, status, "{origin}");
    }
    Socket::open(worker).await;
}

/// See `a_panic_is_answered_and_so_is_the_request_beside_it`: on a connection too, and one that is silent is closed.
#[tokio::test]
async fn a_panic_is_answered_on_every_connection() {
    let worker = panicking().await;
    let account = worker.user_with_code().await;
    let mut silent = Socket::open(&worker).await;
    silent.call(0, "ResetPassword2", "{}").await;
    assert_eq!(silent.answer().await.errorcode, 100);
    let headers = [("test-name", "busy"), ("test-fault", "kv:wait")];
    let mut busy = Socket::with(&worker, &headers).await.unwrap();
    busy.call(2, "ResetPassword2", &account.payload(GOOD)).await;
    worker.eventually("KV is asked", async || !worker.operations("busy").await.is_empty()).await;

    let panicking = worker.user_with_code().await;
    let mut socket = Socket::with(&worker, &[("test-fault", "panic")]).await.unwrap();
    socket.call(4, "ResetPassword2", &panicking.payload(GOOD)).await;
    assert_eq!(socket.answer().await, Answer::new(json!([1, 4, "ResetPassword2"]), 102));
    assert_eq!(socket.closed().await, (1011, 0));
    assert_eq!(busy.answer().await, Answer::new(json!([1, 2, "ResetPassword2"]), 102));
    assert_eq!(busy.closed().await, (1011, 0));
    assert_eq!(silent.closed().await, (1011, 0));

    let mut next = Socket::open(&worker).await;
    next.call(0, "ResetPassword2", &account.payload(GOOD)).await;
    assert_eq!(next.answer().await.errorcode, 0);
}
