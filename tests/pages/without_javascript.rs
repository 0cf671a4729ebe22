//! The forms work without JavaScript: the user copies the code from the mail, and the response is a page.

use reset_password2::password::Violation;
use test_support::{
    browser::Browser,
    password::{GOOD, OTHER, TOO_COMMON},
    texts::{CHOOSE_PASSWORD, REQUEST_LINK},
    worker::Worker,
};

#[tokio::test]
async fn a_pasted_code_works_once_without_javascript() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let browser = Browser::open_without_javascript().await;
    browser.open_link(worker, &account).await;
    // Only the script can read the fragment.
    assert_eq!(browser.value("PendingCode").await, "");
    assert!(!browser.is_visible("[data-show-password]").await);

    browser.enter_password(&account, TOO_COMMON).await;
    assert_eq!(browser.submit().await, (CHOOSE_PASSWORD.rejected)(Violation::Common));
    assert_eq!(browser.js("return document.activeElement.id").await, "Password");
    assert_eq!(browser.value("UserId").await, account.user_id);
    for secret in ["PendingCode", "Password"] {
        assert_eq!(browser.value(secret).await, "", "{secret}");
    }
    assert_eq!(worker.stored_hash(&account).await, None);

    browser.enter_password(&account, GOOD).await;
    assert_eq!(browser.submit().await, CHOOSE_PASSWORD.changed_title);
    assert!(worker.has_password(&account, GOOD).await);
    assert_eq!(browser.address().await, worker.url("/passwordChanged"));

    browser.open_link(worker, &account).await;
    browser.enter_password(&account, OTHER).await;
    assert_eq!(browser.submit().await, CHOOSE_PASSWORD.link_dead);
    assert!(worker.has_password(&account, GOOD).await);

    browser.request_new_link().await;
    browser.type_into("UserName", &account.user_name()).await;
    assert_eq!(browser.submit().await, REQUEST_LINK.sent_title);
    // The first mail may be the notice of the reset.
    worker.wait_until("a new link", async || worker.mails(&account).len() == 2).await;
    let mail = worker.mails(&account).into_iter().find(|mail| mail.contains("PendingCode")).unwrap();
    assert!(worker.link_in(&mail).contains("#UserId="));
}
