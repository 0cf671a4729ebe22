//! Password reset for an AlphaPoint exchange as a Cloudflare Worker: the calls `ResetPassword` and `ResetPassword2`, and the
//! pages and e-mails between them.
//!
//! A request takes this path: this file receives it → `edge` converts it to our types → [`gateway`] finds its route and
//! reads the call → [`calls`] performs the call in numbered steps, through the [`ports`] that `edge` implements → `gateway`
//! turns the result into a [`StandardResponse`](standard_response::StandardResponse) or a page → `edge` converts the
//! response.
//!
//! The modules are listed from top to bottom. A module depends only on modules below it (`tests/architecture.rs`), and only
//! this file and `edge` name the `worker` crate. Without the Cargo feature `worker`, the crate is a library for the
//! exchange's other programs: [`password::verify`] checks a password at login, [`user_name`] compares user names, and
//! [`pending_code`] issues codes, with [`user_id`] and [`unix_millis`] for the fields of a record. The modules behind the
//! feature are `pub` only because the tests in `tests/` use them.

#[cfg(all(target_arch = "wasm32", feature = "worker"))]
mod edge; // the Workers runtime: events, and the ports on KV, D1, the queue, and mail
#[cfg(feature = "worker")]
pub mod sql; // the SQL that redeems codes, locks accounts, and leases mails, with the proof that a code works only once
#[cfg(feature = "worker")]
pub mod gateway; // how a call arrives and how its response leaves: routes, HTTP, WebSocket, forms
#[cfg(feature = "worker")]
pub mod pages; // what the pages say
#[cfg(feature = "worker")]
pub mod delivery; // what happens to a message from the queue
#[cfg(feature = "worker")]
pub mod calls; // what each call means, in numbered steps, and how it fails
#[cfg(feature = "worker")]
pub mod ports; // what the code needs from the outside world
#[cfg(feature = "worker")]
pub mod mail; // what the mails say
#[cfg(feature = "worker")]
mod template; // turns a template into HTML
#[cfg(feature = "worker")]
pub mod settings; // the Worker's settings
#[cfg(feature = "worker")]
pub mod message; // the messages in the queue
#[cfg(feature = "worker")]
pub mod client; // what a request says about its client
#[cfg(feature = "worker")]
pub mod languages; // the texts of pages and mails, one file per language
#[cfg(feature = "worker")]
pub mod device; // the kind of device that a browser runs on
#[cfg(feature = "worker")]
pub mod standard_response; // the body of every response to a call
#[cfg(feature = "worker")]
pub mod outcome; // how a call ended, in one word
#[cfg(feature = "worker")]
pub mod error_code; // the error codes of the standard response
pub mod user_name; // which spellings are the same user name
#[cfg(feature = "worker")]
pub mod call_name; // the names of the calls
#[cfg(feature = "worker")]
pub mod brand; // what identifies the exchange on pages and in mails
#[cfg(feature = "worker")]
pub mod color; // colors, and the contrast between them
#[cfg(feature = "worker")]
pub mod webhook; // the events that the exchange gets, and their signature
#[cfg(feature = "worker")]
mod utc; // times as text
#[cfg(feature = "worker")]
pub mod lock_code; // the secret from a notice, and its record in KV
#[cfg(feature = "worker")]
mod json_object; // JSON objects with case-insensitive keys
pub mod password; // the policy, the common passwords, and the hash
pub mod pending_code; // the secret from the e-mail, and its record in KV
pub mod unix_millis; // points in time
pub mod user_id; // the exchange's identifier of a user
mod secret; // the wrapper for values that must not be logged

#[cfg(all(target_arch = "wasm32", feature = "worker"))]
use wasm_bindgen::{
    JsCast as _,
    prelude::{JsValue, wasm_bindgen},
};
#[cfg(all(target_arch = "wasm32", feature = "worker"))]
use worker::{Context, Env, js_sys::Promise, web_sys::Request, worker_sys};

// `#[event]` of the worker crate would generate similar functions, but their promises are never settled after a trap.

/// Handles a request.
///
/// # Errors
///
/// What the runtime threw when a response could not be created.
#[cfg(all(target_arch = "wasm32", feature = "worker"))]
#[wasm_bindgen]
pub fn fetch(request: &Request, env: Env, context: &worker_sys::Context) -> Result<Promise, JsValue> {
    let shared = JsValue::from(context).unchecked_into();
    let response = edge::fetch(request, env, Context::new(shared))?;
    // If the client leaves, the call still completes, and its memory is released.
    context.wait_until(&response)?;
    Ok(response)
}

/// Handles messages from the queue.
#[cfg(all(target_arch = "wasm32", feature = "worker"))]
#[wasm_bindgen]
pub fn queue(batch: worker_sys::MessageBatch, env: Env, context: worker_sys::Context) -> Promise {
    edge::queue(batch.into(), env, Context::new(context))
}

/// Removes old rows, at the times in wrangler.toml.
#[cfg(all(target_arch = "wasm32", feature = "worker"))]
#[wasm_bindgen]
pub fn scheduled(_: worker_sys::ScheduledEvent, env: Env) -> Promise {
    edge::scheduled(env)
}
