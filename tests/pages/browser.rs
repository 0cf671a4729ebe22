//! Chromium, driven through chromedriver.

use std::{
    env,
    fs::{self, File},
    io::{Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use fantoccini::{Client, ClientBuilder, Locator, elements::Element};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::worker::{free_port, fresh_address, until_this_process_ends};

/// How long a browser may take for anything: a hash, a page, its own start.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How often a browser is asked whether something is there.
const POLL: Duration = Duration::from_millis(20);

/// The least that a phone has, and what 1280 pixels are at a zoom of 400 % (WCAG 2.2, 1.4.10).
pub(crate) const NARROW: (u32, u32) = (320, 640);

/// The rules that the pages keep.
const RULES: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/// The chromedriver that all tests share, with the browsers that it started. It ends with this process, and they with it.
struct Chromedriver {
    port: u16,
    _process: Child,
}

impl Chromedriver {
    fn shared() -> &'static Self {
        static SHARED: OnceLock<Chromedriver> = OnceLock::new();
        SHARED.get_or_init(|| {
            let port = free_port();
            let program = env::var_os("CHROMEDRIVER").unwrap_or_else(|| "/usr/bin/chromedriver".into());
            let mut command = Command::new(program);
            command.arg(format!("--port={port}")).current_dir(env!("CARGO_MANIFEST_DIR"));
            fs::create_dir_all(folder()).unwrap();
            let log = folder().join("chromedriver.log");
            let chromedriver = Self { port, _process: until_this_process_ends(&command, &log) };
            let start = Instant::now();
            while TcpStream::connect(("127.0.0.1", port)).is_err() {
                assert!(start.elapsed() < TIMEOUT, "not ready: {}", fs::read_to_string(&log).unwrap());
                std::thread::sleep(Duration::from_millis(20));
            }
            chromedriver
        })
    }

    fn session(&self, id: &str) -> String {
        format!("http://127.0.0.1:{}/session/{id}", self.port)
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages")
}

/// A browser with a profile of its own, which calls from an address that nobody else has.
pub(crate) struct Browser {
    pub(crate) client: Client,
    session: String,
    profile: PathBuf,
    javascript: bool,
}

impl Browser {
    /// As most people have it.
    pub(crate) async fn open() -> Self {
        Self::with("en-US", true).await
    }

    /// With a language, and with JavaScript or without it.
    pub(crate) async fn with(language: &str, javascript: bool) -> Self {
        static LAST: AtomicU32 = AtomicU32::new(0);
        let profile = folder().join(format!("profile-{}", LAST.fetch_add(1, Ordering::Relaxed)));
        let _ = fs::remove_dir_all(&profile);

        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut capabilities: Value =
            serde_json::from_reader(File::open(root.join("webdriver.json")).unwrap()).unwrap();
        let options = &mut capabilities["goog:chromeOptions"];
        let arguments = options["args"].as_array_mut().unwrap();
        // It ends with the pipe, that is with chromedriver, however that ends.
        arguments.push("--remote-debugging-pipe".into());
        arguments.push(format!("--user-data-dir={}", profile.display()).into());
        arguments.push(format!("--accept-lang={language}").into());
        options["prefs"] = json!({
            "intl.accept_languages": language,
            "profile.managed_default_content_settings.javascript": if javascript { 1 } else { 2 },
        });

        let Value::Object(capabilities) = capabilities else { panic!("no object in webdriver.json") };
        let chromedriver = Chromedriver::shared();
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", chromedriver.port))
            .await
            .unwrap();
        let id = client.session_id().await.unwrap().unwrap();
        let browser = Self { client, session: chromedriver.session(&id), profile, javascript };
        browser.sends(json!({})).await;
        browser
    }

    /// A command of the Chrome `DevTools` protocol.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let url = format!("{}/goog/cdp/execute", self.session);
        let body = json!({"cmd": command, "params": parameters});
        let answer = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        assert!(answer["value"]["error"].is_null(), "{command}: {answer}");
        answer["value"].clone()
    }

    /// Sends these headers with every request, beside an address of its own.
    pub(crate) async fn sends(&self, mut headers: Value) {
        if headers["CF-Connecting-IP"].is_null() {
            headers["CF-Connecting-IP"] = fresh_address().into();
        }
        self.devtools("Network.enable", json!({})).await;
        self.devtools("Network.setExtraHTTPHeaders", json!({"headers": headers})).await;
    }

    /// Sends nothing but what browser and page send of themselves. To CORS, a header of [`Browser::sends`] is the page's own,
    /// and brings a preflight.
    pub(crate) async fn sends_nothing_more(&self) {
        self.devtools("Network.setExtraHTTPHeaders", json!({"headers": {}})).await;
    }

    /// Is cut off from every network, or connected again.
    pub(crate) async fn offline(&self, offline: bool) {
        let network =
            json!({"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1});
        self.devtools("Network.emulateNetworkConditions", network).await;
    }

    /// Prefers a dark scheme, or a light one.
    pub(crate) async fn dark(&self, dark: bool) {
        let scheme = if dark { "dark" } else { "light" };
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// Has a screen of this size.
    pub(crate) async fn screen(&self, (width, height): (u32, u32)) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    pub(crate) async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// What the address bar shows.
    pub(crate) async fn address(&self) -> String {
        self.client.current_url().await.unwrap().to_string()
    }

    /// The element, as soon as it is there.
    pub(crate) async fn find(&self, css: &str) -> Element {
        self.client.wait().at_most(TIMEOUT).every(POLL).for_element(Locator::Css(css)).await.unwrap()
    }

    pub(crate) async fn click(&self, css: &str) {
        self.find(css).await.click().await.unwrap();
    }

    /// The visible text of an element.
    pub(crate) async fn text(&self, css: &str) -> String {
        self.find(css).await.text().await.unwrap()
    }

    pub(crate) async fn type_into(&self, name: &str, text: &str) {
        let field = self.find(&format!("#{name}")).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// What is in a field.
    pub(crate) async fn value(&self, name: &str) -> String {
        self.find(&format!("#{name}")).await.prop("value").await.unwrap().unwrap()
    }

    /// Presses the form's button, and waits for what comes of it: the name of the problem, or "done".
    pub(crate) async fn submit(&self) -> String {
        if self.javascript {
            self.click("button[data-wait]").await;
        } else {
            // The answer is another page, which does not have this mark.
            self.js("document.documentElement.dataset.before = ''").await;
            self.click("button[data-wait]").await;
            self.find("html:not([data-before])").await;
        }
        self.outcome().await
    }

    /// What came of the form: the name of the problem, or "done". The problem is found by its text.
    pub(crate) async fn outcome(&self) -> String {
        self.find("h1.done, form:not([aria-busy=true])").await;
        self.find("h1.done, #problem:not([hidden])").await;
        let name = self
            .js("const shown = document.getElementById('problem')?.textContent.trim(); \
                 return document.querySelector('h1.done') ? 'done' \
                 : [...document.querySelectorAll('template[data-problem]')] \
                 .find(({content}) => content.textContent.trim() === shown)?.dataset.problem ?? shown")
            .await;
        name.as_str().unwrap().to_owned()
    }

    /// Runs JavaScript in the page, also where the page may not.
    pub(crate) async fn js(&self, script: &str) -> Value {
        self.client.execute(script, vec![]).await.unwrap()
    }

    /// Follows the link out of a problem that ends the way, to the page that asks for a new link.
    pub(crate) async fn ask_for_a_new_link(&self) {
        self.click("#problem a[href='/forgotPassword']").await;
        self.find("#UserName").await;
    }

    /// What axe-core finds wrong with the page, or cannot judge.
    pub(crate) async fn axe(&self) -> Vec<Value> {
        static AXE: OnceLock<String> = OnceLock::new();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules/axe-core/axe.min.js");
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
    /// Ends the browser, also where the test fails.
    fn drop(&mut self) {
        let Some((host, path)) = self.session.strip_prefix("http://").and_then(|url| url.split_once('/'))
        else {
            return;
        };
        if let Ok(mut socket) = TcpStream::connect(host) {
            let _ = socket.set_read_timeout(Some(TIMEOUT));
            let _ = write!(socket, "DELETE /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            // It answers once the browser has ended.
            let _ = socket.read(&mut [0]);
        }
        let _ = fs::remove_dir_all(&self.profile);
    }
}
