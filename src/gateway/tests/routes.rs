use std::collections::BTreeSet;

use ::http::{Request, Response, header::ALLOW};
use serde_json::Value;

use crate::{
    gateway::{
        ROUTES, handle, response_after_panic,
        stub_ports::{StubPorts, settings, settings_with},
    },
    languages::Language,
    settings::Setting,
    user_id::UserId,
};

/// The files in assets/, which the platform serves.
const ASSETS: [&str; 6] =
    ["/page.css", "/page.js", "/icon.svg", "/logo.svg", "/favicon.ico", "/openapi.json"];

#[test]
fn the_openapi_document_describes_the_routes() {
    let document: Value = serde_json::from_str(include_str!("../../../assets/openapi.json")).unwrap();
    let served: BTreeSet<&str> = ROUTES.iter().map(|route| route.path.as_str()).chain(ASSETS).collect();
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
        assert!(document["paths"].get(&route.path).is_some(), "{} is not described", route.path);
    }
}

/// Every page in every language: shown, refused for any reason that the stubs give, and after a panic.
async fn pages() -> Vec<String> {
    let ports = StubPorts::default();
    let limited = StubPorts { limited: true, ..StubPorts::default() };
    let invalid = settings_with(Setting::PasswordMinLength, "7");
    let code = "UserId=5&Password=four+words+that+fit&PendingCode=f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
    let mut pages = Vec::new();
    for language in Language::ALL {
        let request = |method: &str, path: &str, form: &str| {
            Request::builder()
                .method(method)
                .uri(format!("https://reset.example{path}"))
                .header("accept", "text/html")
                .header("accept-language", language.tag())
                .body(form.to_owned())
                .unwrap()
        };
        let paths = ROUTES.iter().map(|route| route.path.as_str()).filter(|path| !path.starts_with("/AP/"));
        for path in paths.chain(["/no-such-page"]) {
            for method in ["GET", "POST"] {
                for form in ["", code, "UserName=alice"] {
                    pages.push(handle(request(method, path, form), &settings(), &ports).await);
                }
                pages.push(handle(request(method, path, code), &settings(), &limited).await);
                pages.push(handle(request(method, path, code), &invalid, &ports).await);
                pages.push(response_after_panic(&request(method, path, "")));
            }
        }
    }
    pages.retain(|page| page.headers()["content-type"] == "text/html; charset=utf-8");
    pages.into_iter().map(Response::into_body).collect()
}

#[tokio::test]
async fn every_link_and_form_on_the_pages_leads_to_a_route_or_an_asset() {
    let mut paths = BTreeSet::new();
    for page in pages().await {
        for tag in page.split('<').filter_map(|rest| Some(rest.split_once('>')?.0.to_owned())) {
            for attribute in ["href", "action", "src"] {
                let value =
                    tag.split_once(&format!(" {attribute}=\"")).and_then(|(_, rest)| rest.split_once('"'));
                let Some((url, _)) = value.filter(|(url, _)| url.starts_with('/')) else { continue };
                paths.insert((attribute, url.split(['?', '#']).next().unwrap().to_owned()));
            }
        }
    }
    assert_eq!(paths.iter().map(|(attribute, _)| attribute).collect::<BTreeSet<_>>().len(), 3, "{paths:?}");
    for (attribute, path) in paths {
        let method = if attribute == "action" { "POST" } else { "GET" };
        let route = ROUTES.iter().find(|route| route.path == path);
        let is_served = route.map_or(ASSETS.contains(&path.as_str()), |route| route.methods.contains(method));
        assert!(is_served, "{attribute}={path}");
    }
}

#[test]
fn the_links_in_the_mails_lead_to_routes() {
    let settings = settings().unwrap();
    let user_id = UserId::try_from("5".to_owned()).unwrap();
    for url in [settings.link(&user_id, "code"), settings.forgot_password_url()] {
        let path = url.strip_prefix(&settings.public_url).unwrap().split('#').next().unwrap();
        assert!(ROUTES.iter().any(|route| route.path == path), "{url}");
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
    for route in &*ROUTES {
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
