//! That the Worker is what `docs/` describes, so that neither can drift from the other: schemathesis makes calls from the
//! OpenAPI document and holds every answer against it, and what is written into KV is held against its JSON Schema.
//!
//! `make test` builds the Worker first, and installs schemathesis.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    dead_code,
    reason = "tests, with the hands of the end-to-end tests"
)]

mod document;
mod pending_code_entry;
mod schemathesis;
#[path = "../e2e/worker.rs"]
mod worker;

use std::sync::OnceLock;

use worker::{Options, Worker};

/// The Worker that these tests share.
fn worker() -> &'static Worker {
    static WORKER: OnceLock<Worker> = OnceLock::new();
    WORKER.get_or_init(|| Worker::start(&Options { name: "openapi", ..Options::DEFAULT }))
}
