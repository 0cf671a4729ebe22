//! The checks.

use http::Method;
use serde_json::{Value, json};

use crate::{
    report::Report,
    secrets::Secrets,
    site::{Response, Site},
};

const RESET_PASSWORD: &str = "/AP/ResetPassword";
const RESET_PASSWORD2: &str = "/AP/ResetPassword2";
const HTML: (&str, &str) = ("Accept", "text/html");

/// The headers of every response, and what each must contain.
const HEADERS_OF_ALL: [(&str, &str); 3] = [
    ("content-security-policy", "frame-ancestors 'none'"),
    ("strict-transport-security", "max-age=31536000"),
    ("x-content-type-options", "nosniff"),
];

/// The headers of every page and redirect, in addition.
const HEADERS_OF_PAGES: [(&str, &str); 4] = [
    ("cache-control", "no-store"),
    ("content-security-policy", "default-src 'none'; script-src 'self'; style-src 'self'"),
    ("permissions-policy", "camera=()"),
    ("referrer-policy", "no-referrer"),
];

/// The headers of every JSON response of the Worker, in addition.
const HEADERS_OF_JSON: [(&str, &str); 4] = [
    ("access-control-allow-origin", ""),
    ("access-control-expose-headers", "X-Outcome"),
    ("cache-control", "no-store"),
    ("content-type", "application/json; charset=utf-8"),
];

/// A request, and what its response must be.
struct Check<'a> {
    name: &'a str,
    request: (Method, &'a str),
    headers: &'a [(&'a str, &'a str)],
    body: String,
    status: u16,
    /// Further headers, and what each must contain.
    expected: &'a [(&'a str, &'a str)],
    kind: Kind,
}

/// What a response is.
#[derive(Clone, Copy)]
enum Kind {
    Page,
    Redirect,
    File,
    /// A standard response object with this errorcode.
    Standard(u64),
    Preflight,
    Health,
    OpenApi,
}

/// Makes every check.
pub(crate) async fn check_all(site: &Site, report: &mut Report) {
    let secrets = Secrets::new();
    let mut leaks = Vec::new();
    let mut searched = 0;
    for check in checks(&secrets) {
        let result = match site
            .send(check.request.0.clone(), check.request.1, check.headers, &check.body)
            .await
        {
            Ok(response) => {
                searched += 1;
                leaks.extend(secrets.find_in(&response).map(|secret| format!("{secret} in: {}", check.name)));
                check.judge(&response)
            }
            Err(error) => Err(error),
        };
        report.add(check.name, result);
    }

    let name = "refused: call over a WebSocket";
    let frame = json!({"m": 0, "i": 4, "n": "ResetPassword2", "o": payload(&secrets)}).to_string();
    let reply = site.send_frame("/WSGateway/", frame).await;
    searched += usize::from(reply.is_ok());
    let secret = reply.as_ref().ok().and_then(|reply| secrets.find_in_text(reply));
    leaks.extend(secret.map(|secret| format!("{secret} in: {name}")));
    report.add(name, reply.and_then(|reply| judge_reply(&reply)));

    let no_secret = if searched == 0 {
        Err("there was no response to search".to_owned())
    } else if leaks.is_empty() {
        Ok("no password, code, hash or cookie".to_owned())
    } else {
        Err(leaks.join("; "))
    };
    report.add("no secret in any response", no_secret);
}

/// A call that is well-formed, but has a code that nobody has issued.
fn payload(secrets: &Secrets) -> String {
    json!({"UserId": "smoke-test", "Password": secrets.password, "PendingCode": secrets.code}).to_string()
}

