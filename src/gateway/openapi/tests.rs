//! The examples of the document are what this code says. `tests/openapi` holds the whole of it against the Worker.

use std::collections::BTreeMap;

use ::http::{Request, header::ACCESS_CONTROL_ALLOW_ORIGIN};
use serde_json::Value;

use super::*;
use crate::{
    calls::{InvalidPayload, Refusal, standard_response::StandardResponse},
    gateway::{http, websocket},
    password::Violation,
    settings::InvalidSetting,
};

fn document() -> Value {
    serde_json::from_str(DOCUMENT).unwrap()
}

/// What a refusal's example is called. A variant that has none does not compile.
fn name_of_refusal(refusal: Refusal) -> String {
    match refusal {
        Refusal::Invalid(invalid) => match invalid {
            InvalidPayload::TooLarge => "BodyTooLarge".to_owned(),
            InvalidPayload::CutOff => "BodyCutOff".to_owned(),
            InvalidPayload::NotAnObject => "NotAnObject".to_owned(),
            InvalidPayload::Repeated(key) => format!("{key}Repeated"),
            InvalidPayload::Missing(key) => format!("{key}Missing"),
            InvalidPayload::Empty(key) => format!("{key}Empty"),
            InvalidPayload::ContainsNul(key) => format!("{key}WithNul"),
            InvalidPayload::NotAnInteger(key)
            | InvalidPayload::NotAString(key)
            | InvalidPayload::NotAStringOrInteger(key) => format!("{key}OfWrongType"),
            InvalidPayload::NotAGuid(key) => format!("{key}NotAGuid"),
        },
        Refusal::Misconfigured(setting) => name_of_setting(setting),
        Refusal::TooManyAttempts => "TooManyAttempts".to_owned(),
        Refusal::NotAuthorized => "NotAuthorized".to_owned(),
        Refusal::Policy(violation) => match violation {
            Violation::TooShort { .. } => "PasswordTooShort".to_owned(),
            Violation::TooLong => "PasswordTooLong".to_owned(),
            Violation::TooCommon => "PasswordTooCommon".to_owned(),
            Violation::ContainsUserName => "PasswordContainsUserName".to_owned(),
            Violation::ContainsContextWord => "PasswordContainsContextWord".to_owned(),
        },
        Refusal::UserGone => "UserGone".to_owned(),
        Refusal::Unavailable => "Unavailable".to_owned(),
        Refusal::Unclear => "Unclear".to_owned(),
    }
}

/// The same for a setting that makes no sense.
fn name_of_setting(invalid: InvalidSetting) -> String {
    match invalid {
        InvalidSetting::PasswordMinLength
        | InvalidSetting::PasswordContextWords
        | InvalidSetting::PublicUrl
        | InvalidSetting::MailFrom
        | InvalidSetting::PendingCodeTtlSeconds
        | InvalidSetting::LoginUrl
        | InvalidSetting::AuditRetentionDays
        | InvalidSetting::AllowedOrigin => format!("Misconfigured{invalid:?}"),
    }
}

fn refusals() -> Vec<Refusal> {
    use InvalidPayload::{
        ContainsNul, CutOff, Empty, Missing, NotAGuid, NotAString, NotAStringOrInteger, NotAnObject,
        Repeated, TooLarge,
    };
    let mut invalid =
        vec![TooLarge, CutOff, NotAnObject, NotAStringOrInteger("UserId"), NotAGuid("PendingCode")];
    for key in ["UserId", "Password", "PendingCode", "UserName"] {
        invalid.extend([Repeated(key), Missing(key), Empty(key), ContainsNul(key)]);
    }
    invalid.extend(["Password", "PendingCode", "UserName"].map(NotAString));
    let violations = [
        Violation::TooShort { min_length: 15 },
        Violation::TooLong,
        Violation::TooCommon,
        Violation::ContainsUserName,
        Violation::ContainsContextWord,
    ];
    let others = [
        Refusal::TooManyAttempts,
        Refusal::NotAuthorized,
        Refusal::UserGone,
        Refusal::Unavailable,
        Refusal::Unclear,
    ];
    invalid
        .into_iter()
        .map(Refusal::Invalid)
        .chain(violations.map(Refusal::Policy))
        .chain(SETTINGS.map(Refusal::Misconfigured))
        .chain(others)
        .collect()
}

const SETTINGS: [InvalidSetting; 8] = [
    InvalidSetting::PasswordMinLength,
    InvalidSetting::PasswordContextWords,
    InvalidSetting::PublicUrl,
    InvalidSetting::MailFrom,
    InvalidSetting::PendingCodeTtlSeconds,
    InvalidSetting::LoginUrl,
    InvalidSetting::AuditRetentionDays,
    InvalidSetting::AllowedOrigin,
];

/// Every answer that this code makes, by the name of its example.
fn answers() -> BTreeMap<String, Value> {
    let refusals = refusals()
        .into_iter()
        .map(|refusal| (name_of_refusal(refusal), StandardResponse::from(refusal).to_json()));
    let not_opened = |upgrade| {
        let request = Request::get("https://gateway.example/WSGateway/").header("Upgrade", upgrade);
        websocket::not_opened(&request.body(()).unwrap(), Err(InvalidSetting::AllowedOrigin))
    };
    let gateway = [
        ("NoSuchCall", http::unknown_call().into_response(None)),
        ("NotAPost", http::not_a_post().into_response(None)),
        ("NotAGet", Reply::not_a_get().into_response(None)),
        ("NotAnUpgrade", not_opened("h2c")),
        ("OriginNotAllowed", not_opened("websocket")),
    ];
    let gateway = gateway.map(|(name, response)| (name.to_owned(), response.into_body()));
    [("Success".to_owned(), StandardResponse::success().to_json())]
        .into_iter()
        .chain(refusals)
        .chain(gateway)
        .map(|(name, json)| (name, serde_json::from_str(&json).unwrap()))
        .collect()
}

#[test]
fn every_answer_has_its_example_and_every_example_is_an_answer() {
    let document = document();
    let examples: BTreeMap<String, Value> = document["components"]["examples"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, example)| (name.clone(), example["value"].clone()))
        .collect();
    let answers = answers();
    for (name, answer) in &answers {
        assert_eq!(examples.get(name), Some(answer), "{name}");
    }
    for name in examples.keys() {
        assert!(answers.contains_key(name), "nothing answers {name}");
    }
}

#[test]
fn the_document_is_of_this_version() {
    assert_eq!(document()["info"]["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn the_document_is_read_and_nothing_else() {
    for (method, status) in
        [(Method::GET, 200), (Method::HEAD, 200), (Method::POST, 405), (Method::OPTIONS, 405)]
    {
        let response = answer(&method);
        assert_eq!(response.status(), status, "{method}");
        assert_eq!(response.headers().contains_key("allow"), status == 405, "{method}");
        assert_eq!(response.headers()[ACCESS_CONTROL_ALLOW_ORIGIN], "*", "{method}");
    }
}
