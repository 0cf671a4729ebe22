//! The only rooms that know the Workers runtime: what a call sees of the world outside, on real parts.

mod call_limit;
mod clean_up;
mod d1;
mod exchange_users;
pub(crate) mod in_flight;
mod issued_codes;
mod mail_book;
mod mail_queue;
mod postman;
mod wire;

use worker::{
    Context, Date, Env, console_error,
    js_sys::{Number, Reflect},
    wasm_bindgen::JsCast as _,
    web_sys,
};

use crate::{
    calls::outside::{Clock, Randomness, Unavailable},
    gateway,
    settings::{InvalidSetting, NotText, Settings},
    unix_millis::UnixMillis,
};

/// Answers a request to the Worker.
pub(crate) async fn fetch(request: web_sys::Request, env: Env, context: Context) -> http::Response<String> {
    let settings = settings(&env);
    match wire::from_js(&request) {
        Ok(request) => gateway::answer(request, &settings, &Edge { env, context }).await,
        Err(_) => gateway::http::no_such_place(),
    }
}

/// The settings, which are read anew for each event: that takes microseconds.
fn settings(env: &Env) -> Result<Settings, InvalidSetting> {
    Settings::read(|name| var(env, name)).inspect_err(|invalid| console_error!("{invalid}"))
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

/// The Workers runtime, for one event.
struct Edge {
    env: Env,
    context: Context,
}

impl Clock for Edge {
    fn now(&self) -> UnixMillis {
        UnixMillis::try_from(Date::now().as_millis()).unwrap_or(UnixMillis::MAX)
    }
}

impl Randomness for Edge {
    fn random<const N: usize>(&self) -> Result<[u8; N], Unavailable> {
        let mut bytes = [0; N];
        match getrandom::fill(&mut bytes) {
            Ok(()) => Ok(bytes),
            Err(error) => {
                console_error!("getrandom: {error}");
                Err(Unavailable)
            }
        }
    }
}
