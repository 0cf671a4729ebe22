//! What happens between pressing the button and the response: waiting, success, no response, and unclear outcomes.

use serde_json::json;
use test_support::{
    account::Account,
    browser::Browser,
    http::fresh_address,
    observer::{FAULT, NAME},
    password::{GOOD, OTHER, TOO_SHORT},
    texts::{CHOOSE_PASSWORD, PAGES, REQUEST_LINK},
    worker::Worker,
};

/// The fault after which it is unknown whether the password was changed.
const UNCLEAR: &str = "d1:after,d1:before";

/// Opens the user's link, and enters a password.
async fn fill_in(browser: &Browser, worker: &Worker, account: &Account, password: &str) {
    browser.open_link(worker, account).await;
    browser.enter_password(account, password).await;
}

#[tokio::test]
async fn a_form_is_submitted_once_however_often_the_button_is_pressed() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let browser = Browser::open().await;
    let address = fresh_address();
    fill_in(&browser, worker, &account, GOOD).await;
    browser.set_headers(json!({"CF-Connecting-IP": address, NAME: "pressed twice", FAULT: "kv:wait"})).await;
    browser.js("for (const press of [1, 2]) document.querySelector('[data-wait]').click()").await;
    worker.wait_for_operation("pressed twice").await;
    browser.js("document.querySelector('form').requestSubmit()").await;
    assert_eq!(browser.attribute("form", "aria-busy").await.unwrap(), "true");
    for waiting in ["[data-wait]:disabled", "[role=status]"] {
        let text = browser.js(&format!("return document.querySelector('{waiting}').textContent")).await;
        assert_eq!(text, PAGES.please_wait, "{waiting}");
    }
    browser
        .js("addEventListener('pagehide', () => sessionStorage.form = document.querySelector('form[aria-busy=true]') ? 'busy' : 'idle')")
        .await;
    worker.release("pressed twice").await;
    assert_eq!(browser.outcome().await, CHOOSE_PASSWORD.changed_title);
    assert_eq!(browser.js("return sessionStorage.form").await, "busy");
    assert_eq!(worker.posts(&address).await, 1);
}

#[tokio::test]
async fn reloading_after_success_submits_nothing() {
    let worker = Worker::shared();
    for browser in [Browser::open().await, Browser::open_without_javascript().await] {
        let address = fresh_address();
        browser.set_headers(json!({"CF-Connecting-IP": address})).await;
        browser.goto(&worker.url("/forgotPassword")).await;
        browser.type_into("UserName", "nobody").await;
        assert_eq!(browser.submit().await, REQUEST_LINK.sent_title);
        assert_eq!(browser.address().await, worker.url("/linkRequested"));

        let account = worker.user_with_code().await;
        fill_in(&browser, worker, &account, GOOD).await;
        assert_eq!(browser.submit().await, CHOOSE_PASSWORD.changed_title);
        for _ in 0..2 {
            assert_eq!(browser.address().await, worker.url("/passwordChanged"));
            assert_eq!(browser.text("h1.done").await, CHOOSE_PASSWORD.changed_title);
            browser.client.refresh().await.unwrap();
        }
        assert_eq!(worker.posts(&address).await, 2);
    }
}

#[tokio::test]
async fn without_a_response_the_input_is_kept_and_the_next_attempt_works() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let browser = Browser::open().await;
    fill_in(&browser, worker, &account, TOO_SHORT).await;
    browser.submit().await;
    browser.type_into("Password", GOOD).await;
    browser.set_offline(true).await;
    assert_eq!(browser.submit().await, PAGES.no_response);
    assert_eq!(browser.value("Password").await, GOOD);
    assert_eq!(browser.js("return document.activeElement.id").await, "problem");
    assert_eq!(browser.attribute("#problem", "role").await.unwrap(), "alert");
    // The earlier problem is over.
    assert_eq!(browser.attribute("#Password", "aria-invalid").await, None);
    assert_eq!(browser.text("[data-wait]:enabled").await, CHOOSE_PASSWORD.change_password);
    assert_eq!(worker.stored_hash(&account).await, None);

    browser.set_offline(false).await;
    assert_eq!(browser.submit().await, CHOOSE_PASSWORD.changed_title);
    assert!(worker.has_password(&account, GOOD).await);
}

#[tokio::test]
async fn an_attempt_that_timed_out_explains_why_the_link_is_dead() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let browser = Browser::open().await;
    // A minute is a second here.
    browser
        .run_before_scripts("const {timeout} = AbortSignal; AbortSignal.timeout = (time) => timeout.call(AbortSignal, time / 60)")
        .await;
    fill_in(&browser, worker, &account, GOOD).await;
    browser.set_headers(json!({NAME: "timed out", FAULT: "kv:wait"})).await;
    assert_eq!(browser.submit().await, PAGES.no_response);

    // Nevertheless, the attempt changes the password.
    worker.release("timed out").await;
    worker.wait_until("the change", async || worker.stored_hash(&account).await.is_some()).await;
    // A refusal for another reason doesn't make the page forget that.
    browser.set_headers(json!({FAULT: "kv:fail"})).await;
    assert_eq!(browser.submit().await, CHOOSE_PASSWORD.server_error);
    browser.set_headers(json!({})).await;
    assert_eq!(browser.submit().await, CHOOSE_PASSWORD.link_dead_after_unclear);
    browser.request_new_link().await;
}

