use std::collections::BTreeSet;

use ::http::{Request, header::ALLOW};
use serde_json::Value;
use strum::VariantArray as _;

use crate::{
    call_name::CallName,
    gateway::{
        ROUTES, handle,
        stub_ports::{StubPorts, settings},
    },
};

/// The files in assets/, which the platform serves.
const ASSETS: [&str; 5] = ["/page.css", "/page.js", "/icon.svg", "/favicon.ico", "/openapi.json"];

#[test]
fn every_call_has_a_route() {
    for call in CallName::VARIANTS {
        let path = format!("/AP/{}", call.as_str());
        assert!(ROUTES.iter().any(|route| route.path == path), "{path}");
    }
}

#[test]
fn the_openapi_document_describes_the_routes() {
    let document: Value = serde_json::from_str(include_str!("../../../assets/openapi.json")).unwrap();
    let served: BTreeSet<&str> = ROUTES.iter().map(|route| route.path).chain(ASSETS).collect();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.strip_suffix('/').unwrap_or(path);
        let route = ROUTES.iter().find(|route| route.path == path);
        assert!(served.contains(path), "{path} is described, but not served");
        for method in item.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            let methods = route.map_or("GET, HEAD", |route| route.methods);
            assert!(methods.contains(&method.to_uppercase()), "{method} {path}");
        }
    }
    // The pages are for people, and are not described.
    for route in ROUTES.iter().filter(|route| route.path.starts_with("/AP/") || route.path == "/health") {
        assert!(document["paths"].get(route.path).is_some(), "{} is not described", route.path);
    }
}

#[test]
fn every_file_that_the_pages_use_is_an_asset() {
    let assets = concat!(env!("CARGO_MANIFEST_DIR"), "/assets");
    for path in ASSETS {
        assert!(std::fs::exists(format!("{assets}{path}")).unwrap(), "{path}");
    }
}

#[tokio::test]
async fn every_route_responds_to_the_methods_that_it_lists_and_to_no_others() {
    for route in ROUTES {
        for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"] {
            let uri = format!("https://gateway.example{}", route.path);
            let request = Request::builder().method(method).uri(uri).body(String::new()).unwrap();
            let response = handle(request, &settings(), &StubPorts::default()).await;
            // OPTIONS is a preflight only with its header.
            let allowed = route.methods.split(", ").any(|allowed| allowed == method) && method != "OPTIONS";
            assert_eq!(response.status() != 405, allowed, "{method} {}", route.path);
            if !allowed {
                assert_eq!(response.headers()[ALLOW], route.methods, "{method} {}", route.path);
            }
        }
    }
}

#[tokio::test]
async fn letter_case_and_a_final_slash_do_not_matter() {
    for path in ["/resetPassword/", "/resetpassword", "/FORGOTPASSWORD/", "/Health"] {
        let request = Request::get(format!("https://gateway.example{path}")).body(String::new()).unwrap();
        let ports = StubPorts { reachable: [true; 3], ..StubPorts::default() };
        assert_eq!(handle(request, &settings(), &ports).await.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn redirects_lead_to_the_page_that_requests_a_link() {
    for path in ["/", "/.well-known/change-password"] {
        let request = Request::get(format!("https://gateway.example{path}")).body(String::new()).unwrap();
        let response = handle(request, &settings(), &StubPorts::default()).await;
        assert_eq!(response.status(), 302, "{path}");
        assert_eq!(response.headers()["location"], "/forgotPassword", "{path}");
    }
}
