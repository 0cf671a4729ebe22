//! `GET /health`.

use reqwest::{Client, Response};
use serde_json::Value;

use crate::{
    faults::no_schema,
    outcomes::standard_response,
    settings::misconfigured,
    worker::{Account, Worker, fresh_address, now},
};

async fn health(worker: &Worker, address: &str, fault: &str) -> Response {
    let request = Client::new().get(format!("{}/health", worker.origin));
    request.header("CF-Connecting-IP", address).header("Test-Fault", fault).send().await.unwrap()
}

/// What was reachable, of `kv`, `d1` and `queue`; and how long that took.
async fn reach(response: Response) -> (u16, [bool; 3], [u64; 3]) {
    assert_eq!(response.headers()["content-type"], "application/json; charset=utf-8");
    assert_eq!(response.headers()["cache-control"], "no-store");
    let status = response.status().as_u16();
    let answer: Value = response.json().await.unwrap();
    assert!(answer["misconfigured"].is_null(), "{answer}");
    assert_eq!(answer["healthy"], status == 200, "{answer}");
    let found = ["kv", "d1", "queue"].map(|name| &answer[name]);
    (
        status,
        found.map(|one| one["reachable"].as_bool().unwrap()),
        found.map(|one| one["ms"].as_u64().unwrap()),
    )
}

#[tokio::test]
async fn what_cannot_be_reached_is_told() {
    let worker = Worker::shared();
    let address = fresh_address();
    for (fault, expected) in [
        ("", (200, [true, true, true])),
        ("kv:fail", (503, [false, true, true])),
        ("d1:before", (503, [true, false, true])),
        ("queue:fail", (503, [true, true, false])),
        ("kv:fail,queue:fail,d1:before", (503, [false, false, false])),
    ] {
        let (status, reachable, _) = reach(health(worker, &address, fault).await).await;
        assert_eq!((status, reachable), expected, "{fault}");
    }
}

#[tokio::test]
async fn each_has_its_time_and_none_is_waited_for_without_end() {
    let worker = Worker::shared();
    let (status, _, [kv, d1, queue]) = reach(health(worker, &fresh_address(), "d1:slow").await).await;
    assert!(status == 200 && d1 >= 500 && kv < d1 && queue < d1, "{status}: {kv}, {d1}, {queue}");
    let (status, _, [kv, d1, queue]) = reach(health(worker, &fresh_address(), "d1:hang").await).await;
    assert!(
        status == 503 && (5000..10_000).contains(&d1) && kv < d1 && queue < d1,
        "{status}: {kv}, {d1}, {queue}"
    );
}

#[tokio::test]
async fn a_database_that_was_not_migrated_is_not_healthy() {
    let (status, reachable, _) = reach(health(no_schema(), &fresh_address(), "").await).await;
    assert_eq!((status, reachable), (503, [true, false, true]));
}

#[tokio::test]
async fn a_setting_that_makes_no_sense_is_not_healthy() {
    let response = health(misconfigured(), &fresh_address(), "").await;
    assert_eq!(response.status(), 503);
    let answer: Value = response.json().await.unwrap();
    assert!(answer["misconfigured"].as_str().unwrap().contains("PASSWORD_MIN_LENGTH"), "{answer}");
}

/// Looking must change nothing, and may cost no more than a read each.
#[tokio::test]
async fn it_writes_nothing_and_sends_nothing() {
    let worker = Worker::shared();
    let address = fresh_address();
    let response = health(worker, &address, "").await;
    assert_eq!(response.headers()["test-operations"], "kv.get,d1.batch,queue.metrics");
    assert!(worker.keys().await.iter().all(|key| key.starts_with("pending-code:")));

    // However many users there are.
    let users = "INSERT INTO users (user_id, user_name, email)
        WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 2000)
        SELECT 'u' || n, 'u' || n, 'u' || n || '@example.com' FROM number";
    worker
        .sql(&[
            users,
            "INSERT INTO user_permissions SELECT user_id, 'Trading' FROM users WHERE user_id LIKE 'u%'",
        ])
        .await;
    let response = health(worker, &address, "").await;
    let rows: u64 = response.headers()["test-rows-read"].to_str().unwrap().parse().unwrap();
    assert!(rows <= 10, "{rows}");

    let head = Client::new().head(format!("{}/health", worker.origin)).send().await.unwrap();
    assert_eq!((head.status().as_u16(), head.text().await.unwrap().as_str()), (200, ""));
    let post = Client::new().post(format!("{}/health", worker.origin)).send().await.unwrap();
    assert_eq!((post.status().as_u16(), &post.headers()["allow"]), (405, &"GET, HEAD".parse().unwrap()));
    assert_eq!(standard_response(&post.text().await.unwrap())["errorcode"], 106);
}

/// The limit is the one of the calls. The local runtime counts by minutes of the clock.
#[tokio::test]
async fn it_is_limited() {
    let worker = Worker::shared();
    for _ in 0..5 {
        let (minute, address) = (now() / 60_000, fresh_address());
        for _ in 0..60 {
            assert_eq!(health(worker, &address, "").await.status(), 200);
        }
        let limited = health(worker, &address, "").await;
        let call = Client::new().post(worker.call()).header("CF-Connecting-IP", &address);
        let call = call.body(Account::new().payload("x")).send().await.unwrap();
        if now() / 60_000 == minute {
            assert_eq!(
                (limited.status().as_u16(), &limited.headers()["retry-after"]),
                (429, &"60".parse().unwrap())
            );
            assert_eq!(standard_response(&limited.text().await.unwrap())["errorcode"], 101);
            return assert_eq!(call.status(), 429);
        }
    }
    panic!("62 requests take more than a minute");
}
