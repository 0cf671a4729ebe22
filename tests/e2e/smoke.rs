//! docs/deployment.md, "The smoke test": `make smoke` passes against this Worker, changes nothing, and names what is
//! wrong.

use std::process::Command;

use serde_json::json;
use test_support::{
    paths::root,
    process::free_port,
    worker::{Options, Worker},
};

/// Runs the smoke test. Returns whether it passed, and what it printed.
fn smoke(url: &str) -> (bool, String) {
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--quiet", "--package", "smoke", "--", url]).current_dir(root());
    let output = command.output().unwrap();
    let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.success(), printed)
}

#[tokio::test]
async fn the_smoke_test_passes_and_changes_nothing() {
    let worker = Worker::start(&Options::new("smoke"));
    let (passed, table) = smoke(worker.origin());
    assert!(passed, "{table}");
    assert!(table.ends_with("26 passed, 0 failed\n"), "{table}");
    assert!(table.lines().rev().skip(1).all(|row| row.starts_with("ok ")), "{table}");

    // The three calls with an unknown code, and the four with an invalid payload.
    let outcomes = |outcome: &str| worker.log().matches(&format!(r#""outcome":"{outcome}""#)).count();
    worker.wait_until("seven calls", async || outcomes("not_authorized") + outcomes("invalid") == 7).await;
    assert_eq!(worker.log().matches(r#"{"call":"#).count(), 7, "{}", worker.log());

    assert_eq!(worker.values().await, Vec::<String>::new());
    for rows in ["audit_log", "mails", "redeemed_codes", "users"] {
        let count = worker.sql(&[&format!("SELECT count(*) AS rows FROM {rows}")]).await;
        assert_eq!(count, [json!({"rows": 0})], "{rows}");
    }
}

/// The other Workers are healthy in every other respect, so that the rest of the table shows `ok`.
#[tokio::test]
async fn the_smoke_test_names_what_is_wrong() {
    for (worker, problem) in [
        (Worker::misconfigured(), "The setting PASSWORD_MIN_LENGTH"),
        (Worker::without_schema(), r#""d1":{"reachable":false"#),
    ] {
        let (passed, table) = smoke(worker.origin());
        assert!(!passed, "{table}");
        let row = table.lines().find(|row| row.contains("  health  ")).unwrap();
        assert!(row.starts_with("FAILED ") && row.contains(problem), "{row}");
        assert!(table.contains("\nok      file: /page.css "), "{table}");
    }
}

#[test]
fn the_smoke_test_fails_without_a_site() {
    let nobody = format!("http://127.0.0.1:{}", free_port());
    for url in [nobody.as_str(), "reset.exchange.example", "https://", "https://reset.exchange.example/path"]
    {
        assert!(!smoke(url).0, "{url}");
    }
}
