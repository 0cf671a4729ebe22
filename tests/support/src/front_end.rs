//! The front ends that exchanges have: pages on another origin that make calls with JavaScript, each in its own way.

use serde_json::{Value, json};

use crate::{browser::Browser, site::Site, worker::Worker};

/// How a front end makes calls.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    page: &'static str,
    /// The `Content-Type` of its JSON.
    content_type: &'static str,
}

/// With the Fetch API.
pub const FETCH: Kind = Kind { page: "fetch.html", content_type: "text/plain;charset=UTF-8" };

/// With jQuery 1.
pub const JQUERY: Kind =
    Kind { page: "jquery.html", content_type: "application/x-www-form-urlencoded; charset=UTF-8" };

/// A front end in a browser.
pub struct FrontEnd<'a> {
    /// The browser that shows it.
    pub browser: &'a Browser,
    /// The Worker that it calls.
    pub worker: &'a Worker,
    origin: &'a str,
    content_type: &'static str,
}

impl<'a> FrontEnd<'a> {
    /// Opens a front end.
    pub async fn open(kind: Kind, site: &'a Site, worker: &'a Worker, browser: &'a Browser) -> Self {
        let Kind { page, content_type } = kind;
        let origin = &site.origin;
        browser.goto(&format!("{origin}/{page}?gateway={}", worker.url("/AP/"))).await;
        Self { browser, worker, origin, content_type }
    }

    /// Makes a call, and returns what the page read: the outcome, the status, `Retry-After` and the body.
    pub async fn call(&self, name: &str, payload: &Value) -> Value {
        self.call_with(json!({}), name, payload).await
    }

    /// Makes a call with options of the page's API.
    pub async fn call_with(&self, options: Value, name: &str, payload: &Value) -> Value {
        let script = "const [name, payload, options, show] = arguments; call(name, payload, options, show)";
        let arguments = vec![name.into(), payload.clone(), options];
        self.browser.client.execute_async(script, arguments).await.unwrap()
    }

    /// Makes calls until the status of one isn't 200, and returns what the page read last. At most one more than twice the
    /// allowed number, since a minute may end in between.
    pub async fn call_until_limited(&self, payload: &Value) -> Value {
        let script = "const [payload, show] = arguments; let calls = 0; \
                      const next = () => call('ResetPassword2', payload, {}, \
                      (read) => (++calls > 120 || read.status !== 200) ? show(read) : next()); next()";
        self.browser.client.execute_async(script, vec![payload.clone()]).await.unwrap()
    }

    /// The method and `Content-Type` of each request that arrived from the page's origin since the last time.
    pub async fn take_arrivals(&self) -> Vec<[Value; 2]> {
        self.worker.take_arrivals(self.origin).await
    }

    /// What arrives of a call without a preflight: a POST that a form could have sent.
    pub fn simple_request(&self) -> [Value; 2] {
        ["POST".into(), self.content_type.into()]
    }
}
