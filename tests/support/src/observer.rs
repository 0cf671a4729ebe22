//! What `observed.mjs`, between the Worker and the runtime, observes, and the faults that it causes.
//!
//! A request names itself in the header [`NAME`], asks for faults in [`FAULT`], and is held at D1 by [`GATHER`]. The
//! response lists the Worker's operations in [`OPERATIONS`].

use reqwest::Response;
use serde_json::{Value, json};

use crate::{
    http::{CLIENT_ADDRESS, fresh_address},
    worker::Worker,
};

/// A name for the request, by which [`Worker::operations`] and [`Worker::release`] find it.
pub const NAME: &str = "test-name";

/// Faults, separated by commas: the first applies to the first operation of its kind, and so on. See `observed.mjs`.
pub const FAULT: &str = "test-fault";

/// `<name>:<size>`: holds the request before D1 until `size` requests of this name have arrived there.
pub const GATHER: &str = "test-gather";

/// What the Worker did in KV, D1 and the queue before its response, separated by commas.
pub const OPERATIONS: &str = "test-operations";

/// How many rows D1 read for the request.
pub const ROWS_READ: &str = "test-rows-read";

impl Worker {
    /// The operations of the request that calls itself `name`, before its response and after.
    pub async fn operations(&self, name: &str) -> Vec<String> {
        self.observer(&format!("operations?of={name}"), Value::Null).await.json().await.unwrap()
    }

    /// Waits until the request that calls itself `name` has begun an operation.
    pub async fn wait_for_operation(&self, name: &str) {
        self.wait_until("an operation", async || !self.operations(name).await.is_empty()).await;
    }

    /// Lets the request that calls itself `name`, which the fault `kv:wait` holds, go on.
    pub async fn release(&self, name: &str) {
        self.observer(&format!("release?of={name}"), Value::Null).await;
    }

    /// The response to a health check with these faults. Waits until it is not an earlier result.
    pub async fn check_health(&self, fault: &str) -> Response {
        let mut response = None;
        self.wait_until("a result of its own", async || {
            let request = self.get("/health").header(CLIENT_ADDRESS, fresh_address()).header(FAULT, fault);
            let current = request.send().await.unwrap();
            let is_own = !current.headers()[OPERATIONS].is_empty();
            response = Some(current);
            is_own
        })
        .await;
        response.unwrap()
    }

    /// What was written to Analytics Engine.
    pub async fn data_points(&self) -> Vec<Value> {
        self.observer("points", Value::Null).await.json().await.unwrap()
    }

    /// The method and `Content-Type` of each request that pages of `origin` have sent since the last time.
    pub async fn take_arrivals(&self, origin: &str) -> Vec<[Value; 2]> {
        let arrivals = self.observer(&format!("arrivals?from={origin}"), Value::Null).await;
        let arrivals: Vec<Value> = arrivals.json().await.unwrap();
        arrivals.iter().map(|it| [it["method"].clone(), it["headers"]["content-type"].clone()]).collect()
    }

    /// How many POST requests have arrived from a client's address.
    pub async fn posts(&self, address: &str) -> u64 {
        self.observer(&format!("posts?from={address}"), Value::Null).await.json().await.unwrap()
    }

    /// Makes the e-mail binding fail this many times.
    pub async fn fail_mailer(&self, times: u32) {
        self.observer("mailer-fails", json!(times)).await;
    }

    /// Makes each deletion in KV by the consumer of the queue take a minute.
    pub async fn slow_deletions(&self) {
        self.observer("slow-deletions", Value::Null).await;
    }

    /// Makes the e-mail binding never answer the next mail.
    pub async fn hang_mailer(&self) {
        self.observer("mailer-hangs", Value::Null).await;
    }

    /// Waits until the e-mail binding has a mail that it does not answer.
    pub async fn wait_for_hanging_mail(&self) {
        let count =
            async || -> u64 { self.observer("hanging-mails", Value::Null).await.json().await.unwrap() };
        self.wait_until("a mail", async || count().await > 0).await;
    }

    /// What has cost money so far, by what it is.
    pub async fn totals(&self) -> Value {
        self.observer("totals", Value::Null).await.json().await.unwrap()
    }

    /// The statements that D1 has executed since the last time, with the figures in its `meta`. The first time, nothing.
    pub async fn take_statements(&self) -> Vec<Value> {
        self.observer("statements", Value::Null).await.json().await.unwrap()
    }

    /// Makes the Worker panic when it delivers the next message.
    pub async fn panic_at_next_message(&self) {
        self.observer("queue-panics", Value::Null).await;
    }

    /// Runs the cron handler.
    pub async fn run_cron(&self) {
        self.observer("scheduled", Value::Null).await;
    }

    /// Uses one of the observer's own routes.
    pub async fn observer(&self, route: &str, body: Value) -> Response {
        let request = reqwest::Client::new().post(self.url(&format!("/test/{route}"))).json(&body);
        let response = request.send().await.unwrap();
        assert!(response.status().is_success(), "{route}: {}", self.log());
        response
    }
}
