//! With JavaScript off, the forms come to the same outcomes, as pages.

use reset_password2::password::{Verification, verify};

use crate::{
    GOOD, OTHER,
    browser::Browser,
    states::link,
    way::link_in,
    worker::{Account, Worker},
};

/// Types in what stands in the e-mail.
async fn paste(browser: &Browser, account: &Account, password: &str) {
    browser.type_into("UserId", &account.user_id).await;
    browser.type_into("PendingCode", &account.code.to_string()).await;
    browser.type_into("Password", password).await;
}

#[tokio::test]
async fn without_javascript_a_code_is_pasted_and_the_answer_is_a_page() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let browser = Browser::with("en-US", false).await;
    browser.goto(&link(worker, &account)).await;
    // Only the script can read the fragment: it has not run.
    assert_eq!(browser.value("PendingCode").await, "");
    assert!(!browser.find("[data-show-password]").await.is_displayed().await.unwrap());

    paste(&browser, &account, "1qaz2wsx3edc4rfv").await;
    assert_eq!(browser.submit().await, "too-common");
    assert_eq!(browser.value("UserId").await, account.user_id);
    for secret in ["PendingCode", "Password"] {
        assert_eq!(browser.value(secret).await, "", "{secret}");
    }
    assert_eq!(worker.stored_hash(&account).await, None);

    paste(&browser, &account, GOOD).await;
    assert_eq!(browser.submit().await, "done");
    assert_eq!(browser.text("h1").await, "Your password has been changed");
    let hash = worker.stored_hash(&account).await.unwrap();
    assert_eq!(verify(GOOD, &hash), Ok(Verification::Match { needs_rehash: false }));
    assert_eq!(browser.address().await, format!("{}/resetPassword", worker.origin));

    // From this page, the link would only lead to another place on it.
    browser.goto("about:blank").await;
    browser.goto(&link(worker, &account)).await;
    paste(&browser, &account, OTHER).await;
    assert_eq!(browser.submit().await, "link-dead");
    assert_eq!(worker.stored_hash(&account).await.unwrap(), hash);

    // And on to a new link.
    browser.ask_for_a_new_link().await;
    browser.type_into("UserName", &format!("name{}", account.user_id)).await;
    assert_eq!(browser.submit().await, "done");
    assert_eq!(browser.text("h1").await, "Check your e-mail");
    // The first mail may be the one that tells of the reset.
    worker.eventually("a new link", async || worker.mails(&account).len() == 2).await;
    let mail = worker.mails(&account).into_iter().find(|mail| mail.contains("PendingCode")).unwrap();
    assert!(link_in(worker, &mail).contains("#UserId="));
}
