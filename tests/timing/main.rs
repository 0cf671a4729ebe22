//! `make timing`: whether responses, or the time that they take, reveal something about codes and users. Calls of all kinds
//! are interleaved at random on one connection to the Worker in `wrangler dev`.
//!
//! Fails if two responses differ. A difference between times is only reported, because it depends on the machine and the
//! stores: SECURITY.md says what the table means.

mod kinds;
mod kolmogorov_smirnov;

use std::{
    collections::BTreeSet,
    process::ExitCode,
    time::{Duration, Instant},
};

use kinds::{Kind, prepare};
use kolmogorov_smirnov::p_value;
use reqwest::Client;
use test_support::{
    http::{CLIENT_ADDRESS, fresh_address},
    worker::{Options, Worker},
};

/// How often each kind is called.
const CALLS: usize = 1000;

/// How often each kind is called before that.
const WARM_UP: usize = 50;

/// How many calls an address makes: fewer than the limit of 60. The local rate limiter becomes slower with each address.
const CALLS_PER_ADDRESS: usize = 50;

/// Between two calls, so that what follows a response, such as the line in the log, does not slow down the next call.
const PAUSE: Duration = Duration::from_millis(2);

/// Times whose test has a smaller p-value are different.
const SIGNIFICANCE: f64 = 0.001;

/// The standard deviation of the time that a network takes, in microseconds: an assumption.
const NETWORK_JITTER: f64 = 1000.0;

/// (z₁ + z₂)² for an error of 0.001 on either side.
const QUANTILES: f64 = 6.18 * 6.18;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let script = "tests/support/measured.mjs";
    let worker = Worker::start(&Options { script, ..Options::new("timing") });
    let mut is_equal = true;
    println!("{:<42}{:>6}{:>10}{:>11}{:>9}  calls over a network", "", "calls", "median", "diff.", "p");
    for group in prepare(&worker).await {
        is_equal &= measure(&worker, &group).await;
    }
    if is_equal { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Calls all kinds of a group, and compares each with the first. Returns whether all responses were the same.
async fn measure(worker: &Worker, kinds: &[Kind]) -> bool {
    let client = Client::new();
    let mut times = vec![Vec::new(); kinds.len()];
    let mut responses = BTreeSet::new();
    let mut made = 0;
    let mut address = String::new();
    for is_measured in [false, true] {
        let share = if is_measured { CALLS } else { WARM_UP };
        let calls = |kind: &Kind| share.min(kind.max_calls);
        let mut order: Vec<usize> = (0..kinds.len()).flat_map(|at| vec![at; calls(&kinds[at])]).collect();
        fastrand::shuffle(&mut order);
        for (number, kind) in order.into_iter().enumerate() {
            if made % CALLS_PER_ADDRESS == 0 {
                address = fresh_address();
            }
            made += 1;
            let payload = kinds[kind].payload(number);
            let request = client.post(worker.url(kinds[kind].path)).header(CLIENT_ADDRESS, &address);
            let start = Instant::now();
            let response = request.body(payload).send().await.unwrap();
            let (status, headers) = (response.status(), response.headers().clone());
            let body = response.text().await.unwrap();
            let time = start.elapsed();
            let headers =
                headers.iter().filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()));
            responses.insert(format!("{status} {:?} {body}", headers.collect::<Vec<_>>()));
            if is_measured {
                times[kind].push(time.as_secs_f64() * 1e6);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
    for (kind, times_of_kind) in kinds.iter().zip(&times) {
        print_row(kind, times_of_kind, &times[0]);
    }
    let verdict = if responses.len() == 1 { "identical" } else { "DIFFERENT" };
    println!("{made} responses, {verdict} except for Date and X-Request-Id");
    println!("a shift of {:.0} µs would be separated\n", smallest_shift(&times[0], &times[1]));
    if responses.len() > 1 {
        println!("{responses:#?}");
    }
    responses.len() == 1
}

fn print_row(kind: &Kind, times: &[f64], first: &[f64]) {
    let difference = median(times) - median(first);
    let p = p_value(times, first);
    let is_first = std::ptr::eq(times, first);
    // To tell two means apart in noise of this deviation: Lehr's formula, with QUANTILES instead of its 8.
    let needed = 2.0 * QUANTILES * (NETWORK_JITTER / difference).powi(2);
    let (difference, p, needed) = match (is_first, p < SIGNIFICANCE) {
        (true, _) => (String::new(), String::new(), String::new()),
        (false, false) => (format!("{difference:.0} µs"), format!("{p:.3}"), "not separated".to_owned()),
        (false, true) => (
            format!("{difference:.0} µs"),
            "< 0.001".to_owned(),
            format!("{:.0} of each", needed.ceil().max(1.0)),
        ),
    };
    println!("{:<42}{:>6}{:>7.0} µs{difference:>11}{p:>9}  {needed}", kind.name, times.len(), median(times));
}

/// Returns by how much a sample must be shifted until the test separates it from another of the same kind, within 5%. This is
/// what the test can see: it depends on the noise of the machine.
fn smallest_shift(sample: &[f64], control: &[f64]) -> f64 {
    let is_separated = |shift: f64| {
        let shifted: Vec<f64> = sample.iter().map(|time| time + shift).collect();
        p_value(&shifted, control) < SIGNIFICANCE
    };
    let mut shift = 1.0;
    while !is_separated(shift) {
        shift *= 1.05;
    }
    shift
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
