//! Gives every client a response even if the Worker traps: after a panic, or because memory or the stack is exhausted.
//!
//! No future in the isolate is polled again then. The runtime would let the clients hang before it sends them something that
//! isn't JSON, and it would wait for a batch of messages that nobody delivers. So each request, each WebSocket, each call on
//! a WebSocket, and each other event holds a guard with a promise, and all of these promises are settled: after a panic by the
//! panic hook, the last code that runs before the trap; after any other trap by wasm-bindgen's abort handler. worker-build then
//! creates a new instance of the module for the next event.
//!
//! The abort handler runs in a module that is already marked as terminated: it may make one call of JavaScript, and traps
//! when that call returns. So the guards are kept in JavaScript.

use std::{cell::Cell, panic, sync::Once};

use wasm_bindgen::{handler::set_on_abort, prelude::wasm_bindgen};
use worker::{
    js_sys::{Error, Promise},
    wasm_bindgen::{self, JsValue},
    wasm_bindgen_futures::spawn_local,
    web_sys,
};

use super::request_tag::RequestTag;

#[wasm_bindgen(module = "/src/edge/trap_guard.js")]
extern "C" {
    type Guard;

    #[wasm_bindgen(constructor)]
    fn new(tag: &str, after_trap: &JsValue) -> Guard;

    #[wasm_bindgen(method, getter)]
    fn promise(this: &Guard) -> Promise;

    #[wasm_bindgen(method, js_name = callAfterTrap)]
    fn call_after_trap(this: &Guard, target: &JsValue, method: &str, arguments: Vec<JsValue>);

    #[wasm_bindgen(method)]
    fn resolve(this: &Guard, value: &JsValue);

    #[wasm_bindgen(method)]
    fn remove(this: &Guard);

    #[wasm_bindgen(static_method_of = Guard, js_name = releaseAll)]
    fn release_all(error: &str);

    #[wasm_bindgen(static_method_of = Guard, js_name = releaseAllAfterTrap)]
    fn release_all_after_trap();
}

/// How much memory is kept free for the start of a request: more than it takes to read the headers and to create a page.
const RESERVE_BYTES: usize = 32 * 1024;

thread_local! {
    static RESERVE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Releases the reserve. A request starts with this call, because no guard can help it before [`guard_response`] has returned
/// the promise: if memory is exhausted, then not before that.
pub(super) fn release_reserve() {
    RESERVE.take();
}

/// A guard that acts if the Worker traps while it is alive.
pub(super) struct TrapGuard(Guard);

impl TrapGuard {
    /// Calls a host method if the Worker traps while this guard is alive.
    pub(super) fn call_host(
        tag: &RequestTag,
        target: &JsValue,
        method: &str,
        arguments: Vec<JsValue>,
    ) -> Self {
        let guard = Self(Guard::new(&tag.to_json(), &JsValue::UNDEFINED));
        guard.0.call_after_trap(target, method, arguments);
        guard
    }
}

impl Drop for TrapGuard {
    fn drop(&mut self) {
        self.0.remove();
    }
}

/// Returns a promise of the response that `respond` resolves to, or of `after_trap` if the Worker traps first.
pub(super) fn guard_response<F>(
    tag: &RequestTag,
    after_trap: web_sys::Response,
    respond: impl FnOnce() -> F + 'static,
) -> Promise
where
    F: Future<Output = Result<web_sys::Response, JsValue>> + 'static,
{
    let guard = TrapGuard(Guard::new(&tag.to_json(), &after_trap));
    let promise = guard.0.promise();
    spawn_local(async move {
        // The promise has been returned by now, so if memory is exhausted, the client gets its response. Therefore the future,
        // which is large, is created and boxed here.
        RESERVE.set(Vec::with_capacity(RESERVE_BYTES));
        let response = Box::pin(respond()).await;
        guard.0.resolve(&response.unwrap_or(after_trap));
    });
    promise
}

/// Returns a promise that is resolved when `handle` has handled an event, or rejected if the Worker traps first. The runtime
/// then retries the messages of a batch that have not been acknowledged.
pub(super) fn guard_event(tag: &RequestTag, handle: impl Future<Output = ()> + 'static) -> Promise {
    let guard = TrapGuard(Guard::new(&tag.to_json(), &Error::new("the module trapped")));
    let promise = guard.0.promise();
    spawn_local(async move {
        handle.await;
        guard.0.resolve(&JsValue::UNDEFINED);
    });
    promise
}

/// Sets the abort handler, and replaces the panic hook of the `worker` crate, which logs the panic's message: the message
/// may quote what was being parsed. Every event starts with this call, since no event can tell whether it is the first of
/// its instance.
pub(super) fn install_handlers() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // It also runs after a panic, when no guard is left.
        set_on_abort(Guard::release_all_after_trap);
        panic::set_hook(Box::new(|panic| {
            let location = panic.location().map(ToString::to_string).unwrap_or_default();
            Guard::release_all(&format!("panic at {location}"));
        }));
    });
}
