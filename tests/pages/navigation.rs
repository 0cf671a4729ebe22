//! Addresses without a form of their own, and pages that another site opens.

use serde_json::json;
use test_support::{
    browser::Browser,
    password::GOOD,
    site::Site,
    texts::{CHOOSE_PASSWORD, PAGES, REQUEST_LINK},
    worker::Worker,
};

/// Opens a page that isn't ours. To browsers, a port doesn't make another site, but a host name does.
async fn open_another_site(browser: &Browser, site: &Site) {
    browser.goto(&format!("{}/fetch.html", site.origin.replace("127.0.0.1", "localhost"))).await;
}

/// Opens a page that isn't ours, and follows a link from there.
async fn follow_link_from_another_site(browser: &Browser, site: &Site, url: &str) {
    open_another_site(browser, site).await;
    browser.client.execute("location.href = arguments[0]", vec![url.into()]).await.unwrap();
    browser.find("h1").await;
}

#[tokio::test]
async fn an_unknown_path_is_a_page_with_a_way_forward() {
    let worker = Worker::shared();
    let browser = Browser::open().await;
    browser.goto(&worker.url("/reset")).await;
    assert_eq!(browser.text("h1.not-found").await, PAGES.not_found_title);
    browser.click(".button").await;
    browser.find("#UserName").await;
    assert_eq!(browser.address().await, worker.url("/forgotPassword"));
}

#[tokio::test]
async fn the_root_leads_to_the_page_that_requests_a_link() {
    let worker = Worker::shared();
    let browser = Browser::open().await;
    browser.goto(&worker.url("/")).await;
    assert_eq!(browser.address().await, worker.url("/forgotPassword"));
    assert_eq!(browser.text("h1").await, REQUEST_LINK.title);
}

#[tokio::test]
async fn another_site_cannot_pretend_that_something_has_happened() {
    let worker = Worker::shared();
    let site = Site::start().await;
    let browser = Browser::open().await;
    for path in ["/passwordChanged", "/linkRequested"] {
        follow_link_from_another_site(&browser, &site, &worker.url(path)).await;
        assert_eq!(browser.address().await, worker.url("/forgotPassword"), "{path}");
        assert_eq!(browser.text("h1").await, REQUEST_LINK.title);
    }
}

#[tokio::test]
async fn a_form_on_another_site_gets_ours_and_changes_nothing() {
    let worker = Worker::shared();
    let site = Site::start().await;
    let browser = Browser::open().await;
    let account = worker.user_with_code().await;
    let fields = json!({"UserId": account.user_id, "PendingCode": account.code, "Password": GOOD});
    for (path, fields, own_field) in [
        ("/forgotPassword", json!({"UserName": account.user_name()}), "#UserName"),
        ("/resetPassword", fields, "#Password"),
    ] {
        open_another_site(&browser, &site).await;
        let submit = "const [action, fields] = arguments; const form = document.createElement('form'); \
                      Object.assign(form, {action, method: 'post'}); \
                      for (const [name, value] of Object.entries(fields)) \
                        form.append(Object.assign(document.createElement('input'), {name, value})); \
                      document.body.append(form); form.submit()";
        browser.client.execute(submit, vec![worker.url(path).into(), fields]).await.unwrap();
        browser.find(own_field).await;
        assert_eq!(browser.address().await, worker.url(path));
    }
    assert_eq!(worker.stored_hash(&account).await, None);
}

#[tokio::test]
async fn a_link_in_a_webmail_leads_to_success() {
    let worker = Worker::shared();
    let site = Site::start().await;
    for browser in [Browser::open().await, Browser::open_without_javascript().await] {
        let account = worker.user_with_code().await;
        follow_link_from_another_site(&browser, &site, &worker.link(&account)).await;
        browser.enter_password(&account, GOOD).await;
        assert_eq!(browser.submit().await, CHOOSE_PASSWORD.changed_title);
        assert_eq!(browser.address().await, worker.url("/passwordChanged"));
    }
}
