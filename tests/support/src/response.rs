//! Responses, compared with the contract.

use reqwest::{RequestBuilder, Response};
use serde_json::Value;
use uuid::Uuid;

/// The `errormsg` that belongs to an `errorcode`.
pub fn errormsg(errorcode: u64) -> Option<&'static str> {
    match errorcode {
        0 => None,
        20 => Some("Not Authorized"),
        100 => Some("Invalid Response"),
        101 => Some("Operation Failed"),
        102 => Some("Server Error"),
        104 => Some("Resource Not Found"),
        106 => Some("Operation Not Supported"),
        code => panic!("errorcode {code}"),
    }
}

/// Parses a standard response object, and compares it with the contract, byte for byte.
pub fn standard_response(text: &str) -> Value {
    let object: Value = serde_json::from_str(text).unwrap();
    let errorcode = object["errorcode"].as_u64().unwrap();
    let (result, errormsg) = (errorcode == 0, Value::from(errormsg(errorcode)));
    let detail = &object["detail"];
    let expected =
        format!(r#"{{"result":{result},"errormsg":{errormsg},"errorcode":{errorcode},"detail":{detail}}}"#);
    assert_eq!(text, expected);
    assert_eq!(detail.is_null(), result);
    object
}

/// Makes a call, and returns its standard response object.
pub async fn call(request: RequestBuilder) -> Value {
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_common_headers(&response);
    standard_response(&response.text().await.unwrap())
}

/// Makes a call, and returns its `errorcode`.
pub async fn errorcode(request: RequestBuilder) -> u64 {
    call(request).await["errorcode"].as_u64().unwrap()
}

/// Checks the status and the `errorcode` of a response by the gateway, in JSON and readable by every origin.
pub async fn assert_gateway_response(response: Response, status: u16, errorcode: u64) {
    assert_eq!(response.status(), status);
    assert_common_headers(&response);
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    assert_eq!(standard_response(&response.text().await.unwrap())["errorcode"], errorcode);
}

fn assert_common_headers(response: &Response) {
    assert_eq!(response.headers()["content-type"], "application/json; charset=utf-8");
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
}

/// The id in a response's `X-Request-Id`.
pub fn request_id(response: &Response) -> String {
    let id = response.headers()["x-request-id"].to_str().unwrap();
    assert_eq!(Uuid::try_parse(id).unwrap().to_string(), id);
    id.to_owned()
}
