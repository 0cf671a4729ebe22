//! What comes with the pages: their headers; and what must not, anything inline.

use std::collections::BTreeMap;

use reqwest::{Client, Response, redirect::Policy};

use crate::worker::Worker;

/// What everything here is sent with.
const ALL: [(&str, &str); 7] = [
    ("cache-control", "no-store"),
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("referrer-policy", "no-referrer"),
    ("strict-transport-security", "max-age=31536000"),
    ("x-content-type-options", "nosniff"),
    ("x-robots-tag", "noindex"),
];

/// A page.
const DOCUMENT: [(&str, &str); 3] =
    [("content-language", "de"), ("content-type", "text/html; charset=utf-8"), ("vary", "Accept-Language")];

async fn get(worker: &Worker, path: &str) -> Response {
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    client.get(format!("{}{path}", worker.origin)).header("Accept-Language", "de").send().await.unwrap()
}

#[tokio::test]
async fn every_header_is_as_it_should_be_and_there_is_no_other() {
    let worker = Worker::shared();
    for (path, status, own) in [
        ("/resetPassword", 200, DOCUMENT.as_slice()),
        ("/resetPassword.html", 200, &DOCUMENT),
        ("/forgotPassword", 200, &DOCUMENT),
        ("/page.css", 200, &[("content-type", "text/css; charset=utf-8")]),
        ("/page.js", 200, &[("content-type", "text/javascript; charset=utf-8")]),
        (
            "/.well-known/change-password",
            302,
            &[("content-type", "text/plain; charset=utf-8"), ("location", "/forgotPassword")],
        ),
    ] {
        let response = get(worker, path).await;
        assert_eq!(response.status(), status, "{path}");
        assert!(response.headers().contains_key("x-request-id"), "{path}");
        // What the transport adds, and the observer, and what is another each time.
        let sent: BTreeMap<&str, &str> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
            .filter(|(name, _)| {
                !["content-length", "date", "transfer-encoding", "x-request-id"].contains(name)
                    && !name.starts_with("test-")
            })
            .collect();
        let expected: BTreeMap<&str, &str> = ALL.iter().chain(own).copied().collect();
        assert_eq!(sent, expected, "{path}");
    }
}

#[tokio::test]
async fn nothing_is_inline() {
    let worker = Worker::shared();
    for path in ["/resetPassword", "/forgotPassword"] {
        let html = get(worker, path).await.text().await.unwrap();
        let tags: Vec<&str> = html.split('<').skip(1).map(|tag| tag.split('>').next().unwrap()).collect();
        let scripts: Vec<&&str> = tags.iter().filter(|tag| tag.starts_with("script")).collect();
        assert_eq!(scripts, [&r#"script src="/page.js" defer"#], "{path}");
        for tag in tags {
            assert!(!tag.starts_with("style"), "{path}: {tag}");
            assert!(!tag.contains(" style="), "{path}: {tag}");
            assert!(!tag.contains(" on"), "{path}: {tag}");
            assert!(!tag.contains("javascript:"), "{path}: {tag}");
        }
    }
}
