//! The KV namespace, through REST.

use serde_json::Value;
use test_support::worker::Worker;

/// The URL of the namespace in Cloudflare's REST API, as `kv_rest_api.mjs` serves it.
pub(crate) fn rest_api(worker: &Worker) -> String {
    worker.url("/client/v4/accounts/1/storage/kv/namespaces/2")
}

/// The URL of the namespace in wrangler's Local Explorer, which has the same API.
pub(crate) fn explorer(worker: &Worker) -> String {
    worker.url("/cdn-cgi/local/explorer/api/storage/kv/namespaces/PENDING_CODES")
}

/// An entry.
pub(crate) async fn entry(worker: &Worker, key: &str) -> Value {
    let url = format!("{}/values/{}", explorer(worker), key.replace(':', "%3A"));
    reqwest::get(url).await.unwrap().json().await.unwrap()
}

/// When KV will remove an entry, in Unix seconds.
pub(crate) async fn expiration(worker: &Worker, key: &str) -> Option<u64> {
    let url = format!("{}/keys", explorer(worker));
    let listed: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    let keys = listed["result"].as_array().unwrap();
    keys.iter().find(|entry| entry["name"] == key).expect(key)["expiration"].as_u64()
}

/// Checks that nothing was written to KV. The Worker may still be removing a used code.
pub(crate) async fn assert_no_other_keys(worker: &Worker, before: &[String]) {
    let keys = worker.keys().await;
    assert!(keys.iter().all(|key| before.contains(key)), "{keys:?}");
}
