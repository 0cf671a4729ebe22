//! A call with an unknown code: the call that an attacker can make most often.

use std::time::{Duration, Instant};

use reqwest::Client;
use test_support::{
    account::Account,
    http::{CLIENT_ADDRESS, RESET_PASSWORD2, fresh_address},
    password::GOOD,
    worker::{Options, Worker},
};

use crate::figures::{Figures, Times};

/// Both Workers are called once in each round.
const ROUNDS: usize = 1000;

/// The rounds before those that are measured.
const WARM_UP: usize = 100;

/// How many rounds an address makes: two calls each, and so fewer than the limit of 60. The local rate limiter keeps a row in
/// SQLite per address, and becomes slower with each.
const ROUNDS_PER_ADDRESS: usize = 25;

/// Between two calls, so that what follows a response, such as the line in the log, does not slow down the next call.
const PAUSE: Duration = Duration::from_millis(5);

const BOUND: f64 = 1.25;

/// Compares the Worker with a minimal one in JavaScript, both with the local KV and rate limiter of `wrangler dev`.
pub(crate) async fn measure(figures: &mut Figures) {
    let worker = Worker::start(&Options { script: "tests/bench/side_by_side.mjs", ..Options::new("bench") });
    let client = Client::new();
    let (mut ours, mut minimal) = (Times::default(), Times::default());
    let mut address = fresh_address();
    for round in 0..WARM_UP + ROUNDS {
        if round % ROUNDS_PER_ADDRESS == 0 {
            address = fresh_address();
        }
        let payload = Account::new().payload(GOOD);
        let mut turns = [(RESET_PASSWORD2, &mut ours), ("/minimal", &mut minimal)];
        // Each is first in half of the rounds.
        turns.rotate_left(round % 2);
        for (path, times) in turns {
            let request =
                client.post(worker.url(path)).header(CLIENT_ADDRESS, &address).body(payload.clone());
            let start = Instant::now();
            let response = request.send().await.unwrap().text().await.unwrap();
            let time = start.elapsed();
            assert!(response.contains(r#""errorcode":20,"#), "{response}");
            if round >= WARM_UP {
                times.push(time);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
    figures.add("refused call vs. a minimal JavaScript Worker", &ours, &minimal, BOUND);
}
