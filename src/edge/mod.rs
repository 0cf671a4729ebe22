//! The Workers runtime: the Worker's events, and the [`ports`](crate::ports) on real services.
//!
//! Only this module and `lib.rs` name the `worker` crate.

mod body;
mod breached_passwords;
mod call_log;
mod clock;
mod convert;
mod d1;
mod exchange_users;
mod fetch;
mod health;
mod mail_log;
mod mailer;
mod pending_codes;
mod queue;
mod rate_limits;
mod request_tag;
mod runtime;
mod scheduled;
mod timings;
mod trap_guard;
mod vars;
mod webhooks;
mod websocket;

pub(crate) use self::{fetch::fetch, queue::queue, scheduled::scheduled};
