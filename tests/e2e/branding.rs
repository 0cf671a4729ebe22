//! The exchange's name, color and support: in e-mails and on pages.

use test_support::{
    response::errorcode,
    worker::{Options, Worker},
};

#[tokio::test]
async fn an_exchange_is_named_in_the_sender_the_subject_and_the_first_line_and_on_pages() {
    let vars =
        ["EXCHANGE_NAME:Northwind", "SUPPORT_URL:mailto:help@northwind.example", "BRAND_COLOR:#f0b90b"];
    let worker = Worker::start(&Options { vars: &vars, ..Options::new("branding") });
    let account = worker.user().await;
    assert_eq!(errorcode(worker.reset_password(&account.user_name())).await, 0);
    let mail = worker.mail(&account, 1).await;
    assert!(mail.lines().next().unwrap().contains("your Northwind account"), "{mail}");
    assert!(mail.contains(&format!("\nUser name: {}\n", account.user_name())), "{mail}");
    assert!(mail.contains("\nContact support: help@northwind.example\n"), "{mail}");
    let log = worker.log();
    assert!(log.contains("\nSubject: Reset your password – Northwind\n"), "{log}");
    assert!(log.contains("Northwind") && log.contains("From: "), "{log}");

    let page = worker.get("/forgotPassword").send().await.unwrap().text().await.unwrap();
    assert!(page.contains("<title>Forgot your password? – Northwind</title>"), "{page}");
    let sheet = worker.get("/brand.css").send().await.unwrap();
    assert_eq!(sheet.headers()["content-type"], "text/css; charset=utf-8");
    assert!(sheet.text().await.unwrap().contains("--button: #f0b90b; "));
    let logo = worker.get("/logo.svg").send().await.unwrap();
    assert_eq!(logo.headers()["content-type"], "image/svg+xml; charset=utf-8");
    let password = "our northwind is cold";
    let account = worker.with_code_in(&account, &mail);
    let response = worker.reset_password2(account.payload(password)).send().await.unwrap();
    assert_eq!(response.headers()["x-outcome"], "password_contains_service_name");
}
