//! A reset from the first page to the last, and what may happen on the way.

use test_support::{
    account::Account,
    browser::Browser,
    clock::now,
    password::{GOOD, OTHER, TOO_COMMON, TOO_SHORT},
    texts::{CHOOSE_PASSWORD, REQUEST_LINK, mail},
    worker::Worker,
};

/// Requests a mail on the page, waits for the user's mail number `number`, and returns the link in it.
async fn request_link(browser: &Browser, worker: &Worker, account: &Account, number: usize) -> String {
    browser.type_into("UserName", &account.user_name()).await;
    assert_eq!(browser.submit().await, REQUEST_LINK.sent_title);
    let mail = worker.mail(account, number).await;
    worker.link_in(&mail).to_owned()
}

/// Enters a new password, and submits the form.
async fn submit_password(browser: &Browser, password: &str) -> String {
    browser.type_into("Password", password).await;
    browser.submit().await
}

#[tokio::test]
async fn a_user_gets_from_a_forgotten_password_to_a_new_one() {
    let worker = Worker::shared();
    let account = worker.user().await;
    let browser = Browser::open().await;
    browser.goto(&worker.url("/.well-known/change-password")).await;
    let link = request_link(&browser, worker, &account, 1).await;

    browser.goto(&link).await;
    for field in ["#UserId", "#PendingCode"] {
        assert!(!browser.is_visible(field).await, "{field}");
    }
    assert_eq!(submit_password(&browser, GOOD).await, CHOOSE_PASSWORD.changed_title);
    assert!(worker.has_password(&account, GOOD).await);
    let notice = worker.mail(&account, 2).await;
    assert!(notice.contains(mail::CHANGED) && !notice.contains("PendingCode"), "{notice}");

    browser.goto(&link).await;
    assert_eq!(submit_password(&browser, OTHER).await, CHOOSE_PASSWORD.link_dead);
    assert!(worker.has_password(&account, GOOD).await);
    browser.request_new_link().await;
    assert_eq!(browser.address().await, worker.url("/forgotPassword"));
}

#[tokio::test]
async fn an_expired_link_leads_to_a_new_one_that_works() {
    let worker = Worker::shared();
    let account = Account { issued_at: now() - 3_600_000, expires_at: now() - 1000, ..worker.user().await };
    worker.put(account.entry()).await;
    let browser = Browser::open().await;
    browser.goto(&worker.link(&account)).await;
    assert_eq!(submit_password(&browser, GOOD).await, CHOOSE_PASSWORD.link_dead);
    assert_eq!(worker.stored_hash(&account).await, None);

    browser.request_new_link().await;
    let link = request_link(&browser, worker, &account, 1).await;
    browser.goto(&link).await;
    assert_eq!(submit_password(&browser, GOOD).await, CHOOSE_PASSWORD.changed_title);
    assert!(worker.has_password(&account, GOOD).await);
}

#[tokio::test]
async fn after_a_weak_password_the_input_is_kept_and_the_link_still_works() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let browser = Browser::open().await;
    browser.goto(&worker.link(&account)).await;
    for (password, problem) in [(TOO_SHORT, "too short"), (TOO_COMMON, "too common")] {
        browser.show_password().await;
        let outcome = submit_password(&browser, password).await;
        assert!(outcome.contains(problem), "{outcome}");
        assert_eq!(browser.value("Password").await, password);
        assert_eq!(browser.attribute("#Password", "type").await.unwrap(), "password");
        assert!(!browser.is_visible("#PendingCode").await);
        // Screen readers announce the problem, and associate it with the field.
        assert_eq!(browser.attribute("#problem", "role").await.unwrap(), "alert");
        assert_eq!(browser.js("return document.activeElement.id").await, "Password");
        assert_eq!(browser.attribute("#Password", "aria-invalid").await.unwrap(), "true");
        let described_by = browser.attribute("#Password", "aria-describedby").await.unwrap();
        assert!(described_by.starts_with("problem "), "{described_by}");
        assert_eq!(worker.stored_hash(&account).await, None);
    }
    // Only the server knows whether another password is less common.
    browser.type_into("Password", GOOD).await;
    assert_eq!(browser.attribute("#Password", "aria-invalid").await.unwrap(), "true");
    assert_eq!(browser.submit().await, CHOOSE_PASSWORD.changed_title);
    assert!(worker.has_password(&account, GOOD).await);
}

#[tokio::test]
async fn a_password_that_was_too_short_is_a_problem_only_until_it_is_long_enough() {
    /// The policy counts 14 code points, in NFC. There are 15 of them here, and 18 UTF-16 code units.
    const FOURTEEN: &str = "cafe\u{301} 🦀🦀🦀 abcde";
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let browser = Browser::open().await;
    browser.goto(&worker.link(&account)).await;
    assert!(submit_password(&browser, TOO_SHORT).await.contains("too short"));

    // chromedriver can't type characters beyond the Basic Multilingual Plane.
    let paste = "const field = document.querySelector('#Password'); field.value = arguments[0]; \
                 field.dispatchEvent(new InputEvent('input', {bubbles: true}))";
    browser.client.execute(paste, vec![FOURTEEN.into()]).await.unwrap();
    assert_eq!(browser.attribute("#Password", "aria-invalid").await.unwrap(), "true");
    assert!(browser.text("main > #problem").await.contains("too short"));

    browser.find("#Password").await.send_keys("f").await.unwrap();
    assert_eq!(browser.attribute("#Password", "aria-invalid").await, None);
    assert_eq!(browser.attribute("#Password", "aria-describedby").await.unwrap(), "password-hint");
    browser.find("main:not(:has(> #problem))").await;
    assert_eq!(browser.js("return document.activeElement.id").await, "Password");
}
