//! The headers of the pages, and that nothing on them is inline.

use std::collections::BTreeMap;

use reqwest::{Client, Response, redirect::Policy};
use test_support::worker::Worker;

/// The headers of every response here.
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

/// The headers of a page, beside [`ALL`].
const DOCUMENT: [(&str, &str); 3] =
    [("content-language", "de"), ("content-type", "text/html; charset=utf-8"), ("vary", "Accept-Language")];

/// The headers of the transport, and those whose value differs each time.
const IGNORED: [&str; 4] = ["content-length", "date", "transfer-encoding", "x-request-id"];

async fn get(worker: &Worker, path: &str) -> Response {
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    client.get(worker.url(path)).header("Accept-Language", "de").send().await.unwrap()
}

#[tokio::test]
async fn each_response_has_exactly_these_headers() {
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
        let sent: BTreeMap<&str, &str> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
            .filter(|(name, _)| !IGNORED.contains(name) && !name.starts_with("test-"))
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
