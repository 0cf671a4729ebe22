//! What is recorded about a call: its line in the log, its id in the response, its data point in Analytics Engine.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use test_support::{
    account::Account,
    http::fresh_address,
    observer::FAULT,
    password::{GOOD, OTHER},
    response::request_id,
    texts::log,
    websocket::Socket,
    worker::{Options, Worker},
};

/// Waits for the `number` lines of the log that have this id.
pub(crate) async fn lines(worker: &Worker, request_id: &str, number: usize) -> Vec<Value> {
    let lines = || -> Vec<Value> {
        let log = worker.log();
        log.lines()
            .filter(|line| line.contains(request_id))
            // wrangler colors errors.
            .map(|line| &line[line.find('{').unwrap()..=line.rfind('}').unwrap()])
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    worker.wait_until("the lines of a call", async || lines().len() >= number).await;
    let lines = lines();
    assert_eq!(lines.len(), number, "{lines:?}");
    lines
}

/// Checks what the line of a call says, and that it has every step.
fn check(line: &Value, call: &str, outcome: &str, errorcode: u64) {
    assert_eq!(line["call"], call, "{line}");
    assert_eq!(line["outcome"], outcome, "{line}");
    assert_eq!(line["errorcode"], errorcode, "{line}");
    assert_eq!(line["location"].as_str().unwrap().len(), 3, "{line}");
    let ms = line["ms"].as_object().unwrap();
    let names: BTreeSet<&str> = ms.keys().map(String::as_str).collect();
    assert_eq!(names, BTreeSet::from(["limit", "kv", "compute", "breach_check", "queue", "d1", "total"]));
    let steps: u64 = ms.iter().filter(|(name, _)| *name != "total").map(|(_, ms)| ms.as_u64().unwrap()).sum();
    assert!(steps <= ms["total"].as_u64().unwrap(), "{line}");
}

/// If errors caused the outcome, each of them has its own line with the same id.
#[tokio::test]
async fn each_call_has_a_line_with_its_outcome_under_the_id_in_its_response() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let gone = Account::new();
    worker.put(gone.entry()).await;
    let unreadable = Account::new();
    worker.put(json!({ unreadable.key(): "{}" })).await;
    for (payload, fault, outcome, errorcode, number) in [
        (account.payload("weak"), "", "password_too_short", 101, 1),
        (account.payload(GOOD), "kv:fail", "unavailable", 102, 2),
        (account.payload(GOOD), "d1:before,d1:before", "unclear", 102, 3),
        (account.payload(GOOD), "d1:slow", "done", 0, 1),
        (account.payload(OTHER), "", "not_authorized", 20, 1),
        (gone.payload(GOOD), "", "user_gone", 104, 1),
        (unreadable.payload(GOOD), "", "unavailable", 102, 2),
        ("{}".to_owned(), "", "invalid", 100, 1),
        (" ".repeat(16 * 1024 + 1), "", "invalid", 100, 1),
    ] {
        let response = worker.reset_password2(payload).header(FAULT, fault).send().await.unwrap();
        let lines = lines(worker, &request_id(&response), number).await;
        let (line, errors) = lines.split_last().unwrap();
        check(line, "ResetPassword2", outcome, errorcode);
        for error in errors {
            assert!(error["error"].as_str().unwrap().contains(": "), "{error}");
        }
        if outcome == "done" {
            // The call computed a hash, and D1 was slow.
            assert!(line["ms"]["compute"].as_u64().unwrap() >= 20, "{line}");
            assert!(line["ms"]["d1"].as_u64().unwrap() >= 500, "{line}");
        }
    }

    let response = worker.reset_password("nobody").send().await.unwrap();
    check(&lines(worker, &request_id(&response), 1).await[0], "ResetPassword", "done", 0);
}