#[expect(clippy::too_many_lines, reason = "it is a table")]
fn checks(secrets: &Secrets) -> Vec<Check<'static>> {
    let (get, post) = (Method::GET, Method::POST);
    let payload = payload(secrets);
    let form = format!(
        "UserId=smoke-test&PendingCode={}&Password={}",
        secrets.code,
        secrets.password.replace(' ', "+")
    );
    let check = |name, request, status, kind| Check {
        name,
        request,
        headers: &[],
        body: String::new(),
        status,
        expected: &[],
        kind,
    };
    let page = |name, path| Check { headers: &[HTML], ..check(name, (get.clone(), path), 200, Kind::Page) };
    let redirect = |name, path| Check {
        expected: &[("location", "/forgotPassword")],
        ..check(name, (get.clone(), path), 302, Kind::Redirect)
    };
    let file = |name, path, expected| Check { expected, ..check(name, (get.clone(), path), 200, Kind::File) };
    let refused = |name, request, body, status, errorcode, expected| Check {
        body,
        expected,
        ..check(name, request, status, Kind::Standard(errorcode))
    };
    vec![
        check("health", (get.clone(), "/health"), 200, Kind::Health),
        page("page: /resetPassword", "/resetPassword"),
        page("page: /resetPassword.html", "/resetPassword.html"),
        page("page: /passwordChanged", "/passwordChanged"),
        page("page: /forgotPassword", "/forgotPassword"),
        page("page: /linkRequested", "/linkRequested"),
        redirect("redirect: /", "/"),
        redirect("redirect: /.well-known/change-password", "/.well-known/change-password"),
        file("file: /page.css", "/page.css", &[("content-type", "text/css")]),
        file("file: /page.js", "/page.js", &[("content-type", "text/javascript")]),
        file("file: /icon.svg", "/icon.svg", &[("content-type", "image/svg+xml")]),
        Check {
            expected: &[("access-control-allow-origin", "*"), ("content-type", "application/json")],
            ..check("file: /openapi.json", (get.clone(), "/openapi.json"), 200, Kind::OpenApi)
        },
        Check {
            headers: &[HTML],
            ..check("unknown path, to a browser", (get.clone(), "/smoke-test"), 404, Kind::Page)
        },
        refused(
            "unknown path, to a program",
            (get.clone(), "/smoke-test"),
            String::new(),
            404,
            106,
            &[("x-outcome", "unknown_call")],
        ),
        refused(
            "unknown call",
            (post.clone(), "/AP/SmokeTest"),
            payload.clone(),
            404,
            106,
            &[("x-outcome", "unknown_call")],
        ),
        Check {
            headers: &[("Origin", "https://smoke-test.example"), ("Access-Control-Request-Method", "POST")],
            expected: &[("access-control-allow-methods", "POST")],
            ..check("preflight", (Method::OPTIONS, RESET_PASSWORD2), 204, Kind::Preflight)
        },
        refused(
            "refused: call with a JSON body",
            (post.clone(), RESET_PASSWORD2),
            payload.clone(),
            200,
            20,
            &[("x-outcome", "not_authorized")],
        ),
        refused(
            "refused: call without a payload",
            (post.clone(), RESET_PASSWORD2),
            String::new(),
            200,
            100,
            &[("x-outcome", "invalid")],
        ),
        refused(
            "refused: call that is too large",
            (post.clone(), RESET_PASSWORD2),
            format!("{payload:16385}"),
            413,
            100,
            &[("x-outcome", "invalid")],
        ),
        refused(
            "refused: call as a GET",
            (get.clone(), RESET_PASSWORD2),
            String::new(),
            405,
            106,
            &[("allow", "POST, OPTIONS"), ("x-outcome", "method_not_allowed")],
        ),
        refused(
            "refused: request for an e-mail without a name",
            (post.clone(), RESET_PASSWORD),
            "{}".to_owned(),
            200,
            100,
            &[("x-outcome", "invalid")],
        ),
        Check {
            headers: &[HTML],
            body: form,
            expected: &[("x-outcome", "not_authorized")],
            ..check("refused: form for a new password", (post.clone(), "/resetPassword"), 422, Kind::Page)
        },
        Check {
            headers: &[HTML],
            body: "UserName=".to_owned(),
            expected: &[("x-outcome", "invalid")],
            ..check("refused: form for an e-mail without a name", (post, "/forgotPassword"), 422, Kind::Page)
        },
        refused(
            "refused: WebSocket gateway without a WebSocket",
            (get, "/WSGateway/"),
            String::new(),
            426,
            106,
            &[("x-outcome", "method_not_allowed")],
        ),
    ]
}

impl Check<'_> {
    /// Compares a response with what it must be.
    fn judge(&self, response: &Response) -> Result<String, String> {
        let Response { status, body, .. } = response;
        if *status != self.status {
            let shown: String = body.chars().take(100).collect();
            return Err(format!("status {status} instead of {}: {shown}", self.status));
        }
        let of_kind: &[_] = match self.kind {
            Kind::Page | Kind::Redirect => &HEADERS_OF_PAGES,
            Kind::Standard(_) | Kind::Health | Kind::Preflight => &HEADERS_OF_JSON,
            Kind::File | Kind::OpenApi => &[],
        };
        for (name, contains) in HEADERS_OF_ALL.iter().chain(of_kind).chain(self.expected) {
            let value = response.header(name);
            if value.is_empty() || !value.contains(contains) {
                return Err(format!("{name}: {value:?} does not contain {contains:?}"));
            }
        }
        let found = match self.kind {
            Kind::Page => judge_page(response),
            Kind::Standard(errorcode) => judge_standard_response(body, errorcode),
            Kind::Health => judge_health(body),
            Kind::OpenApi => judge_openapi(body),
            Kind::Redirect => Ok(response.header("location").to_owned()),
            Kind::File => Ok(response.header("content-type").to_owned()),
            Kind::Preflight => Ok(format!("origin {}", response.header("access-control-allow-origin"))),
        };
        found.map(|found| format!("{status}, {found}"))
    }
}

