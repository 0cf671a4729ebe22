//! The standard response object, as docs/contract.md, section 1, describes it.

use serde_json::Value;

/// Every outcome, with its error code and the text of the error.
const OUTCOMES: [(&str, u64, Option<&str>); 15] = [
    ("done", 0, None),
    ("invalid", 100, Some("Invalid Response")),
    ("too_many_attempts", 101, Some("Operation Failed")),
    ("not_authorized", 20, Some("Not Authorized")),
    ("password_too_short", 101, Some("Operation Failed")),
    ("password_too_long", 101, Some("Operation Failed")),
    ("password_common", 101, Some("Operation Failed")),
    ("password_contains_user_name", 101, Some("Operation Failed")),
    ("password_contains_service_name", 101, Some("Operation Failed")),
    ("user_gone", 104, Some("Resource Not Found")),
    ("unavailable", 102, Some("Server Error")),
    ("unclear", 102, Some("Server Error")),
    ("misconfigured", 102, Some("Server Error")),
    ("unknown_call", 106, Some("Operation Not Supported")),
    ("method_not_allowed", 106, Some("Operation Not Supported")),
];

/// Checks that this is a standard response object for the outcome, with its keys in order.
pub(super) fn assert_standard(json: &str, outcome: &str) {
    let object: Value = serde_json::from_str(json).unwrap();
    let (_, code, message) =
        OUTCOMES.into_iter().find(|(word, ..)| *word == outcome).expect("a documented outcome");
    assert_eq!(object["errorcode"], code, "{json} {outcome}");
    assert_eq!(object["errormsg"].as_str(), message, "{json} {outcome}");
    assert_eq!(object["result"], code == 0, "{json} {outcome}");
    assert_eq!(object["detail"].is_string(), code != 0, "{json} {outcome}");
    let [result, message, detail] = ["result", "errormsg", "detail"].map(|key| &object[key]);
    let in_order =
        format!(r#"{{"result":{result},"errormsg":{message},"errorcode":{code},"detail":{detail}}}"#);
    assert_eq!(json, in_order);
}
