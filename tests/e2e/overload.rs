//! docs/contract.md, section 6, promises 1 and 3, while D1 is overloaded: no reset is left half done, and each answer is true.

use futures_util::future::join_all;
use serde_json::{Map, Value};
use test_support::{
    account::Account,
    observer::{FAULT, GATHER},
    password::GOOD,
    worker::{Options, Worker},
};

/// How many users reset their passwords at the same time. Each call hashes first, so more would take too long.
const CALLS: usize = 20;

/// What the attempts of a call meet at D1: a full queue, twice; a lost response, before or after the commit, and then the full
/// queue.
const FAULTS: [&str; 4] = [
    "d1:overloaded,d1:overloaded",
    "d1:after,d1:overloaded",
    "d1:overloaded,d1:overloaded",
    "d1:before,d1:overloaded",
];

/// What a reset writes, and how often, if it is done or not.
const PARTS: [&str; 8] = ["hash", "time", "codes", "sessions", "hold", "redeemed", "audit", "notices"];

fn each(count: u8) -> Value {
    PARTS.iter().map(|part| ((*part).to_owned(), Value::from(count))).collect::<Map<_, _>>().into()
}

/// Resets the password, and returns the outcome.
async fn reset(worker: &Worker, account: &Account, fault: &str, gathering: &str) -> String {
    let request = worker.reset_password2(account.payload(GOOD));
    let response = request.header(FAULT, fault).header(GATHER, gathering).send().await.unwrap();
    response.headers()["x-outcome"].to_str().unwrap().to_owned()
}

/// What a reset writes, and whether it is there.
async fn parts(worker: &Worker, account: &Account) -> Value {
    let id = &account.user_id;
    let query = format!(
        "SELECT password_hash IS NOT NULL AS hash, password_changed_at IS NOT NULL AS time, codes_valid_from > 0 AS codes,
                sessions_valid_from > 0 AS sessions, withdrawals_held_until > 0 AS hold,
                (SELECT count(*) FROM redeemed_codes WHERE user_id = '{id}') AS redeemed,
                (SELECT count(*) FROM audit_log WHERE user_id = '{id}' AND outcome = 'redeemed') AS audit,
                (SELECT count(*) FROM mails WHERE user_id = '{id}' AND kind = 'changed') AS notices
         FROM users WHERE user_id = '{id}'"
    );
    worker.sql(&[&query]).await.remove(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_the_limit_of_d1_no_reset_is_half_done_and_a_refused_user_can_try_again() {
    let worker = &Worker::start(&Options::new("overload"));
    let mut accounts = Vec::new();
    for _ in 0..CALLS {
        accounts.push(worker.user_with_code().await);
    }
    // All calls have hashed their passwords before the first reaches D1.
    let gathering = format!("overload:{CALLS}");
    let calls = accounts.iter().zip(FAULTS.iter().cycle());
    let outcomes = join_all(calls.map(|(account, fault)| reset(worker, account, fault, &gathering))).await;

    let mut refused = Vec::new();
    let mut done = 0;
    for (account, outcome) in accounts.iter().zip(&outcomes) {
        let parts = parts(worker, account).await;
        assert!(parts == each(1) || parts == each(0), "{outcome}: {parts}");
        match outcome.as_str() {
            "done" => assert_eq!(parts, each(1)),
            "unavailable" => assert_eq!(parts, each(0)),
            outcome => assert_eq!(outcome, "unclear"),
        }
        done += usize::from(outcome == "done");
        if parts == each(0) {
            refused.push(account);
        }
    }
    // Otherwise D1 was not at its limit, and the test has shown nothing.
    assert!(done > 0 && refused.len() >= CALLS / 4, "{outcomes:?}");

    for account in refused.iter().take(3) {
        assert_eq!(reset(worker, account, "", "").await, "done");
        assert_eq!(parts(worker, account).await, each(1));
    }
}

/// If this didn't catch a database whose batches are not transactions, the test above would prove nothing.
#[tokio::test]
async fn the_check_catches_a_database_that_tears_a_batch() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    assert_eq!(reset(worker, &account, "d1:torn,d1:before", "").await, "unclear");
    let parts = parts(worker, &account).await;
    assert!(parts != each(1) && parts != each(0), "{parts}");
}
