//! The `fetch` event.

use std::rc::Rc;

use worker::{Context, Env, js_sys::Promise, wasm_bindgen::JsValue, web_sys};

use super::{convert, request_tag::RequestTag, runtime::Runtime, trap_guard, vars::settings, websocket};
use crate::{gateway, ports::RequestBody};

/// Returns a promise of the response to a request.
///
/// # Errors
///
/// What the runtime threw when a response was created, which should never happen.
pub(crate) fn fetch(request: &web_sys::Request, env: Env, context: Context) -> Result<Promise, JsValue> {
    trap_guard::install_handlers();
    trap_guard::release_reserve();
    let tag = RequestTag::for_request(request);
    let converted = convert::from_js(request);
    let after_trap = match &converted {
        Ok(request) => gateway::response_after_panic(request),
        Err(_) => gateway::unreadable_request(),
    };
    let after_trap = convert::to_js(&after_trap, tag.request_id())?;
    Ok(trap_guard::guard_response(&tag.clone(), after_trap, || {
        respond(converted, env, Rc::new(context), tag)
    }))
}

async fn respond(
    request: Result<http::Request<impl RequestBody>, http::Error>,
    env: Env,
    context: Rc<Context>,
    tag: RequestTag,
) -> Result<web_sys::Response, JsValue> {
    let request_id = tag.request_id().to_owned();
    let settings = settings(&env, &tag);
    let response = match request {
        Ok(request) => match gateway::open_connection(&request, &settings) {
            Some(connection) => return websocket::open(connection, env, context, tag),
            None => gateway::handle(request, &settings, &Runtime::new(env, context, tag)).await,
        },
        // A URL or a method that can't be parsed.
        Err(_) => gateway::unreadable_request(),
    };
    convert::to_js(&response, &request_id)
}
