//! The breach check: the Worker asks a service over HTTP, which may fail in every way.

use std::{sync::LazyLock, time::Duration};

use serde_json::Value;
use test_support::{
    account::Account,
    password::{GOOD, OTHER, TOO_COMMON},
    range_server::{BREACHED, Behavior, RangeServer},
    response::{call, errorcode, request_id},
    worker::{Options, Worker},
};
use tokio::{runtime::Runtime, sync::OnceCell};

use crate::log::lines;

/// Keeps the service running between tests, each of which has a runtime of its own.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// A Worker that asks a service of ours.
async fn worker_and_service() -> (&'static Worker, &'static RangeServer) {
    static SHARED: OnceCell<(Worker, RangeServer)> = OnceCell::const_new();
    let start = async || {
        let service = RUNTIME.spawn(RangeServer::start()).await.unwrap();
        let vars = ["BREACH_CHECK:on", &format!("BREACH_CHECK_URL:{}", service.url)];
        (Worker::start(&Options { vars: &vars, ..Options::new("breach-check") }), service)
    };
    let (worker, service) = SHARED.get_or_init(start).await;
    (worker, service)
}

/// Resets a password, and returns the line of the call in the log.
async fn reset(worker: &Worker, password: &str) -> Value {
    let account = worker.user_with_code().await;
    let response = worker.reset_password2(account.payload(password)).send().await.unwrap();
    assert_eq!(response.headers()["x-outcome"], "done", "{password}");
    let line = lines(worker, &request_id(&response), 1).await.remove(0);
    assert!(worker.has_password(&account, password).await);
    line
}

#[tokio::test]
async fn a_breached_password_is_rejected_and_the_link_still_works() {
    let (worker, service) = worker_and_service().await;
    let account = worker.user_with_code().await;
    let response = worker.reset_password2(account.payload(BREACHED)).send().await.unwrap();
    assert_eq!(response.headers()["x-outcome"], "password_breached");
    let line = lines(worker, &request_id(&response), 1).await.remove(0);
    assert_eq!((&line["outcome"], &line["breach_check"]), (&"password_breached".into(), &Value::Null));
    let response = call(worker.reset_password2(account.payload(BREACHED))).await;
    assert_eq!(response["errorcode"], 101);
    assert!(response["detail"].as_str().unwrap().contains("data breach"), "{response}");
    assert_eq!(worker.stored_hash(&account).await, None);

    assert_eq!(errorcode(worker.reset_password2(account.payload(GOOD))).await, 0);
    // Once the code is used, the link is all that matters.
    assert_eq!(errorcode(worker.reset_password2(account.payload(BREACHED))).await, 20);

    let requests = service.requests(BREACHED);
    assert_eq!(requests.len(), 1, "the list is cached: {requests:?}");
    let head = requests[0].to_lowercase();
    assert!(head.contains("\r\nadd-padding: true\r\n"), "{head}");
    assert!(head.contains("\r\nuser-agent: reset-password2\r\n"), "{head}");
}

#[tokio::test]
async fn a_service_that_fails_keeps_nobody_from_a_reset() {
    let (worker, service) = worker_and_service().await;
    for (behavior, failure) in [
        (Behavior::Stalls, "no_response"),
        (Behavior::Lies, "invalid_response"),
        (Behavior::Fails, "unavailable"),
        (Behavior::Redirects, "unavailable"),
        (Behavior::NeverEnds, "unavailable"),
        (Behavior::HangsUp, "unavailable"),
    ] {
        let password = format!("words of a day when {behavior:?}");
        service.behave(&password, behavior);
        let line = reset(worker, &password).await;
        assert_eq!(line["breach_check"], failure, "{behavior:?}: {line}");
        assert_eq!(service.requests(&password).len(), 1, "{behavior:?}");
        // What isn't a list is not cached.
        service.behave(&password, Behavior::Late(Duration::ZERO));
        let line = reset(worker, &password).await;
        assert_eq!(line["breach_check"], Value::Null, "{behavior:?}: {line}");
        assert_eq!(service.requests(&password).len(), 2, "{behavior:?}");
    }
}

/// Otherwise, the call would wait for all of the service's time after it has hashed the password.
#[tokio::test]
async fn the_service_works_while_the_password_is_hashed() {
    const SERVICE_MILLIS: u64 = 60;
    let (worker, service) = worker_and_service().await;
    let mut waits = Vec::new();
    // A machine under load may delay one of them.
    for number in 0..10 {
        let password = format!("words of the quiet day {number}");
        service.behave(&password, Behavior::Late(Duration::from_millis(SERVICE_MILLIS)));
        let line = reset(worker, &password).await;
        waits.push(line["ms"]["breach_check"].as_u64().unwrap());
        if waits.last() < Some(&(SERVICE_MILLIS / 2)) {
            return;
        }
    }
    panic!("{waits:?}");
}

/// Neither a stranger nor a password that breaks another rule causes a request.
#[tokio::test]
async fn only_a_good_code_with_a_good_password_causes_a_request() {
    let (worker, service) = worker_and_service().await;
    let requests = || [OTHER, TOO_COMMON].map(|password| service.requests(password).len());
    let account = worker.user_with_code().await;
    let stranger = Account::new();
    for (payload, expected) in [
        (stranger.payload(OTHER), 20),
        (Account { user_id: stranger.user_id.clone(), ..account.clone() }.payload(OTHER), 20),
        (account.payload(TOO_COMMON), 101),
        ("{}".to_owned(), 100),
    ] {
        assert_eq!(errorcode(worker.reset_password2(payload)).await, expected);
    }
    assert_eq!(requests(), [0, 0]);
    assert_eq!(errorcode(worker.reset_password2(account.payload(OTHER))).await, 0);
    assert_eq!(requests(), [1, 0]);
}
