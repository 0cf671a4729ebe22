//! The requests that are being answered, so that each gets an answer even if this Worker panics.
//!
//! A panic in WebAssembly ends in a trap: the futures of all requests in this isolate are never polled again, and the
//! runtime would let their clients hang, then send them something that is not JSON. So a request's promise is kept here
//! until it is resolved, and the panic hook, the last code that runs before the trap, resolves all of them. worker-build
//! then makes a new instance of the module for the next request.

use std::{
    cell::{Cell, RefCell},
    panic,
    sync::Once,
};

use worker::{
    console_error,
    js_sys::{Function, Promise},
    wasm_bindgen::JsValue,
    wasm_bindgen_futures::spawn_local,
    web_sys,
};

use super::wire;
use crate::gateway;

thread_local! {
    static IN_FLIGHT: RefCell<Vec<(u64, Unanswered)>> = const { RefCell::new(Vec::new()) };
    static NEXT_ID: Cell<u64> = const { Cell::new(0) };
}

/// What resolves a request's promise, and what with, should this Worker panic. The runtime lets a request have only a
/// response that was made during that request, so it is made before it is needed.
struct Unanswered {
    resolve: Function,
    if_broken: web_sys::Response,
}

impl Unanswered {
    fn answer(&self, response: &web_sys::Response) {
        if let Err(error) = self.resolve.call1(&JsValue::UNDEFINED, response) {
            console_error!("an answer that the runtime did not take: {error:?}");
        }
    }
}

/// A request's place in [`IN_FLIGHT`].
struct Place(u64);

impl Place {
    fn take(unanswered: Unanswered) -> Self {
        let id = NEXT_ID.replace(NEXT_ID.get() + 1);
        IN_FLIGHT.with_borrow_mut(|all| all.push((id, unanswered)));
        Self(id)
    }

    fn give_up(&self) -> Option<Unanswered> {
        IN_FLIGHT.with_borrow_mut(|all| {
            let index = all.iter().position(|(id, _)| *id == self.0)?;
            Some(all.swap_remove(index).1)
        })
    }
}

/// A promise of the response that `answering` comes to, or, should the Worker panic first, of one that says so.
///
/// # Errors
///
/// What the runtime threw when a response was made: nothing that it is known to do.
pub(crate) fn promise(
    answering: impl Future<Output = http::Response<String>> + 'static,
) -> Result<Promise, JsValue> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let log = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            log(panic);
            answer_all();
        }));
    });

    let if_broken = wire::to_js(&gateway::http::broken())?;
    let mut resolve = None;
    let promise = Promise::new(&mut |resolving, _| resolve = Some(resolving));
    if let Some(resolve) = resolve {
        let place = Place::take(Unanswered { resolve, if_broken });
        spawn_local(async move {
            let response = wire::to_js(&answering.await);
            if let Some(unanswered) = place.give_up() {
                unanswered.answer(response.as_ref().unwrap_or(&unanswered.if_broken));
            }
        });
    }
    Ok(promise)
}

/// Answers every request in flight. It runs inside of a panic, so it must not panic.
fn answer_all() {
    let all = IN_FLIGHT.with(|all| all.try_borrow_mut().map(|mut all| std::mem::take(&mut *all)));
    for (_, unanswered) in &all.unwrap_or_default() {
        unanswered.answer(&unanswered.if_broken);
    }
}
