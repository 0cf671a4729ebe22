//! The SQL that redeems codes and leases e-mails, each statement in a `.sql` file, and the Rust that binds their values and reads their rows.
//!
//! `edge` runs them on D1. Tests run the same bytes on SQLite. [`redemption`] has the proof that a code works only once.

pub mod clean_up;
pub mod health;
pub mod mail_log;
pub mod redemption;
pub mod statement;
