//! `make bench`: what the README says of speed, as ratios of things that are measured in turn, in one run.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    dead_code,
    reason = "a bench, with the hands of the end-to-end tests"
)]

#[path = "../e2e/worker.rs"]
mod worker;

use std::time::{Duration, Instant};

use reqwest::Client;
use worker::{Account, Options, Worker, fresh_address, tool};

/// Runs of each thing that hashes, and of each that does not.
const HASHES: usize = 30;
const CALLS: usize = 600;

/// Between two calls.
const PAUSE: Duration = Duration::from_millis(5);

/// OpenSSL's PBKDF2 with the same parameters: milliseconds a hash.
const OPENSSL: &str = r#"
    const start = performance.now();
    crypto.pbkdf2Sync("four words that fit", crypto.randomBytes(16), 220000, 64, "sha512");
    console.log(performance.now() - start);
"#;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let options = Options { name: "bench", script: "tests/bench/side_by_side.mjs", ..Options::DEFAULT };
    let worker = Worker::start(&options);
    let client = Client::new();
    let call = async |path: &str, body: String| {
        let request =
            client.post(format!("{}{path}", worker.origin)).header("CF-Connecting-IP", fresh_address());
        let start = Instant::now();
        let answer = request.body(body).send().await.unwrap();
        let text = answer.text().await.unwrap();
        let time = start.elapsed();
        // What follows an answer, as the line in the log does, is not to burden the next call.
        tokio::time::sleep(PAUSE).await;
        (time, text)
    };

    let (mut ours, mut minimal, mut unlimited) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..CALLS + CALLS / 10 {
        let payload = Account::new().payload("four words that fit");
        let mut turns =
            [("/AP/ResetPassword2", &mut ours), ("/minimal", &mut minimal), ("/unlimited", &mut unlimited)];
        // Each has its turn to be first.
        turns.rotate_left(round % 3);
        for (path, times) in turns {
            let (time, answer) = call(path, payload.clone()).await;
            assert!(answer.contains(r#""errorcode":20"#), "{answer}");
            // The first calls warm everything up.
            if round >= CALLS / 10 {
                times.push(time);
            }
        }
    }

    let (mut reset, mut refused, mut openssl) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..HASHES {
        let account = worker.user_with_code().await;
        let (time, answer) = call("/AP/ResetPassword2", account.payload("too short")).await;
        assert!(answer.contains(r#""errorcode":101"#), "{answer}");
        refused.push(time);
        let (time, answer) = call("/AP/ResetPassword2", account.payload("four words that fit")).await;
        assert!(answer.contains(r#""errorcode":0"#), "{answer}");
        reset.push(time);
        let output = tool("node").args(["-e", OPENSSL]).output().unwrap().stdout;
        let millis: f64 = String::from_utf8(output).unwrap().trim().parse().unwrap();
        openssl.push(Duration::from_secs_f64(millis / 1000.0));
    }

    let (ours, minimal, unlimited) = (median(&mut ours), median(&mut minimal), median(&mut unlimited));
    println!("a refused call                          {ours:>8.2} ms");
    println!("the same in a minimal JavaScript Worker {minimal:>8.2} ms");
    println!("  ratio                                 {:>8.2}     at most 1.25", ours / minimal);
    println!("and in one without the limit            {unlimited:>8.2} ms");
    println!("  ratio                                 {:>8.2}", ours / unlimited);
    let (reset, refused, openssl) = (median(&mut reset), median(&mut refused), median(&mut openssl));
    let hash = reset - refused;
    println!("a good call                             {reset:>8.2} ms");
    println!("  of which hash, queue and D1           {hash:>8.2} ms");
    println!("OpenSSL's PBKDF2, through Node.js       {openssl:>8.2} ms");
    println!("  ratio                                 {:>8.2}     at most 1.60", hash / openssl);
    assert!(ours / minimal <= 1.25, "a refused call is too slow");
    assert!(hash / openssl <= 1.6, "the hash is too slow");
}

/// The median, in milliseconds.
fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1000.0
}
