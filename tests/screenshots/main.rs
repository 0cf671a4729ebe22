//! `make screenshots`: a picture of every state of both pages, to look at.

use std::fs;

use test_support::{browser::Browser, page_state, paths::root};

const SCREENS: [(&str, (u32, u32)); 2] = [("phone", (390, 844)), ("desktop", (1280, 800))];

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let folder = root().join("target/screenshots");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let worker = page_state::start_worker("screenshots");
    for language in ["en", "ar"] {
        let browser = Browser::open_with(language, true).await;
        for state in page_state::ALL {
            state.reach(&worker, &browser).await;
            for (device, size) in SCREENS {
                browser.set_screen(size).await;
                // Tall enough to show the whole page.
                let height =
                    browser.js("return document.documentElement.scrollHeight").await.as_u64().unwrap();
                browser.set_screen((size.0, u32::try_from(height).unwrap())).await;
                for (scheme, dark) in [("light", false), ("dark", true)] {
                    browser.set_dark(dark).await;
                    let picture = browser.client.screenshot().await.unwrap();
                    let name = format!("{}-{language}-{device}-{scheme}.png", state.name());
                    fs::write(folder.join(name), picture).unwrap();
                }
            }
        }
    }
    println!("{}", folder.display());
}
