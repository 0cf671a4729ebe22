//! docs/contract.md, section 8: settings.

use test_support::{
    password::GOOD,
    response::{call, standard_response},
    texts::log,
    worker::Worker,
};

#[tokio::test]
async fn settings_take_effect() {
    let worker = Worker::configured();
    let account = worker.user_with_code().await;
    for (password, errorcode) in [
        ("7 chars", 101),
        ("password", 101),
        ("my eXeX secret", 101),
        ("for example this", 101),
        ("8 chars!", 0),
    ] {
        let response = worker.reset_password2(account.payload(password)).send().await.unwrap();
        assert_eq!(response.headers()["access-control-allow-origin"], "https://exchange.example");
        let response = standard_response(&response.text().await.unwrap());
        assert_eq!(response["errorcode"], errorcode, "{password}: {response}");
    }
    let not_found = worker.get("/AP/").send().await.unwrap();
    assert_eq!(not_found.headers()["access-control-allow-origin"], "https://exchange.example");
}

#[tokio::test]
async fn an_invalid_setting_is_named_in_every_response_and_in_the_log() {
    let worker = Worker::misconfigured();
    let account = worker.user_with_code().await;
    let response = call(worker.reset_password2(account.payload(GOOD))).await;
    assert_eq!(response["errorcode"], 102);
    assert!(response["detail"].as_str().unwrap().contains("PASSWORD_MIN_LENGTH"), "{response}");
    worker.wait_for_log(log::INVALID_MIN_LENGTH).await;

    let page = worker.get("/forgotPassword").send().await.unwrap();
    assert_eq!(page.status(), 503);
    assert!(page.text().await.unwrap().contains("PASSWORD_MIN_LENGTH"));
    assert_eq!(worker.stored_hash(&account).await, None);
}
