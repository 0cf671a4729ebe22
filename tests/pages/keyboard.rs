//! The pages work without a mouse.

use fantoccini::{
    actions::{InputSource as _, KeyAction, KeyActions},
    key::Key,
};
use test_support::{
    browser::Browser,
    page_state::{self, State},
    password::GOOD,
    texts::{CHOOSE_PASSWORD, PAGES, REQUEST_LINK},
    worker::Worker,
};

async fn press(browser: &Browser, key: char) {
    let keys = KeyActions::new("keyboard".to_owned())
        .then(KeyAction::Down { value: key })
        .then(KeyAction::Up { value: key });
    browser.client.perform_actions(keys).await.unwrap();
}

async fn press_shift_tab(browser: &Browser) {
    let keys = KeyActions::new("keyboard".to_owned())
        .then(KeyAction::Down { value: Key::Shift.into() })
        .then(KeyAction::Down { value: Key::Tab.into() })
        .then(KeyAction::Up { value: Key::Tab.into() })
        .then(KeyAction::Up { value: Key::Shift.into() });
    browser.client.perform_actions(keys).await.unwrap();
}

async fn type_text(browser: &Browser, text: &str) {
    for key in text.chars() {
        press(browser, key).await;
    }
}

/// Presses Tab once for each of `expected`, the ids of controls, or the texts of those without an id. Each must show that it
/// has the focus.
async fn tab_through(browser: &Browser, expected: &[&str]) {
    for control in expected {
        press(browser, Key::Tab.into()).await;
        let focus = browser
            .js("const {activeElement} = document, {outlineStyle, outlineWidth} = getComputedStyle(activeElement); \
                 if (activeElement === document.body) return 'none'; \
                 return [activeElement.id || activeElement.textContent, outlineStyle, outlineWidth].join('|')")
            .await;
        assert_eq!(focus, format!("{control}|solid|3px"));
    }
}

/// A property of the element that has the focus.
async fn focus(browser: &Browser, property: &str) -> String {
    let value = browser.js(&format!("return document.activeElement.{property}")).await;
    value.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn tab_reaches_every_control_in_order_and_enter_submits_the_form() {
    let worker = page_state::start_worker("keyboard");
    let browser = Browser::open().await;

    State::Link.reach(&worker, &browser).await;
    tab_through(
        &browser,
        &["Password", CHOOSE_PASSWORD.show_password, CHOOSE_PASSWORD.change_password, PAGES.log_in],
    )
    .await;

    State::Paste.reach(&worker, &browser).await;
    let account = worker.user_with_code().await;
    tab_through(&browser, &["UserId"]).await;
    type_text(&browser, &account.user_id).await;
    tab_through(&browser, &["PendingCode"]).await;
    type_text(&browser, &account.code.to_string()).await;
    tab_through(&browser, &["Password", CHOOSE_PASSWORD.show_password]).await;
    press(&browser, ' ').await;
    assert_eq!(browser.attribute("#Password", "type").await.unwrap(), "text");
    tab_through(&browser, &[CHOOSE_PASSWORD.change_password, PAGES.log_in]).await;

    // A refusal leaves the focus on the field, so that the user can go on typing.
    for _ in 0..3 {
        press_shift_tab(&browser).await;
    }
    type_text(&browser, "four words").await;
    press(&browser, Key::Enter.into()).await;
    assert!(browser.outcome().await.contains("too short"));
    assert_eq!(focus(&browser, "id").await, "Password");
    type_text(&browser, " that fit").await;
    press(&browser, Key::Enter.into()).await;
    browser.find("h1.done").await;
    assert_eq!(focus(&browser, "textContent").await, CHOOSE_PASSWORD.changed_title);
    tab_through(&browser, &[PAGES.log_in]).await;
    assert!(worker.has_password(&account, GOOD).await);

    State::RequestLink.reach(&worker, &browser).await;
    tab_through(&browser, &["UserName", REQUEST_LINK.send_email, PAGES.log_in]).await;
    State::RequestLink.reach(&worker, &browser).await;
    tab_through(&browser, &["UserName"]).await;
    type_text(&browser, "nobody").await;
    press(&browser, Key::Enter.into()).await;
    browser.find("h1.done").await;
}

#[tokio::test]
async fn a_dead_link_leads_to_a_new_one() {
    let worker = Worker::shared();
    let browser = Browser::open().await;
    State::Refused("link-dead").reach(worker, &browser).await;
    assert_eq!(focus(&browser, "id").await, "problem");
    tab_through(&browser, &[PAGES.request_new_link]).await;
    press(&browser, Key::Enter.into()).await;
    browser.find("#UserName").await;
}
