//! Contract, section 6, on real parts that are broken on purpose: see `observed.mjs`.

use std::sync::OnceLock;

use reset_password2::password::{Verification, verify};
use serde_json::{Value, json};
use tokio::sync::{Mutex, MutexGuard};

use crate::{
    outcomes::{GOOD, OTHER, answer, standard_response},
    worker::{Account, Options, Worker},
};

async fn with_fault(worker: &Worker, account: &Account, fault: &str) -> Value {
    answer(worker.post(account.payload(GOOD)).header("Test-Fault", fault)).await
}

/// Promise 4, and what a good call may cost: one KV read, one message and one D1 round trip, and then an answer, which does
/// not wait for the removal of the code's entry. A stranger gets no more than the KV read.
#[tokio::test]
async fn what_a_call_costs() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let stranger = Account::new();
    let wrong_user = Account { user_id: stranger.user_id.clone(), ..account.clone() };
    for (payload, code, operations) in [
        ("{}".to_owned(), 100, ""),
        (stranger.payload(GOOD), 20, "kv.get"),
        (wrong_user.payload(GOOD), 20, "kv.get"),
        (account.payload("weak"), 101, "kv.get,d1.batch"),
        (account.payload(GOOD), 0, "kv.get,queue.send,d1.batch,d1.write,kv.delete"),
    ] {
        // The second operation in KV, if there is one, is held until the test lets it go.
        let request = worker.post(payload.clone()).header("Test-Fault", "kv:pass,kv:wait");
        let request = request.header("Test-Name", "costs");
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["test-operations"], operations, "{payload}");
        assert_eq!(standard_response(&response.text().await.unwrap())["errorcode"], code, "{payload}");
    }
    assert!(worker.keys().await.contains(&account.key()));
    worker.release("costs").await;
    worker.eventually("the entry's removal", async || !worker.keys().await.contains(&account.key())).await;
}

/// The limit saves work; it is not what keeps a code safe. Where it fails, calls are served.
#[tokio::test]
async fn the_limit_fails() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    assert_eq!(with_fault(worker, &account, "limit:fail").await["errorcode"], 0);
    worker.logs("CALL_LIMIT: ").await;
}

#[tokio::test]
async fn kv_fails() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let failed = with_fault(worker, &account, "kv:fail").await;
    assert_eq!(failed["errorcode"], 102);
    assert!(failed["detail"].as_str().unwrap().contains("the link is as good as before"), "{failed}");
    assert_eq!(with_fault(worker, &account, "").await["errorcode"], 0);
}

/// An entry that some issuer got wrong: the Worker's fault to the user, and the issuer finds it in the log.
#[tokio::test]
async fn a_kv_entry_that_cannot_be_read() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    worker.put(json!({ account.key(): "{\"UserId\":\"do-not-log-me\"}" })).await;
    let failed = with_fault(worker, &account, "").await;
    assert_eq!(failed["errorcode"], 102);
    assert!(worker.keys().await.contains(&account.key()));
    worker.logs("PENDING_CODES: a pending-code entry must be a JSON object").await;
    assert!(!worker.log().contains("do-not-log-me"));

    worker.put(account.entry()).await;
    assert_eq!(with_fault(worker, &account, "").await["errorcode"], 0);
}

/// Promise 3: D1 breaks before the batch, after it, or both times it is asked.
#[tokio::test]
async fn d1_loses_its_answer() {
    let worker = Worker::shared();
    let cases = [
        ("d1:before", 0, true),
        ("d1:after", 0, true),
        ("d1:before,d1:before", 102, false),
        ("d1:after,d1:before", 102, true),
        ("d1:before,d1:after", 102, true),
        ("d1:after,d1:after", 102, true),
    ];
    for (fault, code, committed) in cases {
        let account = worker.user_with_code().await;
        let answered = with_fault(worker, &account, fault).await;
        assert_eq!(answered["errorcode"], code, "{fault}");
        if code == 102 {
            assert!(answered["detail"].as_str().unwrap().starts_with("It is not known"), "{answered}");
        }
        let hash = worker.stored_hash(&account).await;
        let stored =
            hash.is_some_and(|hash| verify(GOOD, &hash) == Ok(Verification::Match { needs_rehash: false }));
        assert_eq!(stored, committed, "{fault}");
        let audited = format!("SELECT 1 FROM audit_log WHERE user_id = '{}'", account.user_id);
        assert_eq!(worker.sql(&[&audited]).await.len(), usize::from(committed), "{fault}");

        let again = answer(worker.post(account.payload(OTHER))).await;
        assert_eq!(again["errorcode"], if committed { 20 } else { 0 }, "{fault}");
    }
}

