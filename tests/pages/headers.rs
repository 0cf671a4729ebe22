//! The headers of the pages, and that nothing on them is inline.

use std::{collections::BTreeMap, fs};

use reqwest::{Client, Response, redirect::Policy};
use test_support::{paths::root, worker::Worker};

/// The headers of every page and redirect.
const ALL: [(&str, &str); 8] = [
    ("cache-control", "no-store"),
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("referrer-policy", "no-referrer"),
    ("strict-transport-security", "max-age=31536000"),
    ("x-content-type-options", "nosniff"),
    ("x-robots-tag", "noindex"),
];

/// The headers of a page, in addition to [`ALL`].
const DOCUMENT: [(&str, &str); 3] =
    [("content-language", "de"), ("content-type", "text/html; charset=utf-8"), ("vary", "Accept-Language")];

/// The headers of the transport, and those whose value differs each time.
const IGNORED: [&str; 4] = ["content-length", "date", "transfer-encoding", "x-request-id"];

async fn get(worker: &Worker, path: &str) -> Response {
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let request = client.get(worker.url(path)).header("Accept", "text/html").header("Accept-Language", "de");
    request.send().await.unwrap()
}

/// The headers of a response, except the ignored ones and those of the observer.
fn headers(response: &Response) -> BTreeMap<&str, &str> {
    let headers = response.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
    headers.filter(|(name, _)| !IGNORED.contains(name) && !name.starts_with("test-")).collect()
}

#[tokio::test]
async fn each_page_has_exactly_these_headers() {
    const REDIRECT: [(&str, &str); 2] =
        [("content-type", "text/plain; charset=utf-8"), ("location", "/forgotPassword")];
    let worker = Worker::shared();
    for (path, status, own) in [
        ("/resetPassword", 200, DOCUMENT.as_slice()),
        ("/resetPassword.html", 200, &DOCUMENT),
        ("/passwordChanged", 200, &DOCUMENT),
        ("/forgotPassword", 200, &DOCUMENT),
        ("/linkRequested", 200, &DOCUMENT),
        ("/nothing", 404, &DOCUMENT),
        ("/", 302, &REDIRECT),
        ("/.well-known/change-password", 302, &REDIRECT),
    ] {
        let response = get(worker, path).await;
        assert_eq!(response.status(), status, "{path}");
        assert!(response.headers().contains_key("x-request-id"), "{path}");
        let expected: BTreeMap<&str, &str> = ALL.iter().chain(own).copied().collect();
        assert_eq!(headers(&response), expected, "{path}");
    }
}

#[tokio::test]
async fn the_platform_serves_the_assets_without_invoking_the_worker() {
    let worker = Worker::shared();
    for (path, content_type) in [
        ("/page.css", "text/css; charset=utf-8"),
        ("/page.js", "text/javascript; charset=utf-8"),
        ("/icon.svg", "image/svg+xml; charset=utf-8"),
        ("/favicon.ico", "image/vnd.microsoft.icon"),
        ("/openapi.json", "application/json"),
    ] {
        let response = get(worker, path).await;
        assert_eq!(response.status(), 200, "{path}");
        // The Worker would add the first, and the observer around it the second.
        for header in ["x-request-id", "test-operations"] {
            assert!(!response.headers().contains_key(header), "{path}: {header}");
        }
        for (name, value) in [
            (
                "content-security-policy",
                "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
            ),
            ("content-type", content_type),
            ("strict-transport-security", "max-age=31536000"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(response.headers()[name], value, "{path}");
        }
        let file = fs::read(root().join("assets").join(&path[1..])).unwrap();
        assert_eq!(response.bytes().await.unwrap(), file, "{path}");
    }
}

#[tokio::test]
async fn nothing_is_inline() {
    let worker = Worker::shared();
    for path in ["/resetPassword", "/forgotPassword"] {
        let html = get(worker, path).await.text().await.unwrap();
        let tags: Vec<&str> = html.split('<').skip(1).map(|tag| tag.split('>').next().unwrap()).collect();
        let scripts: Vec<&&str> = tags.iter().filter(|tag| tag.starts_with("script")).collect();
        assert_eq!(scripts, [&r#"script src="/page.js" type="module""#], "{path}");
        for tag in tags {
            assert!(!tag.starts_with("style"), "{path}: {tag}");
            assert!(!tag.contains(" style="), "{path}: {tag}");
            assert!(!tag.contains(" on"), "{path}: {tag}");
            assert!(!tag.contains("javascript:"), "{path}: {tag}");
        }
    }
}
