//! Nobody needs a mouse.

use fantoccini::{
    actions::{InputSource as _, KeyAction, KeyActions},
    key::Key,
};
use reset_password2::password::{Verification, verify};

use crate::{
    GOOD,
    browser::Browser,
    states::{self, State},
};

async fn press(browser: &Browser, key: char) {
    let keys = KeyActions::new("keyboard".to_owned())
        .then(KeyAction::Down { value: key })
        .then(KeyAction::Up { value: key });
    browser.client.perform_actions(keys).await.unwrap();
}

async fn types(browser: &Browser, text: &str) {
    for key in text.chars() {
        press(browser, key).await;
    }
}

/// Shift and Tab.
async fn back(browser: &Browser) {
    let keys = KeyActions::new("keyboard".to_owned())
        .then(KeyAction::Down { value: Key::Shift.into() })
        .then(KeyAction::Down { value: Key::Tab.into() })
        .then(KeyAction::Up { value: Key::Tab.into() })
        .then(KeyAction::Up { value: Key::Shift.into() });
    browser.client.perform_actions(keys).await.unwrap();
}

/// What Tab comes to: each control's id, else its text. It shows that it has the focus.
async fn tab(browser: &Browser) -> String {
    press(browser, Key::Tab.into()).await;
    let focus = browser
        .js("const {activeElement} = document, {outlineStyle, outlineWidth} = getComputedStyle(activeElement); \
             if (activeElement === document.body) return 'none'; \
             return [activeElement.id || activeElement.textContent, outlineStyle, outlineWidth].join('|')")
        .await;
    let focus = focus.as_str().unwrap().to_owned();
    let Some(name) = focus.strip_suffix("|solid|3px") else { panic!("it cannot be seen: {focus}") };
    name.to_owned()
}

async fn tabs(browser: &Browser, expected: &[&str]) {
    for control in expected {
        assert_eq!(tab(browser).await, *control);
    }
}

#[tokio::test]
async fn a_keyboard_comes_to_every_control_in_order_and_enter_sends_the_form() {
    let worker = states::worker("keyboard");
    let browser = Browser::open().await;

    State::Link.reach(&worker, &browser).await;
    tabs(&browser, &["Password", "Show password", "Change password", "Log in"]).await;

    State::Paste.reach(&worker, &browser).await;
    let account = worker.user_with_code().await;
    tabs(&browser, &["UserId"]).await;
    types(&browser, &account.user_id).await;
    tabs(&browser, &["PendingCode"]).await;
    types(&browser, &account.code.to_string()).await;
    tabs(&browser, &["Password", "Show password"]).await;
    press(&browser, ' ').await;
    assert_eq!(browser.find("#Password").await.attr("type").await.unwrap().unwrap(), "text");
    tabs(&browser, &["Change password", "Log in"]).await;

    // A refusal leaves the keyboard where something can be done: it is typed on, and sent.
    for _ in 0..3 {
        back(&browser).await;
    }
    types(&browser, "four words").await;
    press(&browser, Key::Enter.into()).await;
    assert_eq!(browser.outcome().await, "too-short");
    assert_eq!(browser.js("return document.activeElement.id").await, "Password");
    types(&browser, " that fit").await;
    press(&browser, Key::Enter.into()).await;
    browser.find("h1.done").await;
    assert_eq!(
        browser.js("return document.activeElement.textContent").await,
        "Your password has been changed"
    );
    tabs(&browser, &["Log in"]).await;
    let hash = worker.stored_hash(&account).await.unwrap();
    assert_eq!(verify(GOOD, &hash), Ok(Verification::Match { needs_rehash: false }));

    State::Forgot.reach(&worker, &browser).await;
    tabs(&browser, &["UserName", "Send e-mail", "Log in"]).await;
    State::Forgot.reach(&worker, &browser).await;
    tabs(&browser, &["UserName"]).await;
    types(&browser, "nobody").await;
    press(&browser, Key::Enter.into()).await;
    browser.find("h1.done").await;

    // The way out of a dead link.
    State::Refused("link-dead").reach(&worker, &browser).await;
    assert_eq!(browser.js("return document.activeElement.id").await, "problem");
    tabs(&browser, &["Request a new link"]).await;
    press(&browser, Key::Enter.into()).await;
    browser.find("#UserName").await;
}
