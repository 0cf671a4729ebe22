//! Gives every client a response even if the Worker panics.
//!
//! In WebAssembly a panic ends in a trap. The futures of all requests in the isolate are then never polled again, and the
//! runtime would let their clients hang before it sends them something that isn't JSON. So each request, each WebSocket,
//! and each call on a WebSocket holds a guard with a promise, and the panic hook, the last code that runs before the trap,
//! resolves all of these promises. worker-build then creates a new instance of the module for the next request.

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

use super::request_tag::RequestTag;

thread_local! {
    static GUARDED: RefCell<Vec<(u64, Pending)>> = const { RefCell::new(Vec::new()) };
    static NEXT_ID: Cell<u64> = const { Cell::new(0) };
}

/// A promise that the panic hook resolves. The runtime lets a request use only what was created during that request, so the
/// value is created before it is needed.
struct Pending {
    resolve: Function,
    after_panic: JsValue,
    /// The tag of the log line after a panic.
    tag: RequestTag,
}

impl Pending {
    fn new(tag: RequestTag, after_panic: JsValue) -> (Promise, Self) {
        let mut resolve = JsValue::UNDEFINED.unchecked_into();
        let promise = Promise::new(&mut |resolver, _| resolve = resolver);
        (promise, Self { resolve, after_panic, tag })
    }

    fn resolve(&self, value: &JsValue) {
        if let Err(error) = self.resolve.call1(&JsValue::UNDEFINED, value) {
            self.tag.log_error(&format!("the runtime rejected a response: {error:?}"));
        }
    }
}

/// A guard that acts if the Worker panics while it is alive.
pub(super) struct PanicGuard(u64);

impl PanicGuard {
    /// Writes a log line if the Worker panics while this guard is alive. For events that nobody waits for.
    pub(super) fn log_only(tag: RequestTag) -> Self {
        Self::register(Pending::new(tag, JsValue::UNDEFINED).1)
    }

    /// Calls a host method if the Worker panics while this guard is alive.
    ///
    /// # Errors
    ///
    /// What the runtime threw, which should never happen.
    pub(super) fn call_host(
        tag: RequestTag,
        target: &JsValue,
        method: &str,
        arguments: &[JsValue],
    ) -> Result<Self, JsValue> {
        // promise.then(target[method].bind(target, ...arguments)), spelled out: a closure would be code of this module,
        // which can't run after the trap.
        let function = |of: &JsValue, name: &str| Reflect::get(of, &name.into())?.dyn_into::<Function>();
        let method = function(target, method)?;
        let bound = [target].into_iter().chain(arguments).collect::<Array>();
        let bound = Reflect::apply(&function(&method, "bind")?, &method, &bound)?;
        let (promise, pending) = Pending::new(tag, JsValue::UNDEFINED);
        function(&promise, "then")?.call1(&promise, &bound)?;
        Ok(Self::register(pending))
    }

    fn register(pending: Pending) -> Self {
        let id = NEXT_ID.replace(NEXT_ID.get() + 1);
        GUARDED.with_borrow_mut(|guarded| guarded.push((id, pending)));
        Self(id)
    }

    fn take(&self) -> Option<Pending> {
        GUARDED.with_borrow_mut(|guarded| {
            let index = guarded.iter().position(|(id, _)| *id == self.0)?;
            Some(guarded.remove(index).1)
        })
    }
}

impl Drop for PanicGuard {
    fn drop(&mut self) {
        self.take();
    }
}

/// Returns a promise of the response that `response` resolves to, or of `after_panic` if the Worker panics first.
pub(super) fn guard_response(
    tag: RequestTag,
    after_panic: web_sys::Response,
    response: impl Future<Output = Result<web_sys::Response, JsValue>> + 'static,
) -> Promise {
    let (promise, pending) = Pending::new(tag, after_panic.into());
    let guard = PanicGuard::register(pending);
    spawn_local(async move {
        let response = response.await.map(JsValue::from);
        if let Some(pending) = guard.take() {
            pending.resolve(response.as_ref().unwrap_or(&pending.after_panic));
        }
    });
    promise
}

/// Replaces the panic hook of the `worker` crate, which logs the panic's message: the message may quote what
/// was being parsed. Every event starts with this call, since no event can tell whether it is the first of
/// its instance.
pub(super) fn install_panic_hook() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        panic::set_hook(Box::new(|panic| {
            let location = panic.location().map(ToString::to_string).unwrap_or_default();
            resolve_all(&format!("panic at {location}"));
            // Tells worker-build to create a new instance.
            let state = Reflect::get(&global(), &"__worker_init_state".into());
            let _ = state.and_then(|state| Reflect::set(&state, &"criticalError".into(), &true.into()));
        }));
    });
}

/// Resolves all pending promises, and logs why. It runs during a panic, so it must not panic.
fn resolve_all(error: &str) {
    let all = GUARDED.with(|guarded| guarded.try_borrow_mut().map(|mut all| std::mem::take(&mut *all)));
    let all = all.unwrap_or_default();
    // The latest first: the calls on a WebSocket before the WebSocket itself.
    for (_, pending) in all.iter().rev() {
        pending.resolve(&pending.after_panic);
    }
    for (_, pending) in &all {
        pending.tag.log_error(error);
    }
}
