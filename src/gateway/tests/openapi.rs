//! The OpenAPI document describes exactly the standard responses that the code can return. `tests/openapi` compares the
//! document with the Worker.

use std::collections::{BTreeMap, BTreeSet};

use ::http::{HeaderValue, Request, Response, header::UPGRADE};
use serde_json::Value;
use strum::{IntoEnumIterator, VariantArray as _};

use crate::{
    call_name::CallName,
    calls::{InvalidPayload, MAX_PAYLOAD_BYTES},
    gateway::{
        dispatch::failures,
        handle, response_after_panic,
        stub_ports::{Endless, StubPorts, settings},
    },
    json_object::InvalidJson,
    outcome::Outcome,
    password::Violation,
    ports::RequestBody,
    settings::{InvalidSetting, Setting},
    standard_response::StandardResponse,
};

const DOCUMENT: &str = include_str!("../../../assets/openapi.json");

fn document() -> Value {
    serde_json::from_str(DOCUMENT).unwrap()
}

/// A response that the code returned: the status, the word in `X-Outcome`, and the body.
struct Returned {
    status: u16,
    outcome: String,
    body: Value,
}

impl From<Response<String>> for Returned {
    fn from(response: Response<String>) -> Self {
        Self {
            status: response.status().as_u16(),
            outcome: response.headers()["x-outcome"].to_str().unwrap().to_owned(),
            body: serde_json::from_str(response.body()).unwrap(),
        }
    }
}

/// The standard responses of an operation, by status: the words in `X-Outcome`, and the bodies.
type Summary = BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)>;

fn summary(responses: &[Returned]) -> Summary {
    let mut summary = Summary::new();
    for response in responses {
        let (words, bodies) = summary.entry(response.status.to_string()).or_default();
        words.insert(response.outcome.clone());
        bodies.insert(response.body.to_string());
    }
    summary
}

/// The responses that the document describes.
fn described(document: &Value, path: &str, method: &str) -> Summary {
    let resolve = |object: &Value| match object["$ref"].as_str() {
        Some(reference) => document.pointer(&reference[1..]).unwrap().clone(),
        None => object.clone(),
    };
    let mut described = Summary::new();
    for (status, response) in document["paths"][path][method]["responses"].as_object().unwrap() {
        let response = resolve(response);
        let schema = &response["headers"]["X-Outcome"]["schema"];
        let words = schema["enum"].as_array().cloned().or_else(|| Some(vec![schema.get("const")?.clone()]));
        // The other responses aren't standard response objects.
        let Some(words) = words else { continue };
        let words = words.iter().map(|word| word.as_str().unwrap().to_owned()).collect();
        let examples = response["content"]["application/json"]["examples"].as_object().unwrap();
        let bodies = examples.values().map(|example| resolve(example)["value"].to_string()).collect();
        described.insert(status.clone(), (words, bodies));
    }
    described
}

/// The errors of a call. One invalid setting stands for all.
pub(in crate::gateway) fn errors<E>(payloads: &[InvalidPayload]) -> impl Iterator<Item = E>
where
    E: IntoEnumIterator + From<InvalidPayload> + From<InvalidSetting>,
{
    let payloads = payloads.iter().copied().map(E::from);
    E::iter().chain(payloads).chain([E::from(InvalidSetting(Setting::VARIANTS[0]))])
}

/// All violations, with the default of `PASSWORD_MIN_LENGTH`.
pub(in crate::gateway) fn violations() -> impl Iterator<Item = Violation> {
    Violation::iter().map(|mut violation| {
        if let Violation::TooShort { min_length } = &mut violation {
            *min_length = 15;
        }
        violation
    })
}