/// An attempt that is asked for again after the user has set yet another password must not bring its own back.
#[tokio::test]
async fn a_late_second_look_does_not_undo_a_later_reset() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let id = &account.user_id;
    // What another reset, and somebody who moved the cut-off back, leave behind between the first attempt's two looks.
    let later = format!(
        "CREATE TRIGGER later_{id} AFTER UPDATE OF password_hash ON users
         WHEN NEW.user_id = '{id}' AND OLD.password_hash IS NULL BEGIN
         UPDATE users SET password_hash = 'later', codes_valid_from = 0 WHERE user_id = '{id}'; END"
    );
    worker.sql(&[&later]).await;
    assert_eq!(with_fault(worker, &account, "d1:after").await["errorcode"], 0);
    assert_eq!(worker.stored_hash(&account).await.as_deref(), Some("later"));
    let audited = format!("SELECT 1 FROM audit_log WHERE user_id = '{id}'");
    assert_eq!(worker.sql(&[&audited]).await.len(), 1);
}

/// A Worker that may panic, for one test at a time: what is beside a panic goes with it.
pub(crate) async fn panicking() -> MutexGuard<'static, Worker> {
    static PANICKING: OnceLock<Mutex<Worker>> = OnceLock::new();
    let start = || Mutex::new(Worker::start(&Options { name: "panicking", ..Options::DEFAULT }));
    PANICKING.get_or_init(start).lock().await
}

/// A Worker whose database was not migrated.
pub(crate) fn no_schema() -> &'static Worker {
    static NO_SCHEMA: OnceLock<Worker> = OnceLock::new();
    let start = || Worker::start(&Options { name: "no-schema", migrated: false, ..Options::DEFAULT });
    NO_SCHEMA.get_or_init(start)
}

/// A trap in WebAssembly ends the whole isolate: the request that panicked and the one beside it are answered all the
/// same, in JSON, and the next one finds a new instance.
#[tokio::test]
async fn a_panic_is_answered_and_so_is_the_request_beside_it() {
    let worker = panicking().await;
    let beside = worker.user_with_code().await;
    let beside_request =
        worker.post(beside.payload(GOOD)).header("Test-Name", "beside").header("Test-Fault", "kv:wait");
    let beside_answer = tokio::spawn(answer(beside_request));
    worker.eventually("the request beside", async || !worker.operations("beside").await.is_empty()).await;

    let account = worker.user_with_code().await;
    let panicked = with_fault(&worker, &account, "panic").await;
    assert_eq!(panicked["errorcode"], 102);
    assert_eq!(beside_answer.await.unwrap()["errorcode"], 102);

    // What the request beside was waiting for comes, and must find nobody.
    worker.release("beside").await;
    for account in [account, beside] {
        assert_eq!(worker.stored_hash(&account).await, None);
        assert_eq!(with_fault(&worker, &account, "").await["errorcode"], 0);
    }
    assert!(!worker.log().contains(GOOD), "{}", worker.log());
}

#[tokio::test]
async fn d1_has_no_schema_yet() {
    let worker = no_schema();
    let account = Account::new();
    worker.put(account.entry()).await;
    let failed = with_fault(worker, &account, "").await;
    assert_eq!(failed["errorcode"], 102);
    assert!(failed["detail"].as_str().unwrap().contains("the link is as good as before"), "{failed}");
    worker.logs("EXCHANGE: D1_ERROR: no such table").await;
    assert!(worker.keys().await.contains(&account.key()));
}
