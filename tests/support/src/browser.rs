//! Chromium, driven through chromedriver.

use std::{
    fs::{self, File},
    io::{Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use fantoccini::{Client, ClientBuilder, Locator, elements::Element};
use hyper_util::client::legacy::connect::HttpConnector;
use reset_password2::languages::Language;
use serde_json::{Value, json};

use crate::{
    account::Account,
    chromedriver::{self, Chromedriver},
    http::fresh_address,
    paths::root,
    worker::Worker,
};

/// How long a browser may take for anything: a hash, a page, its own start.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How often a browser is asked whether something is there.
const POLL: Duration = Duration::from_millis(20);

/// The smallest phone, and also a window of 1280 pixels at a zoom of 400 % (WCAG 2.2, 1.4.10).
pub const NARROW: (u32, u32) = (320, 640);

/// The rules of axe-core that the pages must pass.
const RULES: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/// A browser with its own profile, and an address that no other test calls from.
pub struct Browser {
    /// Its session with chromedriver.
    pub client: Client,
    /// The language that it prefers.
    pub language: Language,
    session: String,
    profile: PathBuf,
    javascript: bool,
}

impl Browser {
    /// Opens a browser with the usual settings.
    pub async fn open() -> Self {
        Self::open_with(Language::English, true).await
    }

    /// Opens a browser without JavaScript.
    pub async fn open_without_javascript() -> Self {
        Self::open_with(Language::English, false).await
    }

    /// Opens a browser that prefers this language.
    pub async fn open_in(language: Language) -> Self {
        Self::open_with(language, true).await
    }

    async fn open_with(language: Language, javascript: bool) -> Self {
        let profile = fresh_profile();
        let chromedriver = Chromedriver::shared();
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(&profile, language.tag(), javascript))
            .connect(&chromedriver.origin)
            .await
            .unwrap();
        let id = client.session_id().await.unwrap().unwrap();
        let session = format!("{}/session/{id}", chromedriver.origin);
        let browser = Self { client, language, session, profile, javascript };
        browser.set_headers(json!({})).await;
        browser
    }

    /// Makes it prefer this language from the next page on.
    pub async fn set_language(&mut self, language: Language) {
        self.language = language;
        let user_agent = self.js("return navigator.userAgent").await;
        let parameters = json!({"userAgent": user_agent, "acceptLanguage": language.tag()});
        self.devtools("Emulation.setUserAgentOverride", parameters).await;
    }

    /// Runs a command of the Chrome `DevTools` protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let url = format!("{}/goog/cdp/execute", self.session);
        let body = json!({"cmd": command, "params": parameters});
        let response = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
        let response: Value = response.json().await.unwrap();
        assert!(response["value"]["error"].is_null(), "{command}: {response}");
        response["value"].clone()
    }

    /// Adds these headers, and its address, to every request from now on.
    pub async fn set_headers(&self, mut headers: Value) {
        if headers["CF-Connecting-IP"].is_null() {
            headers["CF-Connecting-IP"] = fresh_address().into();
        }
        self.devtools("Network.enable", json!({})).await;
        self.devtools("Network.setExtraHTTPHeaders", json!({"headers": headers})).await;
    }

    /// Adds no headers from now on. CORS takes those of [`Browser::set_headers`] for the page's own, and sends a preflight.
    pub async fn clear_headers(&self) {
        self.devtools("Network.setExtraHTTPHeaders", json!({"headers": {}})).await;
    }

    /// Disconnects it from the network, or connects it again.
    pub async fn set_offline(&self, offline: bool) {
        let network =
            json!({"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
        self.devtools("Network.emulateNetworkConditions", network).await;
    }

    /// Makes it prefer a dark color scheme, or a light one.
    pub async fn set_dark(&self, dark: bool) {
        self.set_media("prefers-color-scheme", if dark { "dark" } else { "light" }).await;
    }

    /// Sets a media feature, and resets all others.
    pub async fn set_media(&self, name: &str, value: &str) {
        let features = json!({"features": [{"name": name, "value": value}]});
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// Sets the user's font size, in pixels. The default is 16.
    pub async fn set_font_size(&self, pixels: u32) {
        self.devtools("Page.setFontSizes", json!({"fontSizes": {"standard": pixels}})).await;
    }

    /// Runs a script in each page from now on, before the page's own scripts.
    pub async fn run_before_scripts(&self, source: &str) {
        self.devtools("Page.enable", json!({})).await;
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": source})).await;
    }

    /// Gives it a screen of this size.
    pub async fn set_screen(&self, size: (u32, u32)) {
        self.set_screen_with(size, 1.0).await;
    }

    /// Gives it a screen of this size in CSS pixels, with `scale` physical pixels for each.
    pub async fn set_screen_with(&self, (width, height): (u32, u32), scale: f64) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": scale, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Gives it back the screen that it had at first.
    pub async fn reset_screen(&self) {
        self.devtools("Emulation.clearDeviceMetricsOverride", json!({})).await;
    }

    /// Opens a page.
    pub async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// The URL in the address bar.
    pub async fn address(&self) -> String {
        self.client.current_url().await.unwrap().to_string()
    }

    /// The URLs in the history of its tab, in lower case.
    pub async fn history(&self) -> Vec<String> {
        let history = self.devtools("Page.getNavigationHistory", json!({})).await;
        let entries = history["entries"].as_array().unwrap();
        entries.iter().map(|entry| entry["url"].as_str().unwrap().to_lowercase()).collect()
    }

    /// Waits for an element.
    pub async fn find(&self, css: &str) -> Element {
        self.client.wait().at_most(TIMEOUT).every(POLL).for_element(Locator::Css(css)).await.unwrap()
    }

    /// Clicks an element.
    pub async fn click(&self, css: &str) {
        self.find(css).await.click().await.unwrap();
    }

    /// Whether an element can be seen.
    pub async fn is_visible(&self, css: &str) -> bool {
        self.find(css).await.is_displayed().await.unwrap()
    }

    /// The visible text of an element.
    pub async fn text(&self, css: &str) -> String {
        self.find(css).await.text().await.unwrap()
    }

    /// An attribute of an element.
    pub async fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.find(css).await.attr(name).await.unwrap()
    }

    /// Replaces the text in a field.
    pub async fn type_into(&self, id: &str, text: &str) {
        let field = self.find(&format!("#{id}")).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// The text in a field.
    pub async fn value(&self, id: &str) -> String {
        self.find(&format!("#{id}")).await.prop("value").await.unwrap().unwrap()
    }

    /// Runs JavaScript in the page, even where the page itself may not.
    pub async fn js(&self, script: &str) -> Value {
        self.client.execute(script, vec![]).await.unwrap()
    }

    /// Waits until a script in the page returns this.
    pub async fn wait_for_js(&self, script: &str, expected: &Value) {
        let start = Instant::now();
        loop {
            let value = self.js(script).await;
            if value == *expected {
                return;
            }
            assert!(start.elapsed() < TIMEOUT, "{script}: {value} instead of {expected}");
            tokio::time::sleep(POLL).await;
        }
    }

    /// Opens a user's link.
    pub async fn open_link(&self, worker: &Worker, account: &Account) {
        if !self.javascript {
            // From the page itself, the link would only change the fragment, and no script would notice.
            self.goto("about:blank").await;
        }
        self.goto(&worker.link(account)).await;
    }

    /// Enters a password. Without JavaScript, also the user id and the code, which only a script can read from the link.
    pub async fn enter_password(&self, account: &Account, password: &str) {
        if !self.javascript {
            self.type_into("UserId", &account.user_id).await;
            self.type_into("PendingCode", &account.code.to_string()).await;
        }
        self.type_into("Password", password).await;
    }

    /// Makes the password readable.
    pub async fn show_password(&self) {
        self.click("[data-show-password]").await;
        assert_eq!(self.attribute("#Password", "type").await.unwrap(), "text");
        assert_eq!(self.attribute("[data-show-password]", "aria-pressed").await.unwrap(), "true");
    }

    /// Presses the form's button, and waits for its [`outcome`](Browser::outcome).
    pub async fn submit(&self) -> String {
        if self.javascript {
            self.click("button[data-wait]").await;
        } else {
            // The response is another page, without this mark.
            self.js("document.documentElement.dataset.before = ''").await;
            self.click("button[data-wait]").await;
            self.find("html:not([data-before])").await;
        }
        self.outcome().await
    }

    /// Waits until the form has been processed. Returns why it was refused, or the heading of the page that replaced it.
    pub async fn outcome(&self) -> String {
        let shown = "#problem:has(~ form:not([aria-busy=true])) p, h1[class]";
        self.find(shown).await;
        let text = self.js(&format!("return document.querySelector('{shown}').textContent")).await;
        text.as_str().unwrap().to_owned()
    }

    /// Follows the link from a problem that only a new link solves, to the page that requests one.
    pub async fn request_new_link(&self) {
        self.click("#problem a[href='/forgotPassword']").await;
        self.find("#UserName").await;
    }

    /// How many colors there are in a part of the page at the top, a `Viewport` of the `DevTools` protocol.
    pub async fn colors_in(&self, clip: Value) -> u64 {
        let screenshot = self.devtools("Page.captureScreenshot", json!({"clip": clip})).await;
        let count = "const [png, done] = arguments; \
             const bytes = Uint8Array.from(atob(png), (byte) => byte.charCodeAt(0)); \
             createImageBitmap(new Blob([bytes])).then((bitmap) => { \
                 const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d'); \
                 context.drawImage(bitmap, 0, 0); \
                 const {data} = context.getImageData(0, 0, bitmap.width, bitmap.height); \
                 done(new Set(new Uint32Array(data.buffer)).size); \
             })";
        let colors = self.client.execute_async(count, vec![screenshot["data"].clone()]).await.unwrap();
        colors.as_u64().unwrap()
    }

    /// What axe-core finds wrong with the page, or can't judge.
    pub async fn axe(&self) -> Vec<Value> {
        static AXE: OnceLock<String> = OnceLock::new();
        let path = root().join("node_modules/axe-core/axe.min.js");
        self.js(AXE.get_or_init(|| fs::read_to_string(path).unwrap())).await;
        let found = self
            .client
            .execute_async(
                "const [tags, done] = arguments; \
                 axe.run(document, {runOnly: {type: 'tag', values: tags}}).then(({violations, incomplete, passes}) => \
                 done(passes.length === 0 ? ['axe checked nothing'] : [...violations, ...incomplete] \
                 .map(({id, help, nodes}) => ({id, help, nodes: nodes.map(({html, failureSummary}) => [html, failureSummary])}))))",
                vec![json!(RULES)],
            )
            .await
            .unwrap();
        found.as_array().unwrap().clone()
    }
}

impl Drop for Browser {
    /// Ends the browser, even if the test fails.
    fn drop(&mut self) {
        let url = self.session.strip_prefix("http://").and_then(|url| url.split_once('/'));
        let Some((host, path)) = url else { return };
        if let Ok(mut socket) = TcpStream::connect(host) {
            let _ = socket.set_read_timeout(Some(TIMEOUT));
            let _ = write!(socket, "DELETE /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            // The response comes once the browser has ended.
            let _ = socket.read(&mut [0]);
        }
        let _ = fs::remove_dir_all(&self.profile);
    }
}

/// A folder for a profile, which doesn't exist yet.
fn fresh_profile() -> PathBuf {
    static LAST: AtomicU32 = AtomicU32::new(0);
    let number = LAST.fetch_add(1, Ordering::Relaxed);
    let profile = chromedriver::folder().join(format!("profile-{number}"));
    let _ = fs::remove_dir_all(&profile);
    profile
}

/// The capabilities in webdriver.json, and what makes one browser differ from another.
fn capabilities(profile: &Path, language: &str, javascript: bool) -> serde_json::Map<String, Value> {
    let file = File::open(root().join("webdriver.json")).unwrap();
    let mut capabilities: serde_json::Map<String, Value> = serde_json::from_reader(file).unwrap();
    let options = &mut capabilities["goog:chromeOptions"];
    let arguments = options["args"].as_array_mut().unwrap();
    // The browser ends with the pipe, that is with chromedriver, however that ends.
    arguments.push("--remote-debugging-pipe".into());
    arguments.push(format!("--user-data-dir={}", profile.display()).into());
    arguments.push(format!("--accept-lang={language}").into());
    options["prefs"] = json!({
        "intl.accept_languages": language,
        "profile.managed_default_content_settings.javascript": if javascript { 1 } else { 2 },
    });
    capabilities
}
