//! `make screenshots`: a picture of every state of both pages, for the eye of a designer.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    dead_code,
    reason = "pictures, with the hands of the browser tests"
)]

mod browser;
mod states;
#[path = "../e2e/worker.rs"]
mod worker;

use std::{fs, path::Path};

use browser::Browser;

/// A password that the policy takes.
const GOOD: &str = "four words that fit";

const SCREENS: [(&str, (u32, u32)); 2] = [("phone", (390, 844)), ("desktop", (1280, 800))];

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/screenshots");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let worker = states::worker("screenshots");
    for language in ["en", "ar"] {
        let browser = Browser::with(language, true).await;
        for state in states::ALL {
            state.reach(&worker, &browser).await;
            for (device, size) in SCREENS {
                browser.screen(size).await;
                // As much more as it takes to see the whole page.
                let height =
                    browser.js("return document.documentElement.scrollHeight").await.as_u64().unwrap();
                browser.screen((size.0, u32::try_from(height).unwrap())).await;
                for (scheme, dark) in [("light", false), ("dark", true)] {
                    browser.dark(dark).await;
                    let picture = browser.client.screenshot().await.unwrap();
                    let name = format!("{}-{language}-{device}-{scheme}.png", state.name());
                    fs::write(folder.join(name), picture).unwrap();
                }
            }
        }
    }
    println!("{}", folder.display());
}
