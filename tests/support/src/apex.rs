//! `alphapoint-apex-api`, the exchange's own client, as it comes from npm.

use serde_json::Value;

use crate::{process::tool, worker::Worker};

/// Makes calls, pairs of a name and a payload, through the client, each twice: first all with a promise, then all with a
/// callback. Returns what the promises resolve to, and then the frames that the callbacks get.
///
/// Several frames are sent before the first reply.
pub fn call(worker: &Worker, calls: &Value) -> Vec<Value> {
    let gateway = format!("ws://{}/WSGateway/", worker.host());
    let mut node = tool("node");
    node.args(["tests/support/clients/apex.mjs", &gateway, &calls.to_string()]);
    let output = node.output().unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}
