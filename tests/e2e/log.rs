//! What is told of a call afterwards: its line in the log, its id in the answer, its point in Analytics Engine.

use std::collections::BTreeSet;

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::client_async;
use uuid::Uuid;

use crate::{
    faults::panicking,
    outcomes::{GOOD, OTHER},
    worker::{Account, Options, Worker, fresh_address},
};

/// The id that an answer has in its header.
fn request_id(response: &Response) -> String {
    let id = response.headers()["x-request-id"].to_str().unwrap();
    assert_eq!(Uuid::try_parse(id).unwrap().to_string(), id);
    id.to_owned()
}

/// The lines of the log that have this id.
async fn lines(worker: &Worker, request_id: &str, number: usize) -> Vec<Value> {
    let lines = || -> Vec<Value> {
        let log = worker.log();
        log.lines()
            .filter(|line| line.contains(request_id))
            // wrangler paints errors.
            .map(|line| &line[line.find('{').unwrap()..=line.rfind('}').unwrap()])
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    worker.eventually("the lines of a call", async || lines().len() >= number).await;
    let lines = lines();
    assert_eq!(lines.len(), number, "{lines:?}");
    lines
}

/// A call's line must say this, and have every step.
fn check(line: &Value, call: &str, outcome: &str, errorcode: u64) {
    assert_eq!(line["call"], call, "{line}");
    assert_eq!(line["outcome"], outcome, "{line}");
    assert_eq!(line["errorcode"], errorcode, "{line}");
    assert_eq!(line["location"].as_str().unwrap().len(), 3, "{line}");
    let ms = line["ms"].as_object().unwrap();
    let names: BTreeSet<&str> = ms.keys().map(String::as_str).collect();
    assert_eq!(names, BTreeSet::from(["limit", "kv", "compute", "queue", "d1", "total"]));
    let steps: u64 = ms.iter().filter(|(name, _)| *name != "total").map(|(_, ms)| ms.as_u64().unwrap()).sum();
    assert!(steps <= ms["total"].as_u64().unwrap(), "{line}");
}

#[tokio::test]
async fn each_call_has_a_line_with_its_outcome_and_the_id_that_is_in_the_answer() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let gone = Account::new();
    worker.put(gone.entry()).await;
    let unreadable = Account::new();
    worker.put(json!({ unreadable.key(): "{}" })).await;
    // An outcome that leaves an error behind has a line that says which, with the same id.
    for (payload, fault, outcome, errorcode, number) in [
        (account.payload("weak"), "", "policy", 101, 1),
        (account.payload(GOOD), "kv:fail", "unavailable", 102, 2),
        (account.payload(GOOD), "d1:before,d1:before", "unclear", 102, 3),
        (account.payload(GOOD), "d1:slow", "done", 0, 1),
        (account.payload(OTHER), "", "not_authorized", 20, 1),
        (gone.payload(GOOD), "", "user_gone", 104, 1),
        (unreadable.payload(GOOD), "", "unavailable", 102, 2),
        ("{}".to_owned(), "", "invalid", 100, 1),
        (" ".repeat(16 * 1024 + 1), "", "invalid", 100, 1),
    ] {
        let response = worker.post(payload).header("Test-Fault", fault).send().await.unwrap();
        let lines = lines(worker, &request_id(&response), number).await;
        let (line, errors) = lines.split_last().unwrap();
        check(line, "ResetPassword2", outcome, errorcode);
        for error in errors {
            assert!(error["error"].as_str().unwrap().contains(": "), "{error}");
        }
        if outcome == "done" {
            // The hash is what a call computes, and D1 was slow.
            assert!(line["ms"]["compute"].as_u64().unwrap() >= 20, "{line}");
            assert!(line["ms"]["d1"].as_u64().unwrap() >= 500, "{line}");
        }
    }

    let url = format!("{}/AP/ResetPassword", worker.origin);
    let response = Client::new().post(url).body(r#"{"UserName":"nobody"}"#).send().await.unwrap();
    check(&lines(worker, &request_id(&response), 1).await[0], "ResetPassword", "done", 0);
}

#[tokio::test]
async fn a_form_and_a_frame_are_calls_too() {
    let worker = Worker::shared();
    let form = Client::new().post(format!("{}/resetPassword", worker.origin)).body("UserId=5");
    let response = form.header("CF-Connecting-IP", fresh_address()).send().await.unwrap();
    check(&lines(worker, &request_id(&response), 1).await[0], "ResetPassword2", "invalid", 100);

    let host = worker.origin.strip_prefix("http://").unwrap();
    let stream = TcpStream::connect(host).await.unwrap();
    let (mut socket, response) = client_async(format!("ws://{host}/WSGateway/"), stream).await.unwrap();
    for sequence in [0, 2] {
        let frame = json!({"m": 0, "i": sequence, "n": "resetpassword2", "o": "{}"});
        socket.send(frame.to_string().into()).await.unwrap();
        socket.next().await.unwrap().unwrap();
    }
    let id = response.headers()["x-request-id"].to_str().unwrap();
    for (line, sequence) in lines(worker, id, 2).await.iter().zip([0, 2]) {
        check(line, "ResetPassword2", "invalid", 100);
        assert_eq!(line["frame"], sequence);
    }
}

#[tokio::test]
async fn every_answer_has_an_id_and_no_two_have_the_same() {
    let worker = Worker::shared();
    let mut ids = BTreeSet::new();
    for path in ["AP/ResetPassword", "AP/ResetPassword2", "AP/NoSuchCall", "forgotPassword", "WSGateway"] {
        let response = Client::new().post(format!("{}/{path}", worker.origin)).send().await.unwrap();
        assert!(ids.insert(request_id(&response)), "POST {path}");
    }
    for path in
        ["", "AP/ResetPassword2", "resetPassword", "page.css", "health", "openapi.json", "WSGateway", "%"]
    {
        let response = Client::new().get(format!("{}/{path}", worker.origin)).send().await.unwrap();
        assert!(ids.insert(request_id(&response)), "{path}");
    }
}

/// A panic ends before the call's line, but all that it takes down with it is found by its id.
#[tokio::test]
async fn a_panic_is_logged_with_the_id_and_without_what_it_says() {
    let worker = panicking().await;
    let account = worker.user_with_code().await;
    let response = worker.post(account.payload(GOOD)).header("Test-Fault", "panic").send().await.unwrap();
    let line = lines(&worker, &request_id(&response), 1).await.remove(0);
    assert!(line["error"].as_str().unwrap().starts_with("panic at "), "{line}");
    assert!(!worker.log().contains("D1 can't prepare"), "{}", worker.log());
}

/// Nobody waits for an answer there: the log is all that tells of it.
#[tokio::test]
async fn a_panic_over_a_mail_is_logged_too() {
    let worker = panicking().await;
    let before = worker.log().matches("panic at ").count();
    worker.queue_panics().await;
    let url = format!("{}/AP/ResetPassword", worker.origin);
    let call = Client::new().post(url).header("CF-Connecting-IP", fresh_address());
    assert_eq!(call.body(r#"{"UserName":"nobody"}"#).send().await.unwrap().status(), 200);
    worker.eventually("a line", async || worker.log().matches("panic at ").count() > before).await;
    assert!(!worker.log().contains("D1 can't prepare"), "{}", worker.log());
}

/// On the real binding, which keeps nothing in the local runtime: the observer sees what is written to it.
#[tokio::test]
async fn the_same_figures_go_to_analytics_engine_where_it_is_bound() {
    let more = "\n[[analytics_engine_datasets]]\nbinding = \"CALLS\"\ndataset = \"reset_password2_calls\"\n";
    let worker = Worker::start(&Options { name: "analytics", more, ..Options::DEFAULT });
    let account = worker.user_with_code().await;
    let response = worker.post(account.payload(GOOD)).header("Test-Fault", "d1:slow").send().await.unwrap();
    let line = lines(&worker, &request_id(&response), 1).await.remove(0);
    check(&line, "ResetPassword2", "done", 0);
    let ms = &line["ms"];
    assert_eq!(
        worker.points().await,
        [json!({
            "indexes": ["ResetPassword2"],
            "blobs": ["done", line["location"]],
            "doubles": [0, ms["total"], ms["limit"], ms["kv"], ms["compute"], ms["queue"], ms["d1"]],
        })]
    );
}
