//! Contract, section 7.

use std::sync::OnceLock;

use reqwest::Client;

use crate::{
    outcomes::{GOOD, standard_response},
    worker::{Options, Worker},
};

/// A Worker with other settings than those of wrangler.toml.
pub(crate) fn configured() -> &'static Worker {
    static CONFIGURED: OnceLock<Worker> = OnceLock::new();
    let vars = [
        "PASSWORD_MIN_LENGTH:8",
        "PASSWORD_CONTEXT_WORDS:Example, ExEx",
        "ALLOWED_ORIGIN:https://exchange.example",
    ];
    CONFIGURED.get_or_init(|| Worker::start(&Options { name: "configured", vars: &vars, ..Options::DEFAULT }))
}

/// A Worker with a setting that makes no sense.
pub(crate) fn misconfigured() -> &'static Worker {
    static MISCONFIGURED: OnceLock<Worker> = OnceLock::new();
    let vars = ["PASSWORD_MIN_LENGTH:7"];
    MISCONFIGURED
        .get_or_init(|| Worker::start(&Options { name: "misconfigured", vars: &vars, ..Options::DEFAULT }))
}

#[tokio::test]
async fn settings_that_are_set() {
    let worker = configured();
    let account = worker.user_with_code().await;
    for (password, code) in [
        ("7 chars", 101),
        ("password", 101),
        ("my eXeX secret", 101),
        ("for example this", 101),
        ("8 chars!", 0),
    ] {
        let response = worker.post(account.payload(password)).send().await.unwrap();
        assert_eq!(response.headers()["access-control-allow-origin"], "https://exchange.example");
        let answer = standard_response(&response.text().await.unwrap());
        assert_eq!(answer["errorcode"], code, "{password}: {answer}");
    }
    let lost = Client::new().get(&worker.origin).send().await.unwrap();
    assert_eq!(lost.headers()["access-control-allow-origin"], "https://exchange.example");
}

#[tokio::test]
async fn a_setting_that_makes_no_sense_is_named_at_the_first_request() {
    let worker = misconfigured();
    let account = worker.user_with_code().await;
    let response = worker.post(account.payload(GOOD)).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    let answer = standard_response(&response.text().await.unwrap());
    assert_eq!(answer["errorcode"], 102);
    assert!(answer["detail"].as_str().unwrap().contains("PASSWORD_MIN_LENGTH"), "{answer}");
    worker.logs("The setting PASSWORD_MIN_LENGTH must be").await;

    let page = Client::new().get(format!("{}/forgotPassword", worker.origin)).send().await.unwrap();
    assert_eq!(page.status(), 503);
    assert!(page.text().await.unwrap().contains("PASSWORD_MIN_LENGTH"));
    assert_eq!(worker.stored_hash(&account).await, None);
}
