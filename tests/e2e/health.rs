//! docs/contract.md, section 9: `GET /health`.

use reqwest::{Method, Response};
use serde_json::Value;
use test_support::{
    http::{CLIENT_ADDRESS, fresh_address},
    observer::{OPERATIONS, ROWS_READ},
    response::standard_response,
    worker::Worker,
};

/// What a response says about KV, D1 and the queue.
struct Health {
    status: u16,
    reachable: [bool; 3],
    /// The milliseconds that each check took.
    ms: [u64; 3],
}

async fn check(worker: &Worker, fault: &str) -> Health {
    let response = worker.check_health(fault).await;
    assert_eq!(response.headers()["content-type"], "application/json; charset=utf-8");
    assert_eq!(response.headers()["cache-control"], "no-store");
    let status = response.status().as_u16();
    let response: Value = response.json().await.unwrap();
    assert!(response["misconfigured"].is_null(), "{response}");
    assert_eq!(response["healthy"], status == 200, "{response}");
    let checks = ["kv", "d1", "queue"].map(|name| &response[name]);
    Health {
        status,
        reachable: checks.map(|check| check["reachable"].as_bool().unwrap()),
        ms: checks.map(|check| check["ms"].as_u64().unwrap()),
    }
}

#[tokio::test]
async fn each_failing_part_is_named() {
    let worker = Worker::shared();
    for (fault, status, reachable) in [
        ("", 200, [true, true, true]),
        ("kv:fail", 503, [false, true, true]),
        ("d1:before", 503, [true, false, true]),
        ("queue:fail", 503, [true, true, false]),
        ("kv:fail,queue:fail,d1:before", 503, [false, false, false]),
    ] {
        let health = check(worker, fault).await;
        assert_eq!((health.status, health.reachable), (status, reachable), "{fault}");
    }
}

#[tokio::test]
async fn each_check_reports_its_own_time() {
    let Health { status, ms: [kv, d1, queue], .. } = check(Worker::shared(), "d1:slow").await;
    assert_eq!(status, 200);
    assert!(d1 >= 500 && kv < d1 && queue < d1, "{kv}, {d1}, {queue} ms");
}

#[tokio::test]
async fn a_check_that_takes_five_seconds_has_failed() {
    let Health { status, ms: [kv, d1, queue], .. } = check(Worker::shared(), "d1:hang").await;
    assert_eq!(status, 503);
    assert!((5000..10_000).contains(&d1) && kv < d1 && queue < d1, "{kv}, {d1}, {queue} ms");
}

#[tokio::test]
async fn a_worker_whose_database_has_no_schema_is_unhealthy() {
    let health = check(Worker::without_schema(), "").await;
    assert_eq!((health.status, health.reachable), (503, [true, false, true]));
}

/// Nobody else checks the health of this Worker meanwhile.
#[tokio::test]
async fn for_a_few_seconds_the_same_result_is_returned_without_another_check() {
    let worker = Worker::configured();
    let (mut first, mut second) = (String::new(), String::new());
    worker
        .wait_until("the same result", async || {
            first = worker.check_health("queue:fail").await.text().await.unwrap();
            let request = worker.get("/health").header(CLIENT_ADDRESS, fresh_address());
            let response = request.send().await.unwrap();
            let is_earlier = response.headers()[OPERATIONS].is_empty();
            second = response.text().await.unwrap();
            is_earlier
        })
        .await;
    assert!(first.contains(r#""queue":{"reachable":false"#), "{first}");
    assert_eq!(second, first);
    assert_eq!(check(worker, "").await.status, 200);
}

#[tokio::test]
async fn a_worker_with_an_invalid_setting_is_unhealthy() {
    let response = Worker::misconfigured().check_health("").await;
    assert_eq!(response.status(), 503);
    let response: Value = response.json().await.unwrap();
    assert!(response["misconfigured"].as_str().unwrap().contains("PASSWORD_MIN_LENGTH"), "{response}");
}

#[tokio::test]
async fn a_check_writes_nothing_and_reads_few_rows_however_many_users_there_are() {
    let worker = Worker::shared();
    let users = "INSERT INTO users (user_id, user_name, email)
        WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 2000)
        SELECT 'u' || n, 'u' || n, 'u' || n || '@example.com' FROM number";
    let permissions =
        "INSERT INTO user_permissions SELECT user_id, 'Trading' FROM users WHERE user_id LIKE 'u%'";
    worker.sql(&[users, permissions]).await;
    let response = worker.check_health("").await;
    assert_eq!(response.headers()[OPERATIONS], "kv.get,d1.batch,queue.metrics");
    let rows: u64 = response.headers()[ROWS_READ].to_str().unwrap().parse().unwrap();
    assert!(rows <= 10, "{rows} rows");
    let of_a_code = |key: &String| key.starts_with("pending-code:") || key.starts_with("lock-code:");
    assert!(worker.keys().await.iter().all(of_a_code));
}

#[tokio::test]
async fn only_get_and_head_are_allowed() {
    let worker = Worker::misconfigured();
    let send = async |method: Method| -> Response { worker.request(method, "/health").send().await.unwrap() };
    let head = send(Method::HEAD).await;
    assert_eq!(head.status(), 503);
    assert_eq!(head.text().await.unwrap(), "");
    let post = send(Method::POST).await;
    assert_eq!(post.status(), 405);
    assert_eq!(post.headers()["allow"], "GET, HEAD");
    assert_eq!(standard_response(&post.text().await.unwrap())["errorcode"], 106);
}
