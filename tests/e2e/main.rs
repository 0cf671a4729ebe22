//! What can only be seen from outside: the Worker as it is built, on real workerd with real KV and real D1, over HTTP.
//!
//! `make test` builds the Worker first, and sets PATH to the tools.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod abandoned;
mod faults;
mod gateway;
mod health;
mod log;
mod mail;
mod once_only;
mod outcomes;
mod settings;
mod websocket;
mod worker;
