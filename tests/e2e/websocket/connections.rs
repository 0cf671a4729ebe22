//! How connections begin and end, and what one may ask.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use futures_util::SinkExt as _;
use reqwest::Client;
use serde_json::json;
use tokio_tungstenite::tungstenite::{Error, http::HeaderValue};

use super::{Answer, Socket, has_password};
use crate::{
    faults::panicking,
    outcomes::{GOOD, OTHER, standard_response},
    settings::configured,
    worker::{Account, Options, Worker, fresh_address, now},
};

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