/// The errors of the payload that the schema of a call allows for. Bodies that are too large or too slow are rejected
/// before that, by the gateway.
fn payloads(document: &Value, call: CallName) -> Vec<InvalidPayload> {
    let mut json = vec![InvalidJson::NotAnObject];
    let keys = document["components"]["schemas"][call.as_str()]["properties"].as_object();
    for (key, schema) in keys.unwrap_or_else(|| panic!("{call:?} has no schema")) {
        let key: &'static str = key.clone().leak();
        json.extend([
            InvalidJson::Repeated(key),
            InvalidJson::Missing(key),
            InvalidJson::Empty(key),
            InvalidJson::ContainsNul(key),
            if schema["type"] == "string" {
                InvalidJson::NotAString(key)
            } else {
                InvalidJson::NotAStringOrInteger(key)
            },
        ]);
        if schema["pattern"].as_str().is_some_and(|pattern| pattern.contains("[0-9A-Fa-f]{32}")) {
            json.push(InvalidJson::NotAGuid(key));
        }
    }
    json.into_iter().map(InvalidPayload::Json).chain([InvalidPayload::Incomplete]).collect()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn request<B>(method: &str, path: &str, body: B) -> Request<B> {
    Request::builder().method(method).uri(format!("https://gateway.example{path}")).body(body).unwrap()
}

fn respond(request: Request<impl RequestBody>, ports: &StubPorts) -> Response<String> {
    block_on(handle(request, &settings(), ports))
}

/// The responses that the code can return to a call.
fn responses_to_call(document: &Value, call: CallName) -> Vec<Returned> {
    let of_call = failures(call, &payloads(document, call)).into_iter().chain([StandardResponse::success()]);
    let of_call = of_call.map(|response| Returned {
        status: if response.outcome() == Outcome::TooManyAttempts { 429 } else { 200 },
        outcome: response.outcome().as_str().to_owned(),
        body: serde_json::from_str(&response.to_json()).unwrap(),
    });
    let path = format!("/AP/{}", call.as_str());
    let of_gateway = [
        request("POST", "/AP/NoSuchCall", String::new()),
        request("GET", &path, String::new()),
        request("POST", &path, " ".repeat(MAX_PAYLOAD_BYTES + 1)),
    ];
    let of_gateway = of_gateway.map(|request| respond(request, &StubPorts::default()).into());
    let too_slow = respond(request("POST", &path, Endless), &StubPorts::default()).into();
    of_call.chain(of_gateway).chain([too_slow]).collect()
}

/// The standard responses that the code can return to a health check.
fn responses_to_health_check() -> Vec<Returned> {
    let limited = StubPorts { health_limited: true, ..StubPorts::default() };
    ["POST", "GET"].map(|method| respond(request(method, "/health", String::new()), &limited).into()).into()
}

/// The responses that the code can return to a request that opens no WebSocket.
fn responses_at_websocket() -> Vec<Returned> {
    let get = |upgrade: Option<&'static str>| {
        let mut request = request("GET", "/WSGateway/", String::new());
        request.headers_mut().extend(upgrade.map(|to| (UPGRADE, HeaderValue::from_static(to))));
        request
    };
    let ports = StubPorts::default();
    [
        respond(request("POST", "/WSGateway/", String::new()), &ports),
        respond(get(None), &ports),
        respond(get(Some("h2c")), &ports),
        // A WebSocket that may be opened doesn't come here.
        respond(get(Some("websocket")), &ports),
        response_after_panic(&get(Some("websocket"))),
    ]
    .map(Returned::from)
    .into()
}

/// All standard responses, by operation.
fn all_responses(document: &Value) -> Vec<(String, &'static str, Vec<Returned>)> {
    let to_call =
        |call: &CallName| (format!("/AP/{}", call.as_str()), "post", responses_to_call(document, *call));
    let of_gateway = [
        ("/health".to_owned(), "get", responses_to_health_check()),
        ("/WSGateway/".to_owned(), "get", responses_at_websocket()),
    ];
    CallName::VARIANTS.iter().map(to_call).chain(of_gateway).collect()
}

#[test]
fn every_response_is_described_and_every_description_is_a_response() {
    let document = document();
    for (path, method, responses) in all_responses(&document) {
        let (returned, described) = (summary(&responses), described(&document, &path, method));
        assert!(returned.keys().eq(described.keys()), "{method} {path}");
        for (status, (words, bodies)) in &returned {
            let (described_words, described_bodies) = &described[status];
            assert_eq!(words, described_words, "{method} {path}: {status}");
            let differ: Vec<_> = bodies.symmetric_difference(described_bodies).collect();
            assert!(differ.is_empty(), "{method} {path}: {status}: {differ:#?}");
        }
    }
    for name in document["components"]["examples"].as_object().unwrap().keys() {
        assert!(DOCUMENT.contains(&format!("\"#/components/examples/{name}\"")), "{name} is not used");
    }
}

#[test]
fn every_outcome_is_in_the_schema_of_its_header_and_in_the_contract() {
    let document = document();
    let responses = all_responses(&document).into_iter().flat_map(|(_, _, responses)| responses);
    let outcomes: BTreeMap<_, _> =
        responses.map(|response| (response.outcome, response.body["errorcode"].clone())).collect();

    let header = &document["components"]["headers"]["X-Outcome"];
    let described = header["schema"]["enum"].as_array().unwrap();
    assert_eq!(described.len(), outcomes.len(), "{described:?}");
    let contract = include_str!("../../../docs/contract.md");
    let table = contract.split_once("| `X-Outcome` |").unwrap().1.split_once("\n\n").unwrap().0;
    assert_eq!(table.matches("\n| `").count(), outcomes.len(), "{table}");
    for (word, errorcode) in outcomes {
        assert!(described.contains(&word.as_str().into()), "{word}");
        let description = format!("- `{word}` ({errorcode}): ");
        assert!(header["description"].as_str().unwrap().contains(&description), "{description}");
        assert!(table.contains(&format!("\n| `{word}` | {errorcode} | ")), "{word}");
    }
}

#[test]
fn the_document_has_the_version_of_the_crate() {
    assert_eq!(document()["info"]["version"], env!("CARGO_PKG_VERSION"));
}
