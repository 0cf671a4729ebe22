//! The settings, read from the Worker's environment.

use worker::{
    Env,
    js_sys::{Number, Reflect},
    wasm_bindgen::JsCast as _,
};

use super::request_tag::RequestTag;
use crate::settings::{InvalidSetting, Settings, WrongType};

/// Reads the settings, and logs an invalid one. They are read again for each event, which takes microseconds: a deployment that
/// changes only settings may keep the isolate
/// (<https://developers.cloudflare.com/workers/runtime-apis/bindings/#making-changes-to-bindings>).
pub(super) fn settings(env: &Env, tag: &RequestTag) -> Result<Settings, InvalidSetting> {
    Settings::read(|name| var(env, name)).inspect_err(|invalid| tag.log_error(&invalid.to_string()))
}

/// Reads a variable as text, whether wrangler.toml has it as a string or as a number.
fn var(env: &Env, name: &str) -> Result<Option<String>, WrongType> {
    let value = Reflect::get(env, &name.into()).map_err(|_| WrongType)?;
    if value.is_undefined() {
        return Ok(None);
    }
    let number = || value.dyn_ref::<Number>()?.to_string_with_radix(10).ok()?.as_string();
    value.as_string().or_else(number).map(Some).ok_or(WrongType)
}
