//! Everyone can use the pages (WCAG 2.2 AA), in every state, in both schemes and both directions of writing.

use serde_json::json;

use crate::{
    browser::{Browser, NARROW},
    states::{self, State},
    worker::Worker,
};

/// Also where a narrow window, or a high zoom, leaves 320 pixels: nobody has to scroll sideways.
async fn everyone_can_use_every_state(language: &str, direction: &str, worker: &Worker) {
    let browser = Browser::with(language, true).await;
    for state in states::ALL {
        state.reach(worker, &browser).await;
        assert_eq!(browser.js("return document.documentElement.lang").await, language);
        assert_eq!(browser.js("return document.documentElement.dir").await, direction);
        assert_accessible(&browser, state).await;
    }
}

async fn assert_accessible(browser: &Browser, state: State) {
    for dark in [false, true] {
        browser.dark(dark).await;
        let scheme = format!("return matchMedia('(prefers-color-scheme: dark)').matches === {dark}");
        assert_eq!(browser.js(&scheme).await, true);
        let found = browser.axe().await;
        assert!(found.is_empty(), "{state:?}, dark: {dark}: {found:#?}");
    }
    browser.screen(NARROW).await;
    let overflow = "const {scrollWidth, clientWidth} = document.documentElement; return [innerWidth, scrollWidth - clientWidth]";
    assert_eq!(browser.js(overflow).await, json!([320, 0]), "{state:?}");
    browser.devtools("Emulation.clearDeviceMetricsOverride", json!({})).await;
}

#[tokio::test]
async fn everyone_can_use_every_state_of_both_pages_in_english() {
    everyone_can_use_every_state("en", "ltr", &states::worker("english")).await;
}

#[tokio::test]
async fn everyone_can_use_every_state_of_both_pages_in_arabic() {
    everyone_can_use_every_state("ar", "rtl", &states::worker("arabic")).await;
}
