//! What happens to a message from the queue: whether a mail is sent, and which one.
//!
//! In scope: whether a mail is due, the code that it contains, and the order of the steps. Out of scope: what the mail says
//! ([`mail`](crate::mail)), and how often a message is retried before it goes to the dead-letter queue (wrangler.toml).

mod deliver;
mod lock_notice;
mod notice;
mod reset_mail;
mod send;
mod status;
#[cfg(test)]
mod tests;

pub use self::{deliver::deliver, status::Status};
