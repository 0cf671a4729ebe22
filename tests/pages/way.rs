//! The way of a person: mail, link, page, and whatever comes between.

use std::net::TcpListener;

use reset_password2::password::{Verification, verify};
use serde_json::{Value, json};

use crate::{
    GOOD, OTHER,
    browser::Browser,
    states::link,
    worker::{Account, Worker, now, remember},
};

/// The link in a mail, which leads to this Worker.
pub(crate) fn link_in<'a>(worker: &Worker, mail: &'a str) -> &'a str {
    let start = format!("{}/resetPassword#", worker.origin);
    mail.split_whitespace()
        .find(|word| word.starts_with(&start))
        .unwrap_or_else(|| panic!("no link in {mail}"))
}

/// Asks for an e-mail on the page, and gives the link in it, the user's mail of this number.
async fn asks(browser: &Browser, worker: &Worker, account: &Account, number: usize) -> String {
    browser.type_into("UserName", &format!("name{}", account.user_id)).await;
    assert_eq!(browser.submit().await, "done");
    assert_eq!(browser.text("h1").await, "Check your e-mail");
    let mail = worker.mail(account, number).await;
    link_in(worker, &mail).to_owned()
}

async fn assert_password(worker: &Worker, account: &Account, password: &str) {
    remember(password);
    let hash = worker.stored_hash(account).await.unwrap();
    assert_eq!(verify(password, &hash), Ok(Verification::Match { needs_rehash: false }));
}

/// That there is a code, nobody sees who looks at the screen, or at where the browser has been.
async fn assert_no_secret_in_sight(browser: &Browser, worker: &Worker) {
    assert_eq!(browser.address().await, format!("{}/resetPassword", worker.origin));
    let history = browser.devtools("Page.getNavigationHistory", json!({})).await;
    for entry in history["entries"].as_array().unwrap() {
        let url = entry["url"].as_str().unwrap().to_lowercase();
        assert!(!url.contains("code"), "{url}");
    }
}

#[tokio::test]
async fn from_a_forgotten_password_to_a_new_one() {
    let worker = Worker::shared();
    let account = Account::new();
    worker.enrol(&account, &["Trading"]).await;
    let browser = Browser::open().await;
    browser.goto(&format!("{}/.well-known/change-password", worker.origin)).await;
    let link = asks(&browser, worker, &account, 1).await;

    browser.goto(&link).await;
    assert_no_secret_in_sight(&browser, worker).await;
    for filled_in in ["UserId", "PendingCode"] {
        assert!(!browser.find(&format!("#{filled_in}")).await.is_displayed().await.unwrap());
    }
    browser.type_into("Password", GOOD).await;
    assert_eq!(browser.submit().await, "done");
    assert_eq!(browser.text("h1").await, "Your password has been changed");
    assert_password(worker, &account, GOOD).await;
    let notice = worker.mail(&account, 2).await;
    assert!(notice.contains("changed") && !notice.contains("PendingCode"), "{notice}");

    browser.goto(&link).await;
    browser.find("#Password").await;
    browser.type_into("Password", OTHER).await;
    assert_eq!(browser.submit().await, "link-dead");
    assert!(browser.text("#problem").await.contains("does not work"));
    assert_password(worker, &account, GOOD).await;
    browser.ask_for_a_new_link().await;
    assert_eq!(browser.address().await, format!("{}/forgotPassword", worker.origin));
}

#[tokio::test]
async fn an_expired_link_leads_to_a_new_one_that_works() {
    let worker = Worker::shared();
    let account = Account { issued_at: now() - 3_600_000, expires_at: now() - 1000, ..Account::new() };
    worker.enrol(&account, &["Trading"]).await;
    worker.put(account.entry()).await;
    let browser = Browser::open().await;
    browser.goto(&link(worker, &account)).await;
    browser.type_into("Password", GOOD).await;
    assert_eq!(browser.submit().await, "link-dead");
    assert_eq!(worker.stored_hash(&account).await, None);

    browser.ask_for_a_new_link().await;
    let link = asks(&browser, worker, &account, 1).await;
    browser.goto(&link).await;
    browser.type_into("Password", GOOD).await;
    assert_eq!(browser.submit().await, "done");
    assert_password(worker, &account, GOOD).await;
}

