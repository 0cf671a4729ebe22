//! Everyone can use the pages (WCAG 2.2 AA), in every state, in both color schemes and both writing directions.

use serde_json::json;
use test_support::{
    browser::{Browser, NARROW},
    page_state::{self, State},
};

async fn assert_every_state_is_accessible(language: &str, direction: &str) {
    let worker = page_state::start_worker(&format!("accessibility-{language}"));
    let browser = Browser::open_with(language, true).await;
    for state in page_state::ALL {
        state.reach(&worker, &browser).await;
        assert_eq!(browser.js("return document.documentElement.lang").await, language);
        assert_eq!(browser.js("return document.documentElement.dir").await, direction);
        assert_accessible(&browser, state).await;
        assert_fits_narrow_screen(&browser, state).await;
    }
}

async fn assert_accessible(browser: &Browser, state: State) {
    for dark in [false, true] {
        browser.set_dark(dark).await;
        let scheme = format!("return matchMedia('(prefers-color-scheme: dark)').matches === {dark}");
        assert_eq!(browser.js(&scheme).await, true);
        let found = browser.axe().await;
        assert!(found.is_empty(), "{state:?}, dark: {dark}: {found:#?}");
    }
}

/// Nobody has to scroll sideways.
async fn assert_fits_narrow_screen(browser: &Browser, state: State) {
    browser.set_screen(NARROW).await;
    let overflow = "const {scrollWidth, clientWidth} = document.documentElement; return [innerWidth, scrollWidth - clientWidth]";
    assert_eq!(browser.js(overflow).await, json!([320, 0]), "{state:?}");
    browser.reset_screen().await;
}

#[tokio::test]
async fn every_state_of_both_pages_is_accessible_in_english() {
    assert_every_state_is_accessible("en", "ltr").await;
}

#[tokio::test]
async fn every_state_of_both_pages_is_accessible_in_arabic() {
    assert_every_state_is_accessible("ar", "rtl").await;
}
