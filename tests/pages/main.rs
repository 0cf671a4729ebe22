//! What a person sees: the pages in a real browser, before the Worker as it is built, on real workerd with real KV, D1,
//! queue and e-mail binding.
//!
//! `make test` builds the Worker first, and sets CHROMEDRIVER and PATH to the tools.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    reason = "tests, with the hands of the end-to-end tests"
)]

mod accessible;
mod browser;
mod front_ends;
mod headers;
mod keyboard;
mod states;
mod way;
mod without_script;
#[path = "../e2e/worker.rs"]
mod worker;

/// Passwords that the policy takes.
const GOOD: &str = "four words that fit";
const OTHER: &str = "another set of words";
