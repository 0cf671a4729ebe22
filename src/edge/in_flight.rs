//! What is under way, so that each client gets an answer even if this Worker panics.
//!
//! A panic in WebAssembly ends in a trap: the futures of all requests in this isolate are never polled again, and the
//! runtime would let their clients hang, then send them something that is not JSON. So for each request, each connection
//! and each call on a connection there is a promise here, and the panic hook, the last code that runs before the trap,
//! resolves all of them. worker-build then makes a new instance of the module for the next request.

use std::{
    cell::{Cell, RefCell},
    panic,
    sync::Once,
};

use worker::{
    js_sys::{Array, Function, Promise, Reflect, global},
    wasm_bindgen::{JsCast as _, JsValue},
    wasm_bindgen_futures::spawn_local,
    web_sys,
};

use super::RequestTag;

thread_local! {
    static IN_FLIGHT: RefCell<Vec<(u64, Unanswered)>> = const { RefCell::new(Vec::new()) };
    static NEXT_ID: Cell<u64> = const { Cell::new(0) };
}

/// What resolves a promise, and what with, should this Worker panic. The runtime lets a request have only what was made
/// during that request, so it is made before it is needed.
struct Unanswered {
    resolve: Function,
    if_broken: JsValue,
    /// Of what is logged as broken then.
    tag: RequestTag,
}

impl Unanswered {
    fn new(tag: RequestTag, if_broken: JsValue) -> (Promise, Self) {
        let mut resolve = JsValue::UNDEFINED.unchecked_into();
        let promise = Promise::new(&mut |resolving, _| resolve = resolving);
        (promise, Self { resolve, if_broken, tag })
    }

    fn answer(&self, response: &JsValue) {
        if let Err(error) = self.resolve.call1(&JsValue::UNDEFINED, response) {
            self.tag.error(&format!("an answer that the runtime did not take: {error:?}"));
        }
    }
}

/// A place among what is in flight.
pub(super) struct InFlight(u64);

impl InFlight {
    /// Has it logged should this Worker panic while this place is taken: for what nobody waits for.
    pub(super) fn unanswered(tag: RequestTag) -> Self {
        Self::of(Unanswered::new(tag, JsValue::UNDEFINED).1)
    }

    /// Has a method of the runtime's own called should this Worker panic while this place is taken.
    ///
    /// # Errors
    ///
    /// What the runtime threw: nothing that it is known to do.
    pub(super) fn take(
        tag: RequestTag,
        target: &JsValue,
        method: &str,
        values: &[JsValue],
    ) -> Result<Self, JsValue> {
        // target[method].bind(target, ...values), and promise.then(that). By hand, since it must be no code of this module.
        let function = |of: &JsValue, name: &str| Reflect::get(of, &name.into())?.dyn_into::<Function>();
        let method = function(target, method)?;
        let bound = [target].into_iter().chain(values).collect::<Array>();
        let bound = Reflect::apply(&function(&method, "bind")?, &method, &bound)?;
        let (promise, unanswered) = Unanswered::new(tag, JsValue::UNDEFINED);
        function(&promise, "then")?.call1(&promise, &bound)?;
        Ok(Self::of(unanswered))
    }

    fn of(unanswered: Unanswered) -> Self {
        let id = NEXT_ID.replace(NEXT_ID.get() + 1);
        IN_FLIGHT.with_borrow_mut(|all| all.push((id, unanswered)));
        Self(id)
    }

    fn give_up(&self) -> Option<Unanswered> {
        IN_FLIGHT.with_borrow_mut(|all| {
            let index = all.iter().position(|(id, _)| *id == self.0)?;
            Some(all.remove(index).1)
        })
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.give_up();
    }
}

/// Takes the place of the panic hook of `worker`, which logs what a panic says: that may quote what was being read. Every
/// event begins with this, since nothing tells which is the first of an instance.
pub(super) fn survive_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        panic::set_hook(Box::new(|panic| {
            answer_all(&format!(
                "panic at {}",
                panic.location().map(ToString::to_string).unwrap_or_default()
            ));
            // For worker-build, which makes the next instance.
            let state = Reflect::get(&global(), &"__worker_init_state".into());
            let _ = state.and_then(|state| Reflect::set(&state, &"criticalError".into(), &true.into()));
        }));
    });
}

/// A promise of the response that `answering` comes to, or, should the Worker panic first, of `if_broken`.
pub(super) fn promise(
    tag: RequestTag,
    if_broken: web_sys::Response,
    answering: impl Future<Output = Result<web_sys::Response, JsValue>> + 'static,
) -> Promise {
    let (promise, unanswered) = Unanswered::new(tag, if_broken.into());
    let place = InFlight::of(unanswered);
    spawn_local(async move {
        let response = answering.await.map(JsValue::from);
        if let Some(unanswered) = place.give_up() {
            unanswered.answer(response.as_ref().unwrap_or(&unanswered.if_broken));
        }
    });
    promise
}

/// Answers all that is in flight, and logs why. It runs inside of a panic, so it must not panic.
fn answer_all(error: &str) {
    let all = IN_FLIGHT.with(|all| all.try_borrow_mut().map(|mut all| std::mem::take(&mut *all)));
    let all = all.unwrap_or_default();
    // The latest first: the calls on a connection before the connection itself.
    for (_, unanswered) in all.iter().rev() {
        unanswered.answer(&unanswered.if_broken);
    }
    for (_, unanswered) in &all {
        unanswered.tag.error(error);
    }
}
