//! The last step of a forgotten password, done at the edge: the AlphaPoint calls `ResetPassword` and `ResetPassword2` as a
//! Cloudflare Worker.
//!
//! The way of a request, with no way back: this file → [`gateway`] (bytes to a call) →
//! [`calls::reset_password2`] (numbered steps) → `edge` (KV, D1) → a
//! [`StandardResponse`](calls::standard_response::StandardResponse) → [`gateway`] (to bytes).
//!
//! Only this file and `edge` know the Workers runtime. Everything else is plain Rust, which an exchange can use natively
//! too: [`password::verify`] for its login, [`pending_code`] to issue codes of its own.

pub mod calls;
pub mod client;
pub mod delivery;
pub mod device;
#[cfg(all(target_arch = "wasm32", feature = "worker"))]
mod edge;
pub mod gateway;
pub mod languages;
pub mod mail;
pub mod page;
pub mod password;
pub mod pending_code;
pub mod settings;
pub mod unix_millis;
pub mod user_id;

#[cfg(all(target_arch = "wasm32", feature = "worker"))]
use wasm_bindgen::{
    JsCast as _,
    prelude::{JsValue, wasm_bindgen},
};

/// A request comes in. This is what `#[event(fetch)]` would write, but that it also answers when the Worker panics.
///
/// # Errors
///
/// What the runtime threw where it did not let an answer be made.
#[cfg(all(target_arch = "wasm32", feature = "worker"))]
#[wasm_bindgen]
pub fn fetch(
    request: worker::web_sys::Request,
    env: worker::Env,
    context: &worker::worker_sys::Context,
) -> Result<worker::js_sys::Promise, JsValue> {
    let shared = JsValue::from(context).unchecked_into();
    let answer = edge::fetch(request, env, worker::Context::new(shared))?;
    // A client that leaves does not end the call: what it asked for is done, and its memory is given back.
    context.wait_until(&answer)?;
    Ok(answer)
}

/// Messages come out of the queue.
#[cfg(all(target_arch = "wasm32", feature = "worker"))]
#[worker::event(queue)]
async fn queue(
    batch: worker::MessageBatch<String>,
    env: worker::Env,
    context: worker::Context,
) -> worker::Result<()> {
    edge::deliver_all(batch, env, context).await;
    Ok(())
}

/// The time has come to clean up.
#[cfg(all(target_arch = "wasm32", feature = "worker"))]
#[worker::event(scheduled)]
async fn scheduled(_: worker::ScheduledEvent, env: worker::Env, _: worker::ScheduleContext) {
    edge::clean_up(env).await;
}
