//! `make rollback`: an earlier version of the Worker beside this one, on the newest schema, as during a deployment and after a
//! rollback. Whichever of the two takes each part in a reset, the reset succeeds, and the code works once.

use std::process::ExitCode;

use reqwest::RequestBuilder;
use serde_json::Value;
use test_support::{
    password::{GOOD, OTHER},
    worker::{Options, Worker},
};

const VERSIONS: [&str; 2] = ["current", "previous"];

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let worker = Worker::start(&Options { script: "tests/support/versions.mjs", ..Options::new("rollback") });
    for consumer in VERSIONS {
        let request = reqwest::Client::new().post(worker.url("/test/consumer")).json(consumer);
        request.send().await.unwrap().error_for_status().unwrap();
        for requested_from in VERSIONS {
            for redeemed_by in VERSIONS {
                reset(&worker, requested_from, redeemed_by).await;
                println!(
                    "link requested: {requested_from}, mails sent: {consumer}, code redeemed: {redeemed_by}"
                );
            }
        }
    }
    ExitCode::SUCCESS
}

/// A user who forgot the password: the link, the reset, and the notice. Then somebody tries the code again.
async fn reset(worker: &Worker, requested_from: &str, redeemed_by: &str) {
    let account = worker.user().await;
    call(worker.reset_password(&account.user_name()), requested_from).await;
    let account = worker.with_code_in(&account, &worker.mail(&account, 1).await);

    let payload = |password| worker.reset_password2(account.payload(password));
    let response = call(payload(GOOD), redeemed_by).await;
    assert_eq!(response["result"], true, "{response}");
    assert!(worker.has_password(&account, GOOD).await);
    worker.mail(&account, 2).await;
    assert_eq!(worker.audit_log(&account).await.len(), 1);

    for version in VERSIONS {
        let response = call(payload(OTHER), version).await;
        assert_eq!(response["result"], false, "{response}");
    }
    assert!(worker.has_password(&account, GOOD).await);
}

async fn call(request: RequestBuilder, version: &str) -> Value {
    request.header("Test-Version", version).send().await.unwrap().json().await.unwrap()
}
