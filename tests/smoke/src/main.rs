//! `make smoke URL=https://…`: checks a deployed Worker from outside.
//!
//! It changes nothing: every call is one that the Worker refuses. Three of the requests count against the rate limit.

mod checks;
mod connection;
mod report;
mod secrets;
mod site;

use std::{env, process::ExitCode};

use checks::check_all;
use report::Report;
use site::Site;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let site = match &arguments[..] {
        [url] => Site::new(url),
        _ => Err("give one URL, such as https://reset.exchange.example".to_owned()),
    };
    let site = match site {
        Ok(site) => site,
        Err(problem) => {
            eprintln!("make smoke: {problem}");
            return ExitCode::FAILURE;
        }
    };
    let mut report = Report::default();
    check_all(&site, &mut report).await;
    report.print();
    if report.has_failed() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
