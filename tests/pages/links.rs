//! Links: those of existing exchanges, those that scanners open, and that their secrets don't stay in the browser.

use std::net::TcpListener;

use reqwest::Method;
use serde_json::{Value, json};
use test_support::{
    account::Account,
    browser::Browser,
    password::{GOOD, TOO_SHORT},
    texts::CHOOSE_PASSWORD,
    worker::Worker,
};

/// The link in the mails of existing exchanges, without `d1`.
fn old_link(worker: &Worker, Account { user_id, code, .. }: &Account) -> String {
    worker.url(&format!("/resetPassword.html?UserId={user_id}&verifycode={code}"))
}

/// Neither the address bar nor the tab's history shows that there was a code.
async fn assert_no_code_in_sight(browser: &Browser, worker: &Worker, path: &str) {
    assert_eq!(browser.address().await, worker.url(path));
    for url in browser.history().await {
        assert!(!url.contains("code"), "{url}");
    }
}

/// `d1` names a gateway: the author of the link would get the password there.
#[tokio::test]
async fn an_old_link_works_and_nothing_is_sent_where_it_points() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let gateway = format!("http://{}/", elsewhere.local_addr().unwrap());

    let browser = Browser::open().await;
    let Value::String(d1) = browser.js(&format!("return btoa('{gateway}')")).await else {
        panic!("no base64")
    };
    let d1: String = form_urlencoded::byte_serialize(d1.as_bytes()).collect();
    browser.goto(&old_link(worker, &account).replace('?', &format!("?d1={d1}&"))).await;
    assert_eq!(browser.address().await, worker.url("/resetPassword.html"));
    browser.type_into("Password", TOO_SHORT).await;
    browser.submit().await;
    // The page requested only its own resources. The browser may list them late, in any order, and the icon not at all.
    let resources = "return performance.getEntriesByType('resource').map(({name}) => name).filter((name) => !name.endsWith('/icon.svg')).sort()";
    let own = ["/logo.svg", "/page.css", "/page.js", "/resetPassword"].map(|path| worker.url(path));
    browser.wait_for_js(resources, &json!(own)).await;

    browser.type_into("Password", GOOD).await;
    assert_eq!(browser.submit().await, CHOOSE_PASSWORD.changed_title);
    assert!(worker.has_password(&account, GOOD).await);
    let visitor = elsewhere.accept().map(|(_, visitor)| visitor);
    assert!(visitor.is_err(), "{visitor:?}");
}

/// docs/contract.md, section 4: the paths are case-insensitive, and may end in a slash.
#[tokio::test]
async fn a_link_works_however_its_path_is_written() {
    let worker = Worker::shared();
    let browser = Browser::open().await;
    for (path, names) in [
        ("/resetPassword/", ["#UserId", "PendingCode"]),
        ("/resetpassword", ["#UserId", "PendingCode"]),
        ("/RESETPASSWORD.HTML/", ["?UserId", "verifycode"]),
    ] {
        let account = worker.user_with_code().await;
        let [user_id, code] = names;
        let link = format!("{path}{user_id}={}&{code}={}", account.user_id, account.code);
        browser.goto(&worker.url(&link)).await;
        browser.type_into("Password", GOOD).await;
        assert_no_code_in_sight(&browser, worker, path).await;
        assert_eq!(browser.submit().await, CHOOSE_PASSWORD.changed_title, "{link}");
        assert!(worker.has_password(&account, GOOD).await, "{link}");
    }
}

#[tokio::test]
async fn a_scanner_that_opens_the_link_first_does_not_use_up_the_code() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let old = old_link(worker, &account);
    let scanner = reqwest::Client::new();
    for _ in 0..10 {
        for link in [&old, &old.replace("verifycode", "PendingCode"), &worker.link(&account)] {
            let page = scanner.get(link).send().await.unwrap().error_for_status().unwrap();
            assert!(!page.text().await.unwrap().contains(&account.code.to_string()));
            scanner.request(Method::HEAD, link).send().await.unwrap().error_for_status().unwrap();
        }
    }
    assert_eq!(worker.stored_hash(&account).await, None);

    let browser = Browser::open().await;
    browser.goto(&old).await;
    browser.type_into("Password", GOOD).await;
    assert_eq!(browser.submit().await, CHOOSE_PASSWORD.changed_title);
    assert!(worker.has_password(&account, GOOD).await);
}

#[tokio::test]
async fn the_code_leaves_the_address_bar_and_the_history_at_once() {
    let worker = Worker::shared();
    let browser = Browser::open().await;
    browser.goto(&worker.link(&worker.user_with_code().await)).await;
    browser.find("#Password").await;
    assert_no_code_in_sight(&browser, worker, "/resetPassword").await;
}

#[tokio::test]
async fn the_back_button_shows_no_secret_after_success() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let browser = Browser::open().await;
    browser.goto(&worker.url("/forgotPassword")).await;
    browser.goto(&worker.link(&account)).await;
    browser.type_into("Password", GOOD).await;
    assert_eq!(browser.submit().await, CHOOSE_PASSWORD.changed_title);
    assert_no_code_in_sight(&browser, worker, "/passwordChanged").await;

    // The form is no longer in the history.
    browser.client.back().await.unwrap();
    assert_no_code_in_sight(&browser, worker, "/forgotPassword").await;
    browser.client.forward().await.unwrap();
    assert_no_code_in_sight(&browser, worker, "/passwordChanged").await;
}

#[tokio::test]
async fn the_back_button_shows_no_secret_after_a_refusal() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let browser = Browser::open().await;
    browser.goto(&worker.link(&account)).await;
    browser.type_into("Password", TOO_SHORT).await;
    browser.submit().await;
    browser.show_password().await;

    browser.goto(&worker.url("/forgotPassword")).await;
    browser.client.back().await.unwrap();
    assert_no_code_in_sight(&browser, worker, "/resetPassword").await;
    let fields = "return [...document.querySelectorAll('input')].map(({type, value}) => [type, value])";
    let empty = json!([["hidden", ""], ["text", ""], ["text", ""], ["password", ""]]);
    assert_eq!(browser.js(fields).await, empty);
    assert!(browser.is_visible("#PendingCode").await);
    let page = browser.client.source().await.unwrap();
    assert!(!page.contains(&account.code.to_string()) && !page.contains(TOO_SHORT), "{page}");
}
