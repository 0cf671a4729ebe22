//! The log's part: what `wrangler tail --format json` prints, and jq.

use jaq_core::{
    Compiler, Ctx, Vars, data,
    load::{Arena, File, Loader},
    unwrap_valr,
};
use jaq_json::{Val, read};
use serde_json::{Value, json};

use crate::page::recording_filter;

/// The code in a link from an existing e-mail.
const CODE: &str = "6b1f9c1e-59a5-4c5a-9d0b-2f1d7a1d2c3e";

/// What an operator records of these lines of the Worker's log.
pub(crate) fn record(lines: &[Value]) -> Value {
    let events = tail(lines);
    assert!(json!(events).to_string().contains(CODE));
    let recorded: Value = events.iter().map(|event| run(recording_filter(), event)).collect();
    assert!(!recorded.to_string().contains(CODE));
    recorded
}

/// What `wrangler tail --format json` would print for these lines: an event for each invocation.
fn tail(lines: &[Value]) -> Vec<Value> {
    let url = format!("https://reset.example/resetPassword.html?UserId=5&verifycode={CODE}");
    let request = json!({"request": {"url": url, "method": "GET", "headers": {}, "cf": {}}});
    let event = |line: &Value| {
        let log = json!({"message": [line.to_string()], "level": "log", "timestamp": 0});
        json!({"outcome": "ok", "scriptName": "reset-password2", "exceptions": [], "logs": [log], "event": request})
    };
    let mut events: Vec<_> = lines.iter().map(event).collect();
    // The Worker also has invocations without a line, and the runtime writes lines that are not JSON.
    events.push(json!({"outcome": "ok", "logs": [], "exceptions": [], "event": request}));
    events.push(json!({"outcome": "ok", "logs": [{"message": ["Reinitializing Wasm application"]}], "exceptions": []}));
    events
}

/// What jq makes of this input.
pub(crate) fn run(query: &str, input: &Value) -> Value {
    let definitions = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
    let functions = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
    let arena = Arena::default();
    let modules = Loader::new(definitions).load(&arena, File { code: query, path: () });
    let modules = modules.unwrap_or_else(|error| panic!("{query}: {error:?}"));
    let filter = Compiler::default().with_funs(functions).compile(modules);
    let filter = filter.unwrap_or_else(|error| panic!("{query}: {error:?}"));
    let context = Ctx::<data::JustLut<Val>>::new(&filter.lut, Vars::new([]));
    let input = read::parse_single(input.to_string().as_bytes()).unwrap();
    let outputs: Vec<_> =
        filter.id.run((context, input)).map(|output| unwrap_valr(output).unwrap()).collect();
    let [output] = outputs.try_into().expect("one output");
    serde_json::from_str(&Val::to_string(&output)).unwrap()
}
