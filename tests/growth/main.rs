//! `make growth-sizes`: what each statement reads, writes and takes with 10 thousand, 1 million and 10 million users, and with
//! a year's rows of audit log; how large the database is; and how many resets a second it commits. Fails if a
//! statement reads or writes more rows with the most users than with the fewest.
//!
//! With `WRITE_GROWTH`, writes the tables into docs/growth.md, and the plot into docs/images.

mod document;
mod fill;
mod plot;
mod saturation;
mod steps;

use std::{env, fs, process::ExitCode, time::Instant};

use saturation::saturate;
use steps::{Step, perform, size};
use test_support::worker::{Options, Worker};

/// The numbers of users, unless `SIZES` says otherwise.
const SIZES: &str = "10000 1000000 10000000";

/// What was measured with one number of users.
pub(crate) struct Measured {
    pub(crate) users: u64,
    pub(crate) steps: Vec<Step>,
    /// The size of the database, in bytes.
    pub(crate) bytes: u64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let sizes = env::var("SIZES").unwrap_or_else(|_| SIZES.to_owned());
    let sizes: Vec<u64> = sizes.split_whitespace().map(|size| size.parse().unwrap()).collect();
    let mut measured = Vec::new();
    let mut rounds = Vec::new();
    for &users in &sizes {
        let name = format!("{users}-users");
        let worker = Worker::start(&Options { script: "tests/growth/worker.mjs", ..Options::new(&name) });
        let start = Instant::now();
        fill::fill(&worker, users);
        println!("{users} users: filled in {:.0} s", start.elapsed().as_secs_f64());
        let stored = worker.sql(&["SELECT max(rowid) AS users FROM users"]).await;
        assert_eq!(stored[0]["users"], users);
        let bytes = size(&worker).await;
        let steps = perform(&worker, users).await;
        print(&steps);
        if Some(&users) == sizes.last() {
            rounds = saturate(&worker, users).await;
        }
        measured.push(Measured { users, steps, bytes });
        fs::remove_dir_all(worker.state_folder()).unwrap();
    }
    println!("{}\n{}", document::sizes(&measured), document::saturation(&rounds));
    if env::var_os("WRITE_GROWTH").is_some() {
        document::write(&measured, &rounds);
        plot::write(&measured);
    }
    if reads_as_many_rows(&measured) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn print(steps: &[Step]) {
    for step in steps {
        println!("{}", step.name);
        for (file, statement) in &step.statements {
            let (read, written) = (statement.rows_read, statement.rows_written);
            println!("  {file:<32}{read:>5} read {written:>5} written {:>9.3} ms", statement.mean());
        }
    }
}

/// Whether each statement reads and writes as many rows with the most users as with the fewest, at most.
fn reads_as_many_rows(measured: &[Measured]) -> bool {
    let (fewest, most) = (measured.first().unwrap(), measured.last().unwrap());
    let mut is_so = true;
    for (few, many) in fewest.steps.iter().zip(&most.steps) {
        for (file, statement) in &many.statements {
            let with_few = few.statements.get(file).map_or((0, 0), |it| (it.rows_read, it.rows_written));
            if statement.rows_read > with_few.0 || statement.rows_written > with_few.1 {
                println!("{}: {file} reads or writes more rows: {statement:?}, not {with_few:?}", many.name);
                is_so = false;
            }
        }
    }
    is_so
}

pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
