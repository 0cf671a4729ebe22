//! The responses of the gateway itself, which schemathesis doesn't check: each is compared with its description.

use reqwest::{Method, Response};
use serde_json::{Value, json};
use test_support::{
    account::Account,
    http::{RESET_PASSWORD2, fresh_address},
    observer::{OPERATIONS, ROWS_READ},
    worker::{Options, Worker},
};

use crate::document::{self, resolve, validator};

/// Headers of the transport and of the observer, and one that is described as the media type.
const NOT_DESCRIBED: [&str; 6] =
    ["connection", "content-length", "content-type", OPERATIONS, ROWS_READ, "transfer-encoding"];

/// Checks that the response to `method` at `path` has exactly the headers of its description, and one of the examples as its
/// body. If the body contains times, it only has to conform to the schema.
async fn assert_described(response: Response, method: &str, path: &str, status: u16) {
    let what = format!("{method} {path} {status}");
    assert_eq!(response.status(), status, "{what}");
    let document = document::parse();
    let description = resolve(&document, &document["paths"][path][method]["responses"][status.to_string()]);
    assert_headers_described(&document, description, &response, &what);

    assert_eq!(response.headers()["content-type"], "application/json; charset=utf-8", "{what}");
    let body: Value = response.json().await.unwrap();
    let content = &description["content"]["application/json"];
    assert!(validator(&document, &content["schema"]).is_valid(&body), "{what}: {body}");
    if path == "/health" && status != 405 {
        return;
    }
    let examples = content["examples"].as_object().unwrap();
    let mut examples = examples.values().map(|example| &resolve(&document, example)["value"]);
    assert!(examples.any(|example| *example == body), "{what}: {body}");
}

fn assert_headers_described(document: &Value, description: &Value, response: &Response, what: &str) {
    let described = description["headers"].as_object().unwrap();
    for (name, header) in described {
        let value = response.headers().get(name).unwrap_or_else(|| panic!("{what}: no {name}"));
        let value = json!(value.to_str().unwrap());
        let schema = &resolve(document, header)["schema"];
        assert!(validator(document, schema).is_valid(&value), "{what}: {name}: {value}");
    }
    for name in response.headers().keys().filter(|name| !NOT_DESCRIBED.contains(&name.as_str())) {
        let is_described = described.keys().any(|described| described.eq_ignore_ascii_case(name.as_str()));
        assert!(is_described, "{what}: {name} is not described");
    }
}

#[tokio::test]
async fn each_response_of_the_gateway_is_described() {
    let worker = Worker::shared();
    for call in document::calls(&document::parse()) {
        let call = &call;
        let too_large = worker.request(Method::POST, call).body(" ".repeat(16 * 1024 + 1));
        for (request, status) in [
            (worker.request(Method::POST, &format!("{call}3")), 404),
            (worker.request(Method::PUT, call), 405),
            (too_large, 413),
        ] {
            assert_described(request.send().await.unwrap(), "post", call, status).await;
        }
    }
    for (request, path, status) in [
        (worker.request(Method::PUT, "/health"), "/health", 405),
        (worker.request(Method::PUT, "/WSGateway/"), "/WSGateway/", 405),
        (worker.get("/WSGateway/"), "/WSGateway/", 426),
        (Worker::without_schema().get("/health"), "/health", 503),
        (worker.get("/health"), "/health", 200),
    ] {
        assert_described(request.send().await.unwrap(), "get", path, status).await;
    }
}

#[tokio::test]
async fn the_rejection_of_an_origin_is_described() {
    let vars = ["ALLOWED_ORIGIN:https://exchange.example"];
    let worker = Worker::start(&Options { vars: &vars, ..Options::new("closed") });
    let request = worker.get("/WSGateway/").header("Upgrade", "websocket");
    let response = request.header("Origin", "https://evil.example").send().await.unwrap();
    assert_described(response, "get", "/WSGateway/", 403).await;
}

#[tokio::test]
async fn the_rate_limit_is_described() {
    let worker = Worker::shared();
    let address = fresh_address();
    // At least one more than twice the allowed number, since a minute may end in between.
    for _ in 0..=120 {
        let call = worker.post_from(&address, RESET_PASSWORD2).body(Account::new().payload("x"));
        let response = call.send().await.unwrap();
        if response.status() != 200 {
            return assert_described(response, "post", RESET_PASSWORD2, 429).await;
        }
    }
    panic!("no call was limited");
}
