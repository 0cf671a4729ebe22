//! The document itself.

use serde_json::{Value, json};
use test_support::{python::python, worker::Worker};

/// The document, as it is in the tree.
pub(crate) const TEXT: &str = include_str!("../../assets/openapi.json");

/// The document, parsed.
pub(crate) fn parse() -> Value {
    serde_json::from_str(TEXT).unwrap()
}

/// The paths of the calls.
pub(crate) fn calls(document: &Value) -> Vec<String> {
    let paths = document["paths"].as_object().unwrap().keys();
    paths.filter(|path| path.starts_with("/AP/")).cloned().collect()
}

/// The object that a reference refers to; any other object itself.
pub(crate) fn resolve<'a>(document: &'a Value, object: &'a Value) -> &'a Value {
    match object["$ref"].as_str() {
        Some(reference) => document.pointer(&reference[1..]).unwrap_or_else(|| panic!("no {reference}")),
        None => object,
    }
}

/// A validator for a schema, which may refer to other schemas of the document.
pub(crate) fn validator(document: &Value, schema: &Value) -> jsonschema::Validator {
    let whole = json!({"allOf": [schema], "components": document["components"]});
    jsonschema::options().should_validate_formats(true).build(&whole).unwrap()
}

#[test]
fn the_document_is_valid_openapi() {
    let checked =
        python("openapi", &["-m", "openapi_spec_validator", "assets/openapi.json"]).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

#[tokio::test]
async fn the_worker_serves_the_document() {
    let response = Worker::shared().get("/openapi.json").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    assert_eq!(response.text().await.unwrap(), TEXT);
}

/// The examples are those of requests and of responses.
#[test]
fn every_example_conforms_to_its_schema() {
    fn walk(document: &Value, value: &Value, checked: &mut usize) {
        if let (Some(schema), Some(examples)) = (value.get("schema"), value["examples"].as_object()) {
            let validator = validator(document, schema);
            for (name, example) in examples {
                let value = &resolve(document, example)["value"];
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
    let document = parse();
    let mut checked = 0;
    walk(&document, &document, &mut checked);
    assert!(checked >= document["components"]["examples"].as_object().unwrap().len(), "{checked}");
}
