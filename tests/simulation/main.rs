//! The real code and the real SQL in a simulated world: deterministic from a seed, with faults everywhere, and the promises
//! of docs/contract.md checked after every step.
//!
//! `world` models what Cloudflare provides: KV, D1, the queue, e-mail, rate limits, clocks, and isolates.
//! `actors` are users, strangers, and the exchange; `support_staff` is its support. `locks` are owners
//! who lock their accounts. `events` is the exchange's receiver of events. `oracle` knows what has happened, and checks the
//! promises. `bugs` plants bugs that the simulation must catch. `small_worlds` explores every interleaving of
//! a few actors.
//!
//! `SEED=n cargo test --test simulation replay -- --ignored --nocapture` replays a seed with its trace.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, reason = "tests")]

mod actors;
mod addresses;
mod breaches;
mod bugs;
mod coverage;
mod cut_offs;
mod d1;
mod database;
mod events;
mod executor;
mod fault_matrix;
mod kv;
mod locks;
mod mail_checks;
mod mail_log;
mod mails;
mod oracle;
mod owner_controls;
mod ports;
mod redemption;
mod runs;
mod schema;
mod small_worlds;
mod support_staff;
mod user_names;
mod world;
