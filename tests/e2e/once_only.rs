//! docs/contract.md, section 6, promise 1: of any number of concurrent redemptions of one code, exactly one succeeds.
//!
//! D1 is so fast here, and the KV entry is removed so soon, that a racy Worker could pass by luck. So the calls are sent while
//! the isolate is busy hashing for another user, and the first of them are held before D1 until several have hashed their
//! passwords; then they reach D1 together. The observer lifts the limit of ten attempts a minute for them: no promise depends on
//! it.

use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use reset_password2::password::{Verification, verify};
use test_support::{
    account::Account,
    http::{CLIENT_ADDRESS, RESET_PASSWORD2, fresh_address},
    observer::{FAULT, GATHER, OPERATIONS},
    password::GOOD,
    response::standard_response,
    worker::{Options, Worker},
};
use tokio::task::JoinSet;

/// The simulation tries every interleaving (`tests/simulation/small_worlds.rs`). These rounds show that the real D1
/// runs batches one after another, as the simulated one does. Each call hashes first, so more would take too long.
const CALLS: usize = 20;

/// The least number of calls that reach D1 together, in each round.
const CONTENDERS: [usize; 2] = [CALLS, 2];

/// How long the hashes may take on a loaded machine.
const TIMEOUT: Duration = Duration::from_mins(3);

/// The result of a race.
struct Race {
    /// The passwords whose calls succeeded.
    set: Vec<String>,
    /// How many calls reached D1.
    reached_d1: usize,
}

/// Sends redemptions of one code, each with its own password. `contenders` of them reach D1 together.
async fn race(worker: &Worker, account: &Account, calls: usize, contenders: usize, fault: &str) -> Race {
    let other = worker.user_with_code().await;
    let busy = tokio::spawn(outcome(worker.reset_password2(other.payload(GOOD))));
    let client = Client::new();
    let mut racing = JoinSet::new();
    for call in 0..calls {
        let password = password(call);
        let request = client
            .post(worker.url(RESET_PASSWORD2))
            .header(CLIENT_ADDRESS, fresh_address())
            .header(FAULT, fault)
            .header(GATHER, format!("{}:{contenders}", account.user_id))
            .body(account.payload(&password));
        racing.spawn(async move { (password, outcome(request).await) });
    }
    assert_eq!(busy.await.unwrap().0, 0);

    let mut race = Race { set: Vec::new(), reached_d1: 0 };
    for (password, (errorcode, reached_d1)) in racing.join_all().await {
        race.reached_d1 += usize::from(reached_d1);
        match errorcode {
            0 => race.set.push(password),
            code => assert_eq!(code, 20),
        }
    }
    race
}

fn password(call: usize) -> String {
    format!("password number {call} of the race")
}

/// The `errorcode`, and whether the call reached D1.
async fn outcome(request: RequestBuilder) -> (u64, bool) {
    let response = request.timeout(TIMEOUT).send().await.unwrap();
    let reached_d1 = response.headers()[OPERATIONS].to_str().unwrap().contains("d1.batch");
    let response = standard_response(&response.text().await.unwrap());
    (response["errorcode"].as_u64().unwrap(), reached_d1)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exactly_one_of_many_redemptions_succeeds() {
    let worker = Worker::start(&Options::new("once-only"));
    for (round, contenders) in CONTENDERS.into_iter().enumerate() {
        let account = worker.user_with_code().await;
        let Race { set, reached_d1 } = race(&worker, &account, CALLS, contenders, "").await;
        assert!(reached_d1 >= contenders, "round {round}: only {reached_d1} calls reached D1");
        let [password_set] = set.as_slice() else { panic!("round {round}: {set:?} were set") };

        let hash = worker.stored_hash(&account).await.unwrap();
        let matches = |password: &str| verify(password, &hash) != Ok(Verification::Mismatch);
        assert!(matches(password_set), "round {round}");
        assert!(!matches(&password(usize::from(*password_set == password(0)))), "round {round}");
        assert_eq!(worker.audit_log(&account).await.len(), 1, "round {round}");
        let notices =
            format!("SELECT 1 FROM mails WHERE user_id = '{}' AND kind = 'changed'", account.user_id);
        assert_eq!(worker.sql(&[&notices]).await.len(), 1, "round {round}");
    }
}

/// A Worker that checks first and then relies on what it saw. If this race didn't catch it, those above would prove nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_race_catches_a_worker_without_the_guards() {
    let worker = Worker::shared();
    for round in 0..5 {
        let account = worker.user_with_code().await;
        let race = race(worker, &account, 10, 10, "d1:racy").await;
        assert!(race.set.len() > 1, "round {round}: {:?}", race.set);
    }
}
