//! What the end-to-end tests share: the Worker, running on real workerd with real KV, D1, queue and e-mail binding; the
//! clients that call it; and access to its state.
//!
//! The tests themselves are the other targets of this package: `tests/e2e`, `tests/pages`, `tests/openapi`, `tests/docs`,
//! `tests/monitoring`, `tests/no_secret_logged`, `tests/bench` and `tests/screenshots`. `make test` builds the Worker first.

// The Worker under test.
mod little_memory;
pub mod observer;
pub mod state;
pub mod worker;
pub mod workerd;
pub mod workers;

// Users, what they send, and what they get.
pub mod account;
pub mod inbox;
pub mod password;
pub mod response;
pub mod texts;

// Services that the Worker uses.
pub mod range_server;
pub mod webhook_receiver;

// Clients.
pub mod apex;
pub mod browser;
mod chromedriver;
pub mod front_end;
pub mod http;
pub mod page_state;
pub mod site;
pub mod websocket;

// The machine.
pub mod clock;
pub mod paths;
pub mod process;
pub mod python;
pub mod secrets;
