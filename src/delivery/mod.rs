//! What happens to a message from the queue: whether a mail or an event is sent, and which one.
//!
//! In scope: whether it is due, the code that a mail contains, and the order of the steps. Out of scope: what a mail says
//! ([`mail`](crate::mail)) or an event ([`webhook`](crate::webhook)), and how often a message is retried before it goes to the dead-letter queue (wrangler.toml).

mod deliver;
mod event;
mod lock_notice;
mod notice;
mod reset_mail;
mod send;
mod status;
#[cfg(test)]
mod tests;

pub use self::{deliver::deliver, status::Status};