#[tokio::test]
async fn a_form_and_a_frame_are_logged_as_calls() {
    let worker = Worker::shared();
    let form = worker.post_from(&fresh_address(), "/resetPassword").body("UserId=5");
    let response = form.send().await.unwrap();
    check(&lines(worker, &request_id(&response), 1).await[0], "ResetPassword2", "invalid", 100);

    let mut socket = Socket::open(worker).await;
    for sequence in [0, 2] {
        socket.call(sequence, "resetpassword2", "{}").await;
        socket.reply().await;
    }
    for (line, sequence) in lines(worker, &socket.request_id, 2).await.iter().zip([0, 2]) {
        check(line, "ResetPassword2", "invalid", 100);
        assert_eq!(line["frame"], sequence);
    }
}

#[tokio::test]
async fn every_response_has_its_own_id() {
    let worker = Worker::shared();
    let posts =
        ["/AP/ResetPassword", "/AP/ResetPassword2", "/AP/NoSuchCall", "/forgotPassword", "/WSGateway"];
    let gets = ["/", "/AP/ResetPassword2", "/resetPassword", "/health", "/WSGateway", "/%"];
    let requests = posts.map(|path| (Method::POST, path)).into_iter();
    let mut ids = BTreeSet::new();
    for (method, path) in requests.chain(gets.map(|path| (Method::GET, path))) {
        let response = worker.request(method.clone(), path).send().await.unwrap();
        assert!(ids.insert(request_id(&response)), "{method} {path}");
    }
}

/// A panic prevents the line of the call, but the line of the panic has the id.
#[tokio::test]
async fn a_panic_is_logged_with_its_place_but_not_its_message() {
    let worker = Worker::may_panic().await;
    let account = worker.user_with_code().await;
    let request = worker.reset_password2(account.payload(GOOD)).header(FAULT, "panic");
    let response = request.send().await.unwrap();
    let line = lines(&worker, &request_id(&response), 1).await.remove(0);
    assert!(line["error"].as_str().unwrap().starts_with(log::PANIC), "{line}");
    assert!(!worker.log().contains("D1 can't prepare"), "{}", worker.log());
}

/// There is no response, so the log is the only trace of it.
#[tokio::test]
async fn a_panic_while_delivering_a_message_is_logged() {
    let worker = Worker::may_panic().await;
    let before = worker.log().matches(log::PANIC).count();
    worker.panic_at_next_message().await;
    assert_eq!(worker.reset_password("nobody").send().await.unwrap().status(), 200);
    worker.wait_until("a line", async || worker.log().matches(log::PANIC).count() > before).await;
    assert!(!worker.log().contains("D1 can't prepare"), "{}", worker.log());
}

/// The instance of the module is gone, and with it the delivery. The runtime delivers one batch after another.
#[tokio::test]
async fn a_panic_ends_a_concurrent_delivery_so_the_next_message_does_not_wait_for_it() {
    let worker = Worker::may_panic().await;
    worker.hang_mailer().await;
    let [waiting, panicking, next] =
        [worker.user().await, worker.user_with_code().await, worker.user().await];
    worker.reset_password(&waiting.user_name()).send().await.unwrap();
    worker.wait_for_hanging_mail().await;
    worker.reset_password2(panicking.payload(GOOD)).header(FAULT, "panic").send().await.unwrap();
    worker.reset_password(&next.user_name()).send().await.unwrap();
    worker.mail(&next, 1).await;
}

/// The local runtime has the real binding, which stores nothing there; the observer sees what is written to it.
#[tokio::test]
async fn the_same_figures_are_written_to_analytics_engine_if_it_is_bound() {
    let config =
        "\n[[analytics_engine_datasets]]\nbinding = \"CALLS\"\ndataset = \"reset_password2_calls\"\n";
    let worker = Worker::start(&Options { config, ..Options::new("analytics") });
    let account = worker.user_with_code().await;
    let request = worker.reset_password2(account.payload(GOOD)).header(FAULT, "d1:slow");
    let response = request.send().await.unwrap();
    let line = lines(&worker, &request_id(&response), 1).await.remove(0);
    check(&line, "ResetPassword2", "done", 0);
    let ms = &line["ms"];
    assert_eq!(
        worker.data_points().await,
        [json!({
            "indexes": ["ResetPassword2"],
            "blobs": ["done", line["location"]],
            "doubles": [0, ms["total"], ms["limit"], ms["kv"], ms["compute"], ms["queue"], ms["d1"], ms["breach_check"]],
        })]
    );
}
