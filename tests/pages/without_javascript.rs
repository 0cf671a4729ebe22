//! The forms work without JavaScript: the user copies the code from the mail, and the response is a page.

use test_support::{
    account::Account,
    browser::Browser,
    password::{GOOD, OTHER, TOO_COMMON},
    texts::page,
    worker::Worker,
};

/// Fills the form in with what the mail says.
async fn fill_in(browser: &Browser, account: &Account, password: &str) {
    browser.type_into("UserId", &account.user_id).await;
    browser.type_into("PendingCode", &account.code.to_string()).await;
    browser.type_into("Password", password).await;
}

#[tokio::test]
async fn a_pasted_code_works_once_without_javascript() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let browser = Browser::open_with("en-US", false).await;
    browser.goto(&worker.link(&account)).await;
    // Only the script can read the fragment.
    assert_eq!(browser.value("PendingCode").await, "");
    assert!(!browser.is_visible("[data-show-password]").await);

    fill_in(&browser, &account, TOO_COMMON).await;
    assert_eq!(browser.submit().await, "too-common");
    assert_eq!(browser.value("UserId").await, account.user_id);
    for secret in ["PendingCode", "Password"] {
        assert_eq!(browser.value(secret).await, "", "{secret}");
    }
    assert_eq!(worker.stored_hash(&account).await, None);

    fill_in(&browser, &account, GOOD).await;
    assert_eq!(browser.submit().await, "done");
    assert_eq!(browser.text("h1").await, page::PASSWORD_CHANGED);
    assert!(worker.has_password(&account, GOOD).await);
    assert_eq!(browser.address().await, worker.url("/resetPassword"));

    // From this page, the link would only change the fragment.
    browser.goto("about:blank").await;
    browser.goto(&worker.link(&account)).await;
    fill_in(&browser, &account, OTHER).await;
    assert_eq!(browser.submit().await, "link-dead");
    assert!(worker.has_password(&account, GOOD).await);

    browser.request_new_link().await;
    browser.type_into("UserName", &account.user_name()).await;
    assert_eq!(browser.submit().await, "done");
    assert_eq!(browser.text("h1").await, page::CHECK_YOUR_EMAIL);
    // The first mail may be the notice of the reset.
    worker.wait_until("a new link", async || worker.mails(&account).len() == 2).await;
    let mail = worker.mails(&account).into_iter().find(|mail| mail.contains("PendingCode")).unwrap();
    assert!(worker.link_in(&mail).contains("#UserId="));
}
