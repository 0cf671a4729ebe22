//! `make bench`: what the README says about speed. Each figure is a ratio of two things that are measured in turn, in the same
//! run, and each ratio has a bound.

mod figures;
mod hash;
mod refused_call;
mod start_up;

use std::process::ExitCode;

use figures::Figures;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut figures = Figures::new();
    start_up::measure(&mut figures).await;
    refused_call::measure(&mut figures).await;
    hash::measure(&mut figures).await;
    if figures.are_within_bounds() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