#[tokio::test]
async fn an_unclear_attempt_explains_why_the_link_is_dead() {
    let worker = Worker::shared();
    for browser in [Browser::open().await, Browser::open_without_javascript().await] {
        let account = worker.user_with_code().await;
        fill_in(&browser, worker, &account, GOOD).await;
        browser.set_headers(json!({FAULT: UNCLEAR})).await;
        assert_eq!(browser.submit().await, CHOOSE_PASSWORD.unclear);

        browser.set_headers(json!({})).await;
        browser.enter_password(&account, GOOD).await;
        assert_eq!(browser.submit().await, CHOOSE_PASSWORD.link_dead_after_unclear);
        assert!(worker.has_password(&account, GOOD).await);
    }
}

#[tokio::test]
async fn a_second_link_in_the_same_tab_starts_from_scratch() {
    let worker = Worker::shared();
    let (first, second) = (worker.user_with_code().await, worker.user_with_code().await);
    let browser = Browser::open().await;
    fill_in(&browser, worker, &first, GOOD).await;
    browser.set_headers(json!({FAULT: UNCLEAR})).await;
    assert_eq!(browser.submit().await, CHOOSE_PASSWORD.unclear);
    browser.set_headers(json!({})).await;

    browser.js("document.documentElement.dataset.notReloaded = ''").await;
    fill_in(&browser, worker, &second, TOO_SHORT).await;
    browser.find("html[data-not-reloaded] main:not(:has(#problem)) [name=EarlierAttempt][value='']").await;
    assert_eq!(browser.address().await, worker.url("/resetPassword"));
    browser.submit().await;
    browser.type_into("Password", OTHER).await;
    assert_eq!(browser.submit().await, CHOOSE_PASSWORD.changed_title);
    assert!(worker.has_password(&second, OTHER).await);
}

/// The call may still take effect, but the page is about the second link now.
#[tokio::test]
async fn a_second_link_during_a_call_starts_from_scratch() {
    let worker = Worker::shared();
    let (first, second) = (worker.user_with_code().await, worker.user_with_code().await);
    let browser = Browser::open().await;
    fill_in(&browser, worker, &first, GOOD).await;
    browser.set_headers(json!({NAME: "abandoned", FAULT: "kv:wait"})).await;
    browser.click("[data-wait]").await;
    worker.wait_for_operation("abandoned").await;
    browser.set_headers(json!({})).await;
    browser.open_link(worker, &second).await;
    browser.find("main:not(:has(#problem)) form[aria-busy=false] [data-wait]:enabled").await;
    assert_eq!(browser.value("Password").await, "");

    worker.release("abandoned").await;
    worker.wait_until("the change", async || worker.stored_hash(&first).await.is_some()).await;
    browser.type_into("Password", OTHER).await;
    assert_eq!(browser.submit().await, CHOOSE_PASSWORD.changed_title);
    assert!(worker.has_password(&first, GOOD).await && worker.has_password(&second, OTHER).await);
}

/// The earlier attempt may have changed the password, and so have voided every link.
#[tokio::test]
async fn a_second_link_of_the_same_user_remembers_that_an_earlier_attempt_is_unclear() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let browser = Browser::open().await;
    fill_in(&browser, worker, &account, GOOD).await;
    browser.set_headers(json!({FAULT: UNCLEAR})).await;
    assert_eq!(browser.submit().await, CHOOSE_PASSWORD.unclear);
    browser.set_headers(json!({})).await;
    // The same link, and one that a newer e-mail could have brought.
    let newer = Account { code: Account::new().code, ..account.clone() };
    for link in [&account, &newer] {
        fill_in(&browser, worker, link, OTHER).await;
        browser.find("main:not(:has(#problem)) [name=EarlierAttempt][value=unclear]").await;
    }
}

/// Otherwise, the link would be dead and nothing would say why.
#[tokio::test]
async fn the_same_link_during_a_call_does_not_abandon_it() {
    let worker = Worker::shared();
    let account = worker.user_with_code().await;
    let browser = Browser::open().await;
    fill_in(&browser, worker, &account, GOOD).await;
    browser.set_headers(json!({NAME: "opened twice", FAULT: "kv:wait"})).await;
    browser.click("[data-wait]").await;
    worker.wait_for_operation("opened twice").await;
    browser.open_link(worker, &account).await;
    worker
        .wait_until("the link to be taken", async || browser.address().await == worker.url("/resetPassword"))
        .await;
    assert_eq!(browser.attribute("form", "aria-busy").await.unwrap(), "true");
    worker.release("opened twice").await;
    assert_eq!(browser.outcome().await, CHOOSE_PASSWORD.changed_title);
}

/// The page says what is true after a panic, and the link still works.
#[tokio::test]
async fn after_a_panic_the_link_can_be_opened_again() {
    let worker = Worker::may_panic().await;
    for browser in [Browser::open().await, Browser::open_without_javascript().await] {
        let account = worker.user_with_code().await;
        for (fault, outcome) in [("panic", PAGES.failed_title), ("", CHOOSE_PASSWORD.changed_title)] {
            // With JavaScript, the link must load the page again, since the page of the panic has no form.
            fill_in(&browser, &worker, &account, GOOD).await;
            browser.set_headers(json!({FAULT: fault})).await;
            assert_eq!(browser.submit().await, outcome);
            if outcome == PAGES.failed_title {
                assert_eq!(browser.text("main p").await, CHOOSE_PASSWORD.unclear);
                assert_eq!(worker.stored_hash(&account).await, None);
            }
            browser.set_headers(json!({})).await;
        }
        assert!(worker.has_password(&account, GOOD).await);
    }
}