fn judge_page(response: &Response) -> Result<String, String> {
    let content_type = response.header("content-type");
    if content_type != "text/html; charset=utf-8" {
        return Err(format!("content-type: {content_type:?}"));
    }
    let title = response.body.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
    title.map(|(title, _)| title.to_owned()).ok_or_else(|| "the page has no title".to_owned())
}

fn parse(json: &str) -> Result<Value, String> {
    serde_json::from_str(json).map_err(|error| format!("not JSON: {error}"))
}

fn judge_standard_response(json: &str, errorcode: u64) -> Result<String, String> {
    let object = parse(json)?;
    let keys: Vec<_> = object.as_object().into_iter().flat_map(serde_json::Map::keys).collect();
    if !["result", "errormsg", "errorcode", "detail"].iter().all(|key| object.get(key).is_some())
        || keys.len() != 4
    {
        return Err(format!("not a standard response object: {json}"));
    }
    if object["errorcode"] != errorcode || object["result"] != false {
        return Err(format!(
            "errorcode {} instead of {errorcode}: {}",
            object["errorcode"], object["detail"]
        ));
    }
    Ok(format!("{errorcode} {}", object["errormsg"].as_str().unwrap_or_default()))
}

fn judge_reply(frame: &str) -> Result<String, String> {
    let reply = parse(frame)?;
    if [&reply["m"], &reply["i"], &reply["n"]] != [&json!(1), &json!(4), &json!("ResetPassword2")] {
        return Err(format!("not a reply to the call: {frame}"));
    }
    let payload = reply["o"].as_str().ok_or_else(|| format!("no payload: {frame}"))?;
    judge_standard_response(payload, 20).map(|found| format!("reply, {found}"))
}

fn judge_health(json: &str) -> Result<String, String> {
    let health = parse(json)?;
    let ms = |part: &str| format!("{part} {} ms", health[part]["ms"]);
    if health["healthy"] == true {
        Ok(format!("healthy: {}", ["kv", "d1", "queue"].map(ms).join(", ")))
    } else {
        Err(format!("not healthy: {json}"))
    }
}

fn judge_openapi(json: &str) -> Result<String, String> {
    let document = parse(json)?;
    match (document["info"]["version"].as_str(), document["paths"].get(RESET_PASSWORD2)) {
        (Some(version), Some(_)) => Ok(format!("version {version}")),
        _ => Err("the document does not describe the call".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    /// The response that a check of a call expects, with a change.
    fn judged(change: impl FnOnce(&mut Response)) -> Result<String, String> {
        let secrets = Secrets::new();
        let check = checks(&secrets)
            .into_iter()
            .find(|check| check.name == "refused: call with a JSON body")
            .unwrap();
        let expected = HEADERS_OF_ALL.iter().chain(&HEADERS_OF_JSON).chain(check.expected);
        let headers = expected.map(|&(name, value)| {
            let value = if value.is_empty() { "*" } else { value };
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        });
        let body = r#"{"result":false,"errormsg":"Not Authorized","errorcode":20,"detail":"…"}"#.to_owned();
        let mut response = Response { status: 200, headers: headers.collect(), body };
        change(&mut response);
        check.judge(&response)
    }

    #[test]
    fn whatever_is_wrong_with_a_response_is_named() {
        assert_eq!(judged(|_| {}), Ok("200, 20 Not Authorized".to_owned()));
        for (name, _) in HEADERS_OF_ALL.iter().chain(&HEADERS_OF_JSON).chain(&[("x-outcome", "")]) {
            let problem = judged(|response| drop(response.headers.remove(*name))).unwrap_err();
            assert!(problem.starts_with(name), "{problem}");
        }
        let problem = judged(|response| response.status = 500).unwrap_err();
        assert!(problem.starts_with("status 500 instead of 200: {"), "{problem}");
        for (body, problem) in [
            ("<html>", "not JSON: "),
            ("[]", "not a standard response object: "),
            (
                r#"{"result":false,"errormsg":"","errorcode":20,"detail":"","more":1}"#,
                "not a standard response object",
            ),
            (r#"{"result":true,"errormsg":null,"errorcode":0,"detail":null}"#, "errorcode 0 instead of 20: "),
        ] {
            let judged = judged(|response| body.clone_into(&mut response.body)).unwrap_err();
            assert!(judged.starts_with(problem), "{judged}");
        }
    }

    #[test]
    fn only_the_reply_to_the_call_is_a_reply() {
        let refused = r#"{"result":false,"errormsg":"Not Authorized","errorcode":20,"detail":"…"}"#;
        let frame =
            |m: u64, i: u64, o: &str| json!({"m": m, "i": i, "n": "ResetPassword2", "o": o}).to_string();
        assert_eq!(judge_reply(&frame(1, 4, refused)), Ok("reply, 20 Not Authorized".to_owned()));
        for frame in
            [frame(5, 4, refused), frame(1, 0, refused), frame(1, 4, "{}"), "{}".to_owned(), String::new()]
        {
            assert!(judge_reply(&frame).is_err(), "{frame}");
        }
    }
}
