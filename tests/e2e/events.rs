//! docs/contract.md, section 7: the events that the exchange gets.

use std::{collections::HashSet, sync::LazyLock};

use serde_json::json;
use test_support::{
    account::Account,
    clock::now,
    http::fresh_address,
    password::GOOD,
    response::errorcode,
    secrets,
    webhook_receiver::{Behavior, Received, WebhookReceiver},
    worker::{Options, Worker},
};
use tokio::{runtime::Runtime, sync::OnceCell};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Keeps the receiver running between tests, each of which has a runtime of its own.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// A Worker that tells a receiver of ours.
async fn worker_and_receiver() -> (&'static Worker, &'static WebhookReceiver) {
    static SHARED: OnceCell<(Worker, WebhookReceiver)> = OnceCell::const_new();
    let start = async || {
        let receiver = RUNTIME.spawn(WebhookReceiver::start()).await.unwrap();
        secrets::record(SECRET);
        let vars = [&*format!("WEBHOOK_URL:{}", receiver.url), &*format!("WEBHOOK_SECRET:{SECRET}")];
        (Worker::start(&Options { vars: &vars, ..Options::new("events") }), receiver)
    };
    let (worker, receiver) = SHARED.get_or_init(start).await;
    (worker, receiver)
}

/// Waits until the exchange has got so many events of a user.
async fn events(account: &Account, count: usize) -> Vec<Received> {
    let (worker, receiver) = worker_and_receiver().await;
    worker.wait_until("events", async || receiver.events(&account.user_id).len() >= count).await;
    receiver.events(&account.user_id)
}

#[tokio::test]
async fn the_exchange_is_told_of_a_reset_and_a_lock_and_can_verify_it() {
    let (worker, _) = worker_and_receiver().await;
    let account = worker.user_with_code().await;
    assert_eq!(errorcode(worker.reset_password2(account.payload(GOOD))).await, 0);
    let reset = events(&account, 1).await.remove(0);
    assert_eq!(reset.line, "POST /events?of=resets HTTP/1.1");
    assert_eq!(reset.headers["content-type"], "application/json");
    assert!(reset.verify(SECRET));
    let tampered = Received { body: reset.body.replace("password.changed", "user.locked"), ..reset.clone() };
    assert_ne!(tampered.body, reset.body);
    assert!(!tampered.verify(SECRET));

    let row = worker.row(&account).await;
    let id = &reset.headers["webhook-id"];
    let at = format!(
        "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0, 'unixepoch') AS at FROM audit_log WHERE attempt_id = '{id}'"
    );
    let at = worker.sql(&[&at]).await;
    let data = json!({
        "user_id": account.user_id,
        "attempt_id": id,
        // Where `wrangler dev` believes to be.
        "country": reset.event()["data"]["country"].as_str().filter(|country| country.len() == 2),
        "withdrawals_held_until": row["withdrawals_held_until"],
    });
    let expected = json!({"type": "password.changed", "timestamp": at[0]["at"], "data": data});
    assert_eq!(reset.event(), expected);

    let notice = worker.mail(&account, 1).await;
    let (_, code) = notice.split_once("LockCode=").unwrap();
    let payload = json!({"UserId": account.user_id, "LockCode": &code[..36]}).to_string();
    secrets::record(&code[..36]);
    for _ in 0..2 {
        let lock = worker.post_from(&fresh_address(), "/AP/LockAccount").body(payload.clone());
        assert_eq!(errorcode(lock).await, 0);
    }
    let lock = events(&account, 2).await.remove(1);
    assert!(lock.verify(SECRET));
    let event = lock.event();
    assert_eq!(event["type"], "user.locked");
    assert_eq!(event["data"]["attempt_id"].as_str(), Some(&*lock.headers["webhook-id"]));
    assert_ne!(lock.headers["webhook-id"], *id);

    let health: serde_json::Value = worker.check_health("").await.json().await.unwrap();
    let delivered_at = health["last_event_delivered_at"].as_str().unwrap();
    let age = format!("SELECT {} - unixepoch('{delivered_at}', 'subsec') * 1000 AS age", now());
    let age = worker.sql(&[&age]).await[0]["age"].as_f64().unwrap();
    assert!((-5_000.0..60_000.0).contains(&age), "{age}");
}

#[tokio::test]
async fn an_event_is_delivered_until_the_receiver_accepts_it_and_keeps_its_id_and_body() {
    let (worker, receiver) = worker_and_receiver().await;
    let mut accounts = Vec::new();
    for (behavior, deliveries) in [
        (Behavior::Fails, 2),
        (Behavior::Redirects, 2),
        (Behavior::HangsUp, 2),
        (Behavior::Garbled, 2),
        (Behavior::NoContent, 1),
        (Behavior::NeverEnds, 1),
        (Behavior::Stalls, 2),
    ] {
        let account = worker.user_with_code().await;
        receiver.behave(&account.user_id, behavior);
        assert_eq!(errorcode(worker.reset_password2(account.payload(GOOD))).await, 0);
        accounts.push((account, behavior, deliveries));
    }
    for (account, behavior, deliveries) in &accounts {
        let events = events(account, *deliveries).await;
        assert!(
            events.iter().all(|event| event.line.starts_with("POST /events")),
            "{behavior:?}: {events:?}"
        );
        assert!(events.iter().all(|event| event.verify(SECRET)), "{behavior:?}");
        let ids: HashSet<_> = events.iter().map(|event| &event.headers["webhook-id"]).collect();
        let bodies: HashSet<_> = events.iter().map(|event| &event.body).collect();
        assert_eq!((ids.len(), bodies.len()), (1, 1), "{behavior:?}");
        // A mail does not wait for the exchange.
        worker.mail(account, 1).await;
    }
    // Those that were accepted are not delivered again.
    for (account, behavior, deliveries) in &accounts {
        assert_eq!(receiver.events(&account.user_id).len(), *deliveries, "{behavior:?}");
    }
    assert!(worker.log().contains("WEBHOOK_URL: status 503"), "{}", worker.log());
}

#[tokio::test]
async fn an_attempt_that_changes_nothing_is_not_told() {
    let (worker, receiver) = worker_and_receiver().await;
    let account = worker.user_with_code().await;
    let refused = worker.reset_password2(account.payload(GOOD)).header("Test-Fault", "d1:before,d1:before");
    assert_ne!(errorcode(refused).await, 0);
    assert_eq!(errorcode(worker.reset_password2(account.payload(GOOD))).await, 0);
    assert_eq!(errorcode(worker.reset_password2(account.payload(GOOD))).await, 20);
    events(&account, 1).await;
    worker.mail(&account, 1).await;
    assert_eq!(receiver.events(&account.user_id).len(), 1);
}
