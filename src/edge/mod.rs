//! The only rooms that know the Workers runtime: what a call sees of the world outside, on real parts.

mod call_limit;
mod clean_up;
mod d1;
mod exchange_users;
mod health;
mod in_flight;
mod issued_codes;
mod mail_book;
mod mail_queue;
mod postman;
mod request_tag;
mod trace;
mod websocket;
mod wire;

use std::rc::Rc;

use worker::{
    Context, Date, Env,
    js_sys::{Number, Promise, Reflect},
    wasm_bindgen::{JsCast as _, JsValue},
    web_sys,
};

use self::{request_tag::RequestTag, trace::Trace};
use crate::{
    calls::outside::{Clock, Randomness, Unavailable},
    gateway::{self, websocket::Connection},
    settings::{InvalidSetting, NotText, Settings},
    unix_millis::UnixMillis,
};

/// A promise of the answer to a request.
///
/// # Errors
///
/// What the runtime threw when a response was made: nothing that it is known to do.
pub(crate) fn fetch(request: web_sys::Request, env: Env, context: Context) -> Result<Promise, JsValue> {
    in_flight::survive_panics();
    let tag = RequestTag::of(&request);
    let if_broken = wire::to_js(&gateway::http::broken(), tag.request_id())?;
    Ok(in_flight::promise(tag.clone(), if_broken, answer(request, env, Rc::new(context), tag)))
}

async fn answer(
    request: web_sys::Request,
    env: Env,
    context: Rc<Context>,
    tag: RequestTag,
) -> Result<web_sys::Response, JsValue> {
    let request_id = tag.request_id().to_owned();
    let settings = settings(&env, &tag);
    let response = match wire::from_js(&request) {
        Ok(request) => match Connection::open(&request, &settings) {
            Some(connection) => return websocket::open(connection, env, context, tag),
            None => gateway::answer(request, &settings, &Edge::new(env, context, tag)).await,
        },
        Err(_) => gateway::http::no_such_place(),
    };
    wire::to_js(&response, &request_id)
}

/// The settings, which are read anew for each event: that takes microseconds.
fn settings(env: &Env, tag: &RequestTag) -> Result<Settings, InvalidSetting> {
    Settings::read(|name| var(env, name)).inspect_err(|invalid| tag.error(&invalid.to_string()))
}

/// A setting as text, whether wrangler.toml has it as a string or as a number.
fn var(env: &Env, name: &str) -> Result<Option<String>, NotText> {
    let value = Reflect::get(env, &name.into()).map_err(|_| NotText)?;
    if value.is_undefined() {
        return Ok(None);
    }
    let number = || value.dyn_ref::<Number>()?.to_string_with_radix(10).ok()?.as_string();
    value.as_string().or_else(number).map(Some).ok_or(NotText)
}

pub(crate) use clean_up::clean_up;
pub(crate) use mail_queue::deliver_all;

/// The Workers runtime, for one event, or for one call on a connection.
struct Edge {
    env: Env,
    context: Rc<Context>,
    tag: RequestTag,
    trace: Trace,
}

impl Edge {
    fn new(env: Env, context: Rc<Context>, tag: RequestTag) -> Self {
        Self { env, context, tag, trace: Trace::new() }
    }

    /// Logs what went wrong.
    fn error(&self, error: &str) {
        self.tag.error(error);
    }
}

fn now() -> UnixMillis {
    UnixMillis::try_from(Date::now().as_millis()).unwrap_or(UnixMillis::MAX)
}

fn random<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map(|()| bytes)
}

impl Clock for Edge {
    fn now(&self) -> UnixMillis {
        now()
    }
}

impl Randomness for Edge {
    fn random<const N: usize>(&self) -> Result<[u8; N], Unavailable> {
        random().map_err(|error| {
            self.error(&format!("getrandom: {error}"));
            Unavailable
        })
    }
}
