//! The SQL that redeems codes, locks accounts, and leases mails: each statement in a `.sql` file, with the Rust that binds its
//! values and reads its rows.
//!
//! `edge` runs them on D1. Tests run the same bytes on SQLite. [`redemption`] has the proof that a code works only once.

pub mod clean_up;
pub mod events;
pub mod health;
pub mod lock;
pub mod mail_log;
pub mod redemption;
pub mod statement;
pub mod user_names;
