//! How many resets a second the local D1 commits, with everything but D1 left out.

use serde_json::{Value, json};
use test_support::worker::Worker;

use crate::{fill::user, median};

/// How many batches are on their way to D1 at the same time.
const CONCURRENCY: [usize; 4] = [1, 10, 50, 200];

/// How long each round lasts, in milliseconds.
const MILLIS: u64 = 4000;

/// The most resets of a round.
const MAX_RESETS: u64 = 40_000;

/// What a round measured.
pub(crate) struct Round {
    pub(crate) concurrency: usize,
    pub(crate) resets_per_second: f64,
    /// The median time of a batch, with the time that it waited, in milliseconds.
    pub(crate) median: f64,
    /// 99 of 100 batches took less, in milliseconds.
    pub(crate) p99: f64,
    /// How many batches failed.
    pub(crate) errors: u64,
}

/// Replays the batch of the latest reset for users of a database with so many.
pub(crate) async fn saturate(worker: &Worker, users: u64) -> Vec<Round> {
    let mut rounds = Vec::new();
    let resets = MAX_RESETS.min(users / 8);
    for (round, concurrency) in (0..).zip(CONCURRENCY) {
        // From all parts of the table, and different in each round.
        let place =
            |reset| users * (reset * CONCURRENCY.len() as u64 + round) / (resets * CONCURRENCY.len() as u64);
        let users: Vec<String> = (0..resets).map(|reset| user(place(reset)).user_id).collect();
        let body = json!({"users": users, "concurrency": concurrency, "milliseconds": MILLIS});
        let result: Value = worker.observer("replay", body).await.json().await.unwrap();
        let times: Vec<f64> =
            result["times"].as_array().unwrap().iter().map(|time| time.as_f64().unwrap()).collect();
        let mut sorted = times.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        // Of a few users, the steps have voided the code.
        let committed = result["committed"].as_f64().unwrap();
        let number = sorted.len();
        assert!(result["committed"].as_u64().unwrap() > number as u64 * 9 / 10, "{committed} of {number}");
        rounds.push(Round {
            concurrency,
            resets_per_second: committed * 1000.0 / result["milliseconds"].as_f64().unwrap(),
            median: median(&times),
            p99: sorted[sorted.len() * 99 / 100],
            errors: result["errors"].as_object().unwrap().values().filter_map(Value::as_u64).sum(),
        });
    }
    rounds
}
