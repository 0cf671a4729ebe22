//! The document itself, and those answers that schemathesis does not judge: the gateway's own word.

use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::{
    schemathesis::python,
    worker,
    worker::{Account, Options, Worker, fresh_address},
};

pub(crate) const DOCUMENT: &str = include_str!("../../docs/openapi.json");

fn document() -> Value {
    serde_json::from_str(DOCUMENT).unwrap()
}

/// What an object of the document stands for: itself, or what it refers to.
fn resolved<'a>(document: &'a Value, object: &'a Value) -> &'a Value {
    match object["$ref"].as_str() {
        Some(reference) => document.pointer(&reference[1..]).unwrap_or_else(|| panic!("no {reference}")),
        None => object,
    }
}

/// A schema that may refer to others of the document.
fn validator(document: &Value, schema: &Value) -> jsonschema::Validator {
    let whole = json!({"allOf": [schema], "components": document["components"]});
    jsonschema::options().should_validate_formats(true).build(&whole).unwrap()
}

#[test]
fn it_is_valid_openapi() {
    let checked = python(&["-m", "openapi_spec_validator", "docs/openapi.json"]).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

#[tokio::test]
async fn it_is_served_as_it_is_in_the_tree() {
    let response = Client::new().get(format!("{}/openapi.json", worker().origin)).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json; charset=utf-8");
    assert_eq!(response.text().await.unwrap(), DOCUMENT);
}

/// Every example, of a request or of an answer, is one by the schema beside it.
#[test]
fn every_example_conforms_to_its_schema() {
    fn walk(document: &Value, value: &Value, checked: &mut usize) {
        if let (Some(schema), Some(examples)) = (value.get("schema"), value["examples"].as_object()) {
            let validator = validator(document, schema);
            for (name, example) in examples {
                let value = &resolved(document, example)["value"];
                validator.validate(value).unwrap_or_else(|error| panic!("{name}: {error}"));
                *checked += 1;
            }
        }
        match value {
            Value::Object(members) => members.values().for_each(|value| walk(document, value, checked)),
            Value::Array(items) => items.iter().for_each(|value| walk(document, value, checked)),
            _ => {}
        }
    }
    let document = document();
    let mut checked = 0;
    walk(&document, &document, &mut checked);
    assert!(checked >= document["components"]["examples"].as_object().unwrap().len(), "{checked}");
}

/// Headers of the transport, of the observer, and one that is described as the media type.
const NOT_DESCRIBED: [&str; 6] = [
    "connection",
    "content-length",
    "content-type",
    "test-operations",
    "test-rows-read",
    "transfer-encoding",
];

/// That an answer has the headers that the document gives it, and no others, and is one of its examples; or, where times
/// are in it, of their form.
async fn is_described(document: &Value, response: Response, method: &str, path: &str, status: u16) {
    let what = format!("{method} {path} {status}");
    assert_eq!(response.status(), status, "{what}");
    let description = resolved(document, &document["paths"][path][method]["responses"][status.to_string()]);
    for (name, header) in description["headers"].as_object().unwrap() {
        let header = resolved(document, header);
        match response.headers().get(name) {
            Some(value) => {
                let value = json!(value.to_str().unwrap());
                assert!(validator(document, &header["schema"]).is_valid(&value), "{what}: {name}: {value}");
            }
            None => panic!("{what}: no {name}"),
        }
    }
    for name in response.headers().keys().filter(|name| !NOT_DESCRIBED.contains(&name.as_str())) {
        let mut described = description["headers"].as_object().unwrap().keys();
        assert!(
            described.any(|described| described.eq_ignore_ascii_case(name.as_str())),
            "{what}: {name} is not described"
        );
    }
    assert_eq!(response.headers()["content-type"], "application/json; charset=utf-8", "{what}");
    let answer: Value = response.json().await.unwrap();
    let content = &description["content"]["application/json"];
    assert!(validator(document, &content["schema"]).is_valid(&answer), "{what}: {answer}");
    if path == "/health" && status != 405 {
        return;
    }
    let examples = content["examples"].as_object().unwrap();
    let mut examples = examples.values().map(|example| &resolved(document, example)["value"]);
    assert!(examples.any(|example| *example == answer), "{what}: {answer}");
}

#[tokio::test]
async fn the_gateways_own_word_is_described() {
    let (worker, document) = (worker(), document());
    let at = |path: &str| format!("{}{path}", worker.origin);
    for call in ["/AP/ResetPassword", "/AP/ResetPassword2"] {
        let cases: [(RequestBuilder, u16); 3] = [
            (Client::new().post(at(&format!("{call}3"))), 404),
            (Client::new().put(at(call)), 405),
            (Client::new().post(at(call)).body(" ".repeat(16 * 1024 + 1)), 413),
        ];
        for (request, status) in cases {
            is_described(&document, request.send().await.unwrap(), "post", call, status).await;
        }
    }
    for path in ["/openapi.json", "/health", "/WSGateway/"] {
        let put = Client::new().put(at(path)).send().await.unwrap();
        is_described(&document, put, "get", path, 405).await;
    }
    let get = Client::new().get(at("/WSGateway/")).send().await.unwrap();
    is_described(&document, get, "get", "/WSGateway/", 426).await;
    let unhealthy = Client::new().get(at("/health")).header("Test-Fault", "kv:fail").send().await.unwrap();
    is_described(&document, unhealthy, "get", "/health", 503).await;
    let healthy = Client::new().get(at("/health")).send().await.unwrap();
    is_described(&document, healthy, "get", "/health", 200).await;

    let vars = ["ALLOWED_ORIGIN:https://exchange.example"];
    let closed = Worker::start(&Options { name: "closed", vars: &vars, ..Options::DEFAULT });
    let gateway = Client::new().get(format!("{}/WSGateway/", closed.origin)).header("Upgrade", "websocket");
    let another = gateway.header("Origin", "https://evil.example").send().await.unwrap();
    is_described(&document, another, "get", "/WSGateway/", 403).await;

    // The local runtime counts by minutes of the clock: so many calls are too many, whichever minutes they fall in.
    let address = fresh_address();
    for _ in 0..=120 {
        let call = Client::new().post(worker.call()).header("CF-Connecting-IP", &address);
        let response = call.body(Account::new().payload("x")).send().await.unwrap();
        if response.status() != 200 {
            return is_described(&document, response, "post", "/AP/ResetPassword2", 429).await;
        }
    }
    panic!("no call was limited");
}
