//! Everyone can use the pages (WCAG 2.2 AA): in every state, in both color schemes and both writing directions, and in every
//! language.

use reset_password2::languages::Language;
use serde_json::json;
use test_support::{
    browser::{Browser, NARROW},
    page_state::{self, State},
    worker::Worker,
};

/// The states with the most text: every label with a problem, and the longest message. The other states differ in a sentence.
const WORDIEST: [State; 2] = [State::Refused("invalid"), State::LinkRequested];

/// The default font size of browsers, in pixels.
const FONT_SIZE: u32 = 16;

async fn assert_every_state_is_accessible(language: Language) {
    let worker = page_state::start_worker(&format!("accessibility-{}", language.tag()));
    let browser = Browser::open_in(language).await;
    for state in page_state::ALL {
        state.reach(&worker, &browser).await;
        assert_is_in_its_language(&browser).await;
        for dark in [false, true] {
            browser.set_dark(dark).await;
            let scheme = format!("return matchMedia('(prefers-color-scheme: dark)').matches === {dark}");
            assert_eq!(browser.js(&scheme).await, true);
            assert_passes_axe(&browser, state).await;
        }
        assert_fits_narrow_screen(&browser, state).await;
        assert_icon_survives_forced_colors(&browser, state).await;
    }
}

async fn assert_is_in_its_language(browser: &Browser) {
    let language = "const {lang, dir} = document.documentElement; return [lang, dir]";
    let expected = json!([browser.language.tag(), browser.language.direction().to_string()]);
    assert_eq!(browser.js(language).await, expected);
}

async fn assert_passes_axe(browser: &Browser, state: State) {
    let found = browser.axe().await;
    assert!(found.is_empty(), "{:?}, {state:?}: {found:#?}", browser.language);
}

/// No user has to scroll sideways (WCAG 2.2, 1.4.10), even with text of twice the size (1.4.4).
async fn assert_fits_narrow_screen(browser: &Browser, state: State) {
    browser.set_screen(NARROW).await;
    for font_size in [FONT_SIZE, 2 * FONT_SIZE] {
        browser.set_font_size(font_size).await;
        let layout = "const {scrollWidth, clientWidth} = document.documentElement; \
                      return [getComputedStyle(document.body).fontSize, innerWidth, scrollWidth - clientWidth]";
        assert_eq!(
            browser.js(layout).await,
            json!([format!("{font_size}px"), 320, 0]),
            "{:?}, {state:?}",
            browser.language
        );
    }
    browser.set_font_size(FONT_SIZE).await;
    browser.reset_screen().await;
}

/// With forced colors, browsers remove the gradients of which the icon consists, and would leave an empty space.
async fn assert_icon_survives_forced_colors(browser: &Browser, state: State) {
    browser.set_media("forced-colors", "active").await;
    assert_eq!(browser.js("return matchMedia('(forced-colors: active)').matches").await, true);
    // The icon has a row of its own, above the text of the heading.
    let icon = "scrollTo(0, 0); const heading = document.querySelector('h1'); \
                const {x, y, width} = heading.getBoundingClientRect(); \
                return {x, y, width, height: parseFloat(getComputedStyle(heading, '::before').height), scale: 1}";
    let colors = browser.colors_in(browser.js(icon).await).await;
    assert!(colors > 1, "{state:?}: {colors} color");
}

#[tokio::test]
async fn every_state_is_accessible_in_english() {
    assert_every_state_is_accessible(Language::English).await;
}

#[tokio::test]
async fn every_state_is_accessible_in_arabic() {
    assert_every_state_is_accessible(Language::Arabic).await;
}

/// English and Arabic have a test of their own. Colors don't depend on the language, so one color scheme is enough.
#[tokio::test]
async fn every_other_language_is_accessible() {
    let worker = Worker::shared();
    let mut browser = Browser::open().await;
    for language in Language::ALL {
        if matches!(language, Language::English | Language::Arabic) {
            continue;
        }
        browser.set_language(language).await;
        for state in WORDIEST {
            state.reach(worker, &browser).await;
            assert_is_in_its_language(&browser).await;
            assert_passes_axe(&browser, state).await;
            assert_fits_narrow_screen(&browser, state).await;
        }
    }
}
