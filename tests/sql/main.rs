//! The statements of `src/sql`, byte for byte, on SQLite with the real migrations.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod database;
mod mail_log;
mod redemption;
