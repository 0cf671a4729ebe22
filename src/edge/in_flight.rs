//! The requests that are being answered, so that each gets an answer even if this Worker panics.
//!
//! A panic in WebAssembly ends in a trap: the futures of all requests in this isolate are never polled again, and the
//! runtime would let their clients hang, then send them something that is not JSON. So a request's promise is kept here
//! until it is resolved, and the panic hook, the last code that runs before the trap, resolves all of them. worker-build
//! then makes a new instance of the module for the next request.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    panic,
    sync::Once,
};

use worker::{
    console_error,
    js_sys::{Function, Promise},
    wasm_bindgen::JsValue,
    wasm_bindgen_futures::spawn_local,
};

use super::wire;
use crate::gateway;

thread_local! {
    static IN_FLIGHT: RefCell<BTreeMap<u64, Function>> = const { RefCell::new(BTreeMap::new()) };
    static NEXT_ID: Cell<u64> = const { Cell::new(0) };
}

/// A request in flight: dropped when it is answered, or when its client has left.
struct InFlight(u64);

impl InFlight {
    fn new(resolve: Function) -> Self {
        let id = NEXT_ID.replace(NEXT_ID.get() + 1);
        IN_FLIGHT.with_borrow_mut(|all| all.insert(id, resolve));
        Self(id)
    }

    fn answer(self, response: &http::Response<String>) {
        if let Some(resolve) = IN_FLIGHT.with_borrow_mut(|all| all.remove(&self.0)) {
            answer(&resolve, response);
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        IN_FLIGHT.with_borrow_mut(|all| all.remove(&self.0));
    }
}

/// A promise of the response that `answering` comes to, or, should the Worker panic first, of one that says so.
pub(crate) fn promise(answering: impl Future<Output = http::Response<String>> + 'static) -> Promise {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let log = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            log(panic);
            answer_all();
        }));
    });

    let mut answering = Some(answering);
    Promise::new(&mut |resolve, _reject| {
        let in_flight = InFlight::new(resolve);
        if let Some(answering) = answering.take() {
            spawn_local(async move {
                in_flight.answer(&answering.await);
            });
        }
    })
}

/// Answers every request in flight. It runs inside of a panic, so it must not panic.
fn answer_all() {
    let all = IN_FLIGHT.with(|all| all.try_borrow_mut().map(|mut all| std::mem::take(&mut *all)));
    for resolve in all.unwrap_or_default().values() {
        answer(resolve, &gateway::http::broken());
    }
}

fn answer(resolve: &Function, response: &http::Response<String>) {
    let answered = wire::to_js(response).and_then(|response| resolve.call1(&JsValue::UNDEFINED, &response));
    if let Err(error) = answered {
        console_error!("an answer that the runtime did not take: {error:?}");
    }
}
