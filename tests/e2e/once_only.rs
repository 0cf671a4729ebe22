//! Contract, promise 1: of any number of concurrent redemptions of one code, exactly one succeeds.
//!
//! D1 answers so fast here, and KV forgets the code so soon after, that a racy Worker would pass by luck. So the calls
//! are fired while the isolate is busy hashing for another user, and the first of them are held before D1 until several
//! have hashed their passwords; then they come to D1 together.

use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use reset_password2::password::{Verification, verify};
use tokio::task::JoinSet;

use crate::{
    outcomes::{GOOD, standard_response},
    worker::{Account, Options, Worker, fresh_address},
};

/// Twenty rounds in all: two Workers have ten each, one for each core of the machine.
const ROUNDS: usize = 10;
const CALLS: usize = 200;

/// How many calls at least come to D1 together, if not all as in the first round. What keeps the number down is time:
/// each of them hashes first, one after the other.
const CONTENDERS: usize = 2;

/// Two hundred hashes on a loaded machine.
const TIMEOUT: Duration = Duration::from_mins(3);

/// What came of a race.
struct Race {
    /// The passwords that were said to be set.
    set: Vec<String>,
    /// How many calls asked D1.
    asked_d1: usize,
}

/// Fires redemptions of one code, each with its own password, of which `contenders` come to D1 together.
async fn race(worker: &Worker, account: &Account, calls: usize, contenders: usize, fault: &str) -> Race {
    let other = worker.user_with_code().await;
    let busy = tokio::spawn(outcome(worker.post(other.payload(GOOD))));
    let client = Client::new();
    let mut racing = JoinSet::new();
    for call in 0..calls {
        let password = password(call);
        let request = client
            .post(worker.call())
            .header("CF-Connecting-IP", fresh_address())
            .header("Test-Fault", fault)
            .header("Test-Gather", format!("{}:{contenders}", account.user_id))
            .body(account.payload(&password));
        racing.spawn(async move { (password, outcome(request).await) });
    }
    assert_eq!(busy.await.unwrap().0, 0);

    let mut race = Race { set: Vec::new(), asked_d1: 0 };
    for (password, (errorcode, asked_d1)) in racing.join_all().await {
        race.asked_d1 += usize::from(asked_d1);
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

/// The errorcode, and whether D1 was asked for it.
async fn outcome(request: RequestBuilder) -> (u64, bool) {
    let response = request.timeout(TIMEOUT).send().await.unwrap();
    let asked_d1 = response.headers()["test-operations"].to_str().unwrap().contains("d1.batch");
    let answer = standard_response(&response.text().await.unwrap());
    (answer["errorcode"].as_u64().unwrap(), asked_d1)
}

async fn exactly_one_of_two_hundred_redeems_the_code(name: &str) {
    let worker = Worker::start(&Options { name, ..Options::DEFAULT });
    for round in 0..ROUNDS {
        let account = worker.user_with_code().await;
        let contenders = if round == 0 { CALLS } else { CONTENDERS };
        let Race { set, asked_d1 } = race(&worker, &account, CALLS, contenders, "").await;
        assert!(asked_d1 >= contenders, "round {round}: {asked_d1}");
        let [password_set] = set.as_slice() else { panic!("round {round}: {set:?} were set") };

        let hash = worker.stored_hash(&account).await.unwrap();
        let matches = |password: &str| verify(password, &hash) != Ok(Verification::Mismatch);
        assert!(matches(password_set), "round {round}");
        assert!(!matches(&password(usize::from(*password_set == password(0)))), "round {round}");

        let audited = format!("SELECT 1 FROM audit_log WHERE user_id = '{}'", account.user_id);
        assert_eq!(worker.sql(&[&audited]).await.len(), 1, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exactly_one_of_two_hundred_redeems_the_code_in_ten_rounds() {
    exactly_one_of_two_hundred_redeems_the_code("once-only").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exactly_one_of_two_hundred_redeems_the_code_in_ten_more_rounds() {
    exactly_one_of_two_hundred_redeems_the_code("once-only-more").await;
}

/// The same race against a Worker that looks first and then trusts what it saw. Were it not caught, the races above
/// would prove nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_race_catches_a_worker_without_the_guards() {
    let worker = Worker::shared();
    for round in 0..5 {
        let account = worker.user_with_code().await;
        let race = race(worker, &account, 10, 10, "d1:racy").await;
        assert!(race.set.len() > 1, "round {round}: {:?}", race.set);
    }
}