#[tokio::test]
async fn a_weak_password_is_refused_and_kept_and_a_good_one_works_on_the_same_link() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let browser = Browser::open().await;
    browser.goto(&link(worker, &account)).await;
    for (password, problem) in [("too short", "too-short"), ("1qaz2wsx3edc4rfv", "too-common")] {
        browser.type_into("Password", password).await;
        assert_eq!(browser.submit().await, problem);
        assert_eq!(browser.value("Password").await, password);
        assert!(browser.text("#problem").await.contains(&problem.replace('-', " ")));
        // The error is the field's, to those who hear it too.
        let field = browser.find("#Password").await;
        assert_eq!(field.attr("aria-invalid").await.unwrap().unwrap(), "true");
        assert!(field.attr("aria-describedby").await.unwrap().unwrap().starts_with("problem "));
        assert_eq!(worker.stored_hash(&account).await, None);
    }
    // What was typed can be seen, and goes on from where it is.
    browser.click("[data-show-password]").await;
    assert_eq!(browser.find("#Password").await.attr("type").await.unwrap().unwrap(), "text");
    browser.type_into("Password", GOOD).await;
    assert_eq!(browser.submit().await, "done");
    assert_password(worker, &account, GOOD).await;
}

/// `d1` names a gateway. Whoever wrote the link would get the password there.
#[tokio::test]
async fn an_old_link_works_and_nothing_goes_where_it_points() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let gateway = format!("http://{}/", elsewhere.local_addr().unwrap());

    let browser = Browser::open().await;
    let Account { user_id, code, .. } = &account;
    let script = format!("return btoa('{gateway}')");
    let Value::String(d1) = browser.js(&script).await else { panic!("no base64") };
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("d1", &d1)
        .append_pair("UserId", user_id)
        .append_pair("verifycode", &code.to_string())
        .finish();
    browser.goto(&format!("{}/resetPassword.html?{query}", worker.origin)).await;
    assert_eq!(browser.address().await, format!("{}/resetPassword.html", worker.origin));
    browser.type_into("Password", GOOD).await;
    assert_eq!(browser.submit().await, "done");
    assert_password(worker, &account, GOOD).await;
    let visitor = elsewhere.accept().map(|(_, visitor)| visitor);
    assert!(visitor.is_err(), "{visitor:?}");

    // The page has asked for nothing but what is its own.
    let asked = browser.js("return performance.getEntriesByType('resource').map(({name}) => name)").await;
    let asked: Vec<&str> = asked.as_array().unwrap().iter().map(|url| url.as_str().unwrap()).collect();
    let own = ["/page.css", "/page.js", "/AP/ResetPassword2"].map(|path| format!("{}{path}", worker.origin));
    assert_eq!(asked, own);
}

#[tokio::test]
async fn a_scanner_that_opens_the_link_first_costs_nothing() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let Account { user_id, code, .. } = &account;
    let old = format!("{}/resetPassword.html?UserId={user_id}&verifycode={code}", worker.origin);
    let scanner = reqwest::Client::new();
    for _ in 0..10 {
        for link in [&old, &old.replace("verifycode", "PendingCode"), &link(worker, &account)] {
            let page = scanner.get(link).send().await.unwrap().error_for_status().unwrap();
            assert!(!page.text().await.unwrap().contains(&code.to_string()));
            scanner.head(link).send().await.unwrap().error_for_status().unwrap();
        }
    }
    assert_eq!(worker.stored_hash(&account).await, None);

    let browser = Browser::open().await;
    browser.goto(&old).await;
    browser.type_into("Password", GOOD).await;
    assert_eq!(browser.submit().await, "done");
    assert_password(worker, &account, GOOD).await;
}

#[tokio::test]
async fn the_back_button_shows_no_secret() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let browser = Browser::open().await;
    browser.goto(&format!("{}/forgotPassword", worker.origin)).await;
    browser.goto(&link(worker, &account)).await;
    browser.type_into("Password", GOOD).await;
    assert_eq!(browser.submit().await, "done");
    assert_no_secret_in_sight(&browser, worker).await;

    browser.goto(&format!("{}/forgotPassword", worker.origin)).await;
    browser.client.back().await.unwrap();
    assert_no_secret_in_sight(&browser, worker).await;
    let fields = browser.js("return [...document.querySelectorAll('input')].map(({value}) => value)").await;
    assert!(fields == json!(["", "", ""]) || fields == json!([]), "{fields}");
    let page = browser.client.source().await.unwrap();
    assert!(!page.contains(&account.code.to_string()) && !page.contains(GOOD), "{page}");

    browser.client.back().await.unwrap();
    assert_eq!(browser.address().await, format!("{}/forgotPassword", worker.origin));
    browser.client.forward().await.unwrap();
    assert_no_secret_in_sight(&browser, worker).await;
}
