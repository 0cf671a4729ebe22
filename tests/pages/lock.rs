//! The page that the link in a notice opens.

use reset_password2::languages::{Language, LockAccountTexts};
use test_support::{account::Account, browser::Browser, password::GOOD, secrets, worker::Worker};

const TEXTS: &LockAccountTexts = &Language::English.texts().lock_account;

/// Resets the password, and returns the link in the notice.
async fn lock_link(worker: &Worker, account: &Account) -> String {
    worker.reset_password2(account.payload(GOOD)).send().await.unwrap();
    let notice = worker.mail(account, 1).await;
    let link = notice.lines().find(|line| line.contains("/lockAccount#")).unwrap();
    secrets::record(link.split_once("LockCode=").unwrap().1);
    link.to_owned()
}

#[tokio::test]
async fn one_button_locks_the_account_and_no_code_stays_in_sight() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let link = lock_link(worker, &account).await;
    let browser = Browser::open().await;
    browser.goto(&link).await;
    assert_eq!(browser.text("h1").await, TEXTS.title);
    assert_eq!(browser.address().await, worker.url("/lockAccount"));
    for url in browser.history().await {
        assert!(!url.contains("Code"), "{url}");
    }
    assert!(!browser.is_visible("#UserId").await && !browser.is_visible("#LockCode").await);
    assert!(worker.row(&account).await["locked_at"].is_null());

    assert_eq!(browser.submit().await, TEXTS.locked_title);
    assert!(worker.row(&account).await["locked_at"].is_u64());
    assert_eq!(browser.axe().await, Vec::<serde_json::Value>::new());

    browser.goto("about:blank").await;
    browser.goto(&link.replace("LockCode=", "LockCode=0")).await;
    assert!(browser.axe().await.is_empty());
    assert_ne!(browser.submit().await, TEXTS.locked_title);
}

#[tokio::test]
async fn a_pasted_code_locks_the_account_without_javascript() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let link = lock_link(worker, &account).await;
    let browser = Browser::open_without_javascript().await;
    browser.goto(&link).await;
    browser.type_into("UserId", &account.user_id).await;
    browser.type_into("LockCode", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6").await;
    assert_eq!(browser.submit().await, TEXTS.link_dead);
    assert_eq!(browser.value("UserId").await, account.user_id);
    browser.type_into("LockCode", link.split_once("LockCode=").unwrap().1).await;
    assert_eq!(browser.submit().await, TEXTS.locked_title);
    assert_eq!(browser.address().await, worker.url("/accountLocked"));
    assert!(worker.row(&account).await["locked_at"].is_u64());
}
