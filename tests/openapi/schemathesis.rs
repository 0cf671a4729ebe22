//! Calls that schemathesis makes from the document.

use std::{collections::BTreeMap, fs, time::Duration};

use serde_json::{Value, json};
use test_support::{account::Account, paths::temporary, python::python, worker::Worker};

use crate::document;

/// The least number of cases for a run without failures to mean something.
const MIN_CASES: u64 = 2000;

/// It takes a minute on an idle machine; a loaded one gets more.
const TIMEOUT: Duration = Duration::from_mins(6);

/// Codes in KV, which no generator could guess.
async fn codes(worker: &Worker) -> Value {
    let for_call = |account: &Account| json!({"UserId": account.user_id, "PendingCode": account.code});
    let mut unused = Vec::new();
    for _ in 0..10 {
        unused.push(for_call(&worker.user_with_code().await));
    }
    let kept = worker.user_with_code().await;
    let of_nobody = Account::new();
    worker.put(of_nobody.entry()).await;
    let mut for_locks = Vec::new();
    for _ in 0..10 {
        let account = worker.user().await;
        worker.put(account.lock_entry()).await;
        for_locks.push(json!({"UserId": account.user_id, "LockCode": account.code}));
    }
    let codes = json!({"unused": unused, "kept": for_call(&kept), "of-nobody": for_call(&of_nobody)});
    json!({"ResetPassword2": codes, "LockAccount": for_locks})
}

#[tokio::test]
async fn every_response_conforms_to_the_document() {
    let worker = Worker::shared();
    let folder = temporary().join("schemathesis");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let (report, responses) = (folder.join("report.json"), folder.join("responses.json"));

    let mut run =
        python("openapi", &["-m", "schemathesis.cli", "--config-file", "tests/openapi/schemathesis.toml"]);
    // The document is read from the tree: if it came from the Worker, schemathesis would not test its URL.
    run.args(["run", "assets/openapi.json", "--url", worker.origin(), "--checks", "all", "--no-color"]);
    // The platform serves this path, and names no methods in its 405.
    run.args(["--exclude-path", "/openapi.json"]);
    run.arg("--report-json-path").arg(&report);
    run.env("RESET_CODES", codes(worker).await.to_string()).env("RESET_RESPONSES", &responses);
    let run = tokio::process::Command::from(run).kill_on_drop(true).output();
    let run = tokio::time::timeout(TIMEOUT, run).await.expect("schemathesis finishes in time").unwrap();
    let output = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{output}{}", String::from_utf8_lossy(&run.stderr));

    let report: Value = serde_json::from_str(&fs::read_to_string(report).unwrap()).unwrap();
    assert_eq!(report["failures"], json!([]), "{output}");
    assert_eq!(report["errors"], json!([]), "{output}");
    let document = document::parse();
    assert_eq!(report["operations"]["tested"], document["paths"].as_object().unwrap().len() - 1, "{output}");
    assert!(report["test_cases"]["generated"].as_u64().unwrap() >= MIN_CASES, "{}", report["test_cases"]);
    assert_eq!(report["test_cases"]["without_checks"], 0, "{output}");

    // Each errorcode of each call was seen, and so was the size limit.
    let responses = fs::read_to_string(responses).unwrap();
    let responses: BTreeMap<String, u64> = serde_json::from_str(&responses).unwrap();
    for path in document::calls(&document) {
        let call = path.strip_prefix("/AP/").unwrap();
        let described = &document["paths"][&path]["post"]["responses"]["200"];
        let schemas = described["content"]["application/json"]["schema"]["oneOf"].as_array().unwrap();
        let errorcodes: Vec<_> = schemas
            .iter()
            .map(|schema| &document::resolve(&document, schema)["properties"]["errorcode"]["const"])
            .map(|errorcode| format!("{call} 200 {errorcode}"))
            .collect();
        assert!(errorcodes.len() > 2, "{errorcodes:?}");
        for response in errorcodes.into_iter().chain([format!("{call} 413 100")]) {
            assert!(responses.contains_key(&response), "no {response} among {responses:?}");
        }
    }
}
