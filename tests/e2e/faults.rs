//! docs/contract.md, section 6: what a call costs, and what becomes of it if KV, D1 or the rate limiter fails. `observed.mjs`
//! makes them fail.

use serde_json::{Value, json};
use test_support::{
    account::Account,
    observer::{FAULT, NAME, OPERATIONS},
    password::{GOOD, OTHER},
    response::{call, errorcode, standard_response},
    texts::{detail, log},
    worker::Worker,
};

async fn call_with_fault(worker: &Worker, account: &Account, fault: &str) -> Value {
    call(worker.reset_password2(account.payload(GOOD)).header(FAULT, fault)).await
}

/// A good call costs one KV read, one message and one D1 round trip before its response, which does not wait for the removal
/// of the entry. Without a good code, it costs only the KV read.
#[tokio::test]
async fn a_call_costs_no_more_than_promised() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let stranger = Account::new();
    let wrong_user = Account { user_id: stranger.user_id.clone(), ..account.clone() };
    for (payload, errorcode, operations) in [
        ("{}".to_owned(), 100, ""),
        (stranger.payload(GOOD), 20, "kv.get"),
        (wrong_user.payload(GOOD), 20, "kv.get"),
        (account.payload("weak"), 101, "kv.get,d1.batch"),
        (account.payload(GOOD), 0, "kv.get,queue.sendBatch,d1.batch,d1.write,kv.delete"),
    ] {
        // A second operation in KV waits until the test releases it.
        let request = worker.reset_password2(payload.clone()).header(FAULT, "kv:pass,kv:wait");
        let response = request.header(NAME, "costs").send().await.unwrap();
        assert_eq!(response.headers()[OPERATIONS], operations, "{payload}");
        let response = standard_response(&response.text().await.unwrap());
        assert_eq!(response["errorcode"], errorcode, "{payload}");
    }
    assert!(worker.has_entry(&account).await);
    worker.release("costs").await;
    worker.wait_until("the entry is removed", async || !worker.has_entry(&account).await).await;
}

/// The rate limits save work; the safety of codes does not depend on them.
#[tokio::test]
async fn calls_are_served_if_the_rate_limiters_fail() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    assert_eq!(call_with_fault(worker, &account, "limit:fail,limit:fail").await["errorcode"], 0);
    worker.wait_for_log("CALL_LIMIT: ").await;
    worker.wait_for_log("CODE_LIMIT: ").await;
}

#[tokio::test]
async fn the_code_remains_usable_if_kv_fails() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let failed = call_with_fault(worker, &account, "kv:fail").await;
    assert_eq!((&failed["errorcode"], &failed["detail"]), (&json!(102), &json!(detail::UNAVAILABLE)));
    assert_eq!(call_with_fault(worker, &account, "").await["errorcode"], 0);
}

/// The response reports a failure of the Worker; the log tells the issuer what is wrong with the entry.
#[tokio::test]
async fn an_unreadable_kv_entry_is_102_and_logged_without_its_content() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    worker.put(json!({ account.key(): "{\"UserId\":\"do-not-log-me\"}" })).await;
    let failed = call_with_fault(worker, &account, "").await;
    assert_eq!(failed["errorcode"], 102);
    assert!(worker.has_entry(&account).await);
    worker.wait_for_log(log::ENTRY_INVALID).await;
    assert!(!worker.log().contains("do-not-log-me"));

    worker.put(account.entry()).await;
    assert_eq!(call_with_fault(worker, &account, "").await["errorcode"], 0);
}

/// Promise 3. D1 fails before the batch or after it, the first time it is asked, or both times.
#[tokio::test]
async fn the_response_is_true_if_d1_fails() {
    let worker = Worker::shared();
    for (fault, errorcode, committed) in [
        ("d1:before", 0, true),
        ("d1:after", 0, true),
        ("d1:before,d1:before", 102, false),
        ("d1:after,d1:before", 102, true),
        ("d1:before,d1:after", 102, true),
        ("d1:after,d1:after", 102, true),
    ] {
        let account = worker.user_with_code().await;
        let response = call_with_fault(worker, &account, fault).await;
        assert_eq!(response["errorcode"], errorcode, "{fault}");
        if errorcode == 102 {
            assert!(response["detail"].as_str().unwrap().starts_with(detail::UNCLEAR), "{response}");
        }
        assert_eq!(worker.has_password(&account, GOOD).await, committed, "{fault}");
        assert_eq!(worker.audit_log(&account).await.len(), usize::from(committed), "{fault}");

        let again = call(worker.reset_password2(account.payload(OTHER))).await;
        assert_eq!(again["errorcode"], if committed { 20 } else { 0 }, "{fault}");
    }
}

/// The first batch commits, D1's response is lost, and another reset commits before the batch is sent again. The trigger stands
/// for that reset, and for someone who moved the cut-off back.
#[tokio::test]
async fn a_batch_that_is_sent_again_does_not_undo_a_later_reset() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let id = &account.user_id;
    let later = format!(
        "CREATE TRIGGER later_{id} AFTER UPDATE OF password_hash ON users
         WHEN NEW.user_id = '{id}' AND OLD.password_hash IS NULL BEGIN
         UPDATE users SET password_hash = 'later', codes_valid_from = 0 WHERE user_id = '{id}'; END"
    );
    worker.sql(&[&later]).await;
    assert_eq!(call_with_fault(worker, &account, "d1:after").await["errorcode"], 0);
    assert_eq!(worker.stored_hash(&account).await.as_deref(), Some("later"));
    assert_eq!(worker.audit_log(&account).await.len(), 1);
}

/// A trap in WebAssembly ends the whole isolate. The request that panicked and a concurrent one still get a
/// response in JSON, and the next one finds a new instance.
#[tokio::test]
async fn a_panic_gets_a_response_and_so_does_a_concurrent_request() {
    let worker = Worker::may_panic().await;
    let concurrent = worker.user_with_code().await;
    let request = worker.reset_password2(concurrent.payload(GOOD)).header(NAME, "concurrent");
    let concurrent_errorcode = tokio::spawn(errorcode(request.header(FAULT, "kv:wait")));
    worker.wait_for_operation("concurrent").await;

    let account = worker.user_with_code().await;
    assert_eq!(call_with_fault(&worker, &account, "panic").await["errorcode"], 102);
    assert_eq!(concurrent_errorcode.await.unwrap(), 102);

    // KV's response to the concurrent request arrives, and must be ignored.
    worker.release("concurrent").await;
    for account in [account, concurrent] {
        assert_eq!(worker.stored_hash(&account).await, None);
        assert_eq!(call_with_fault(&worker, &account, "").await["errorcode"], 0);
    }
    assert!(!worker.log().contains(GOOD), "{}", worker.log());
}

#[tokio::test]
async fn the_code_remains_usable_if_d1_has_no_schema() {
    let worker = Worker::without_schema();
    let account = Account::new();
    worker.put(account.entry()).await;
    let failed = call_with_fault(worker, &account, "").await;
    assert_eq!((&failed["errorcode"], &failed["detail"]), (&json!(102), &json!(detail::UNAVAILABLE)));
    worker.wait_for_log("EXCHANGE: D1_ERROR: no such table").await;
    assert!(worker.has_entry(&account).await);
}
