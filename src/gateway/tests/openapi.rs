//! The examples in the OpenAPI document are what the code says. `tests/openapi` compares the whole document with the Worker.

use std::collections::BTreeMap;

use ::http::{HeaderValue, Request, header::UPGRADE};
use serde_json::Value;
use strum::VariantArray as _;

use crate::{
    calls::{CallError, InvalidPayload, ResetPassword2Error, ResetPasswordError},
    gateway::{
        handle,
        stub_ports::{self, StubPorts},
    },
    json_object::InvalidJson,
    outcome::Outcome,
    password::Violation,
    settings::{InvalidSetting, Setting},
    standard_response::StandardResponse,
};

const DOCUMENT: &str = include_str!("../../../assets/openapi.json");

fn document() -> Value {
    serde_json::from_str(DOCUMENT).unwrap()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

/// The name of an error's example. A variant without one doesn't compile.
fn name_of_reset_password2(error: ResetPassword2Error) -> String {
    match error {
        ResetPassword2Error::InvalidPayload(invalid) => name_of_payload(invalid),
        ResetPassword2Error::TooManyAttempts => "TooManyAttempts".to_owned(),
        ResetPassword2Error::NotAuthorized => "NotAuthorized".to_owned(),
        ResetPassword2Error::PasswordRejected(violation) => match violation {
            Violation::TooShort { .. } => "PasswordTooShort".to_owned(),
            Violation::TooLong => "PasswordTooLong".to_owned(),
            Violation::Common => "PasswordCommon".to_owned(),
            Violation::ContainsUserName => "PasswordContainsUserName".to_owned(),
            Violation::ContainsServiceName => "PasswordContainsServiceName".to_owned(),
        },
        ResetPassword2Error::UserGone => "UserGone".to_owned(),
        ResetPassword2Error::Unavailable => "Unavailable".to_owned(),
        ResetPassword2Error::Unclear => "Unclear".to_owned(),
        ResetPassword2Error::Misconfigured(InvalidSetting(setting)) => format!("Misconfigured{setting:?}"),
    }
}

fn name_of_reset_password(error: ResetPasswordError) -> String {
    match error {
        ResetPasswordError::InvalidPayload(invalid) => name_of_payload(invalid),
        ResetPasswordError::TooManyAttempts => "RequestTooManyAttempts".to_owned(),
        ResetPasswordError::Unavailable => "RequestUnavailable".to_owned(),
        ResetPasswordError::Unclear => "RequestUnclear".to_owned(),
        ResetPasswordError::Misconfigured(InvalidSetting(setting)) => {
            format!("RequestMisconfigured{setting:?}")
        }
    }
}

fn name_of_payload(invalid: InvalidPayload) -> String {
    match invalid {
        InvalidPayload::TooLarge => "BodyTooLarge".to_owned(),
        InvalidPayload::Incomplete => "BodyIncomplete".to_owned(),
        InvalidPayload::Json(invalid) => match invalid {
            InvalidJson::NotAnObject => "NotAnObject".to_owned(),
            InvalidJson::Repeated(key) => format!("{key}Repeated"),
            InvalidJson::Missing(key) => format!("{key}Missing"),
            InvalidJson::Empty(key) => format!("{key}Empty"),
            InvalidJson::ContainsNul(key) => format!("{key}WithNul"),
            InvalidJson::NotAnInteger(key)
            | InvalidJson::NotAString(key)
            | InvalidJson::NotAStringOrInteger(key) => format!("{key}OfWrongType"),
            InvalidJson::NotAGuid(key) => format!("{key}NotAGuid"),
        },
    }
}

fn payloads(keys: &[&'static str]) -> Vec<InvalidPayload> {
    let mut json = vec![InvalidJson::NotAnObject];
    for key in keys {
        json.extend([
            InvalidJson::Repeated(key),
            InvalidJson::Missing(key),
            InvalidJson::Empty(key),
            InvalidJson::ContainsNul(key),
            if *key == "UserId" {
                InvalidJson::NotAStringOrInteger(key)
            } else {
                InvalidJson::NotAString(key)
            },
        ]);
        if *key == "PendingCode" {
            json.push(InvalidJson::NotAGuid(key));
        }
    }
    let json = json.into_iter().map(InvalidPayload::Json);
    [InvalidPayload::TooLarge, InvalidPayload::Incomplete].into_iter().chain(json).collect()
}

fn settings() -> impl Iterator<Item = InvalidSetting> {
    Setting::VARIANTS.iter().copied().map(InvalidSetting)
}

fn reset_password2_errors() -> Vec<ResetPassword2Error> {
    let violations = [
        Violation::TooShort { min_length: 15 },
        Violation::TooLong,
        Violation::Common,
        Violation::ContainsUserName,
        Violation::ContainsServiceName,
    ];
    let others = [
        ResetPassword2Error::TooManyAttempts,
        ResetPassword2Error::NotAuthorized,
        ResetPassword2Error::UserGone,
        ResetPassword2Error::Unavailable,
        ResetPassword2Error::Unclear,
    ];
    payloads(&["UserId", "Password", "PendingCode"])
        .into_iter()
        .map(ResetPassword2Error::from)
        .chain(violations.map(ResetPassword2Error::from))
        .chain(settings().map(ResetPassword2Error::from))
        .chain(others)
        .collect()
}

fn reset_password_errors() -> Vec<ResetPasswordError> {
    let others =
        [ResetPasswordError::TooManyAttempts, ResetPasswordError::Unavailable, ResetPasswordError::Unclear];
    payloads(&["UserName"])
        .into_iter()
        .map(ResetPasswordError::from)
        .chain(settings().map(ResetPasswordError::from))
        .chain(others)
        .collect()
}

/// Every response that the code can return, by the name of its example.
fn responses() -> BTreeMap<String, Value> {
    let json = |error: CallError| StandardResponse::from(error).to_json();
    let of_calls = reset_password2_errors()
        .into_iter()
        .map(|error| (name_of_reset_password2(error), json(error.into())))
        .chain(
            reset_password_errors()
                .into_iter()
                .map(|error| (name_of_reset_password(error), json(error.into()))),
        );
    let of_gateway = [
        ("NoSuchCall", "POST", "/AP/NoSuchCall", None),
        ("PostOnly", "GET", "/AP/ResetPassword2", None),
        ("GetOnly", "POST", "/health", None),
        ("NotAnUpgrade", "GET", "/WSGateway", Some("h2c")),
        ("OriginNotAllowed", "GET", "/WSGateway", Some("websocket")),
    ];
    let of_gateway = of_gateway.into_iter().map(|(name, method, path, upgrade)| {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("https://gateway.example{path}"))
            .body(String::new())
            .unwrap();
        request.headers_mut().extend(upgrade.map(|to| (UPGRADE, HeaderValue::from_static(to))));
        let settings = stub_ports::settings();
        let response = block_on(handle(request, &settings, &StubPorts::default()));
        (name.to_owned(), response.into_body())
    });
    let limited = StubPorts { limited: true, ..StubPorts::default() };
    let health = Request::get("https://gateway.example/health").body(String::new()).unwrap();
    let limited = block_on(handle(health, &stub_ports::settings(), &limited)).into_body();
    [
        ("Success".to_owned(), StandardResponse::success().to_json()),
        ("HealthTooManyRequests".to_owned(), limited),
    ]
    .into_iter()
    .chain(of_calls)
    .chain(of_gateway)
    .map(|(name, json)| (name, serde_json::from_str(&json).unwrap()))
    .collect()
}

#[test]
fn every_response_has_its_example_and_every_example_is_a_response() {
    let document = document();
    let examples: BTreeMap<String, Value> = document["components"]["examples"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, example)| (name.clone(), example["value"].clone()))
        .collect();
    let responses = responses();
    for (name, response) in &responses {
        assert_eq!(examples.get(name), Some(response), "{name}");
    }
    for name in examples.keys() {
        assert!(responses.contains_key(name), "no response is {name}");
    }
}

#[test]
fn every_outcome_is_in_the_schema_of_its_header() {
    let document = document();
    let words = document["components"]["headers"]["X-Outcome"]["schema"]["enum"].as_array().unwrap();
    let outcomes: Vec<Value> = Outcome::VARIANTS.iter().map(|outcome| outcome.as_str().into()).collect();
    assert_eq!(*words, outcomes);
}

#[test]
fn the_document_has_the_version_of_the_crate() {
    assert_eq!(document()["info"]["version"], env!("CARGO_PKG_VERSION"));
}
