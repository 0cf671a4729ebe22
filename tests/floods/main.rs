//! `make floods`: one honest reset per second beside a flood, on the Worker in `wrangler dev`. All honest resets must succeed
//! and the memory of the module must stay flat. The times are compared with those of a quiet minute.
//!
//! The flood, its target and the stores share one machine, so the times also show how they compete for its cores. The number
//! of connections is bounded, and nothing leaves the machine.

mod flood;
mod honest;

use std::{env, process::ExitCode, time::Duration};

use flood::Flood;
use honest::Honest;
use test_support::worker::{Options, Worker};

/// How long each flood lasts, unless the environment says otherwise, in seconds.
const SECONDS: u64 = 60;

/// How much the memory of the module may grow during a flood: what concurrent calls need at the same time.
const MAX_GROWTH: u64 = 4 * 1024 * 1024;

/// How much longer than in a quiet minute an honest reset is meant to take.
const TARGET_RATIO: f64 = 1.5;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let seconds = env::var("FLOOD_SECONDS").map_or(SECONDS, |seconds| seconds.parse().unwrap());
    let script = "tests/support/measured.mjs";
    let worker: &'static Worker =
        Box::leak(Box::new(Worker::start(&Options { script, ..Options::new("floods") })));
    println!(
        "{:<44}{:>9}{:>9}{:>11}{:>11}{:>7}{:>13}",
        "", "honest", "flood", "median", "p95", "ratio", "module"
    );
    // V8 optimizes the hash, and the memory reaches its working size.
    Honest::run(worker, 5).await;

    let quiet = Honest::run(worker, seconds).await;
    print_row("quiet", &quiet, 0, &quiet, (memory(worker).await, 0));
    let mut holds = quiet.all_succeeded();
    for flood in Flood::ALL {
        let before = memory(worker).await;
        let running = flood.start(worker, Duration::from_secs(seconds)).await;
        let honest = Honest::run(worker, seconds).await;
        let calls = running.finish().await;
        let after = memory(worker).await;
        let growth = after.saturating_sub(before);
        print_row(flood.name(), &honest, calls, &quiet, (after, growth));
        holds &= honest.all_succeeded() && growth <= MAX_GROWTH;
        flood.check(worker).await;
    }
    let again = Honest::run(worker, seconds).await;
    print_row("quiet, again", &again, 0, &quiet, (memory(worker).await, 0));
    if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[expect(clippy::cast_precision_loss, reason = "a module has at most 128 MiB")]
fn print_row(what: &str, honest: &Honest, calls: usize, quiet: &Honest, (memory, growth): (u64, u64)) {
    let mebibytes = |bytes: u64| bytes as f64 / 1024.0 / 1024.0;
    let ratio = honest.p95() / quiet.p95();
    let verdict = if ratio <= TARGET_RATIO { "" } else { "  slower" };
    println!(
        "{what:<44}{:>4} / {:<2}{calls:>9}{:>8.0} ms{:>8.0} ms{ratio:>7.2}{:>6.1}+{:.1} MiB{verdict}",
        honest.successes(),
        honest.made(),
        honest.median(),
        honest.p95(),
        mebibytes(memory - growth),
        mebibytes(growth),
    );
}

/// The memory of all instances of the module, in bytes.
async fn memory(worker: &Worker) -> u64 {
    let memory: Vec<u64> = worker.get("/test/memory").send().await.unwrap().json().await.unwrap();
    memory.iter().sum()
}
