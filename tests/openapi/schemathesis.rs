//! Calls that schemathesis makes from the document.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    document::DOCUMENT,
    worker,
    worker::{Account, Worker},
};

/// The versions of schemathesis and of what it needs.
const REQUIREMENTS: &str = include_str!("requirements.txt");

/// How many cases there must be at least, so that finding nothing says something.
const CASES: u64 = 2000;

/// It takes a minute here; a loaded machine gets more.
const TIMEOUT: Duration = Duration::from_mins(6);

/// The Python that has schemathesis, in the root of the tree.
pub(crate) fn python(arguments: &[&str]) -> Command {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pin = REQUIREMENTS.lines().find_map(|line| line.strip_prefix("schemathesis==")).unwrap();
    let version = pin.split(' ').next().unwrap();
    let python = root.join(format!(".tools/schemathesis-{version}/bin/python"));
    assert!(python.exists(), "schemathesis is not there: run `make schemathesis`");
    let mut command = Command::new(python);
    command.current_dir(root).env("PYTHONDONTWRITEBYTECODE", "1").args(arguments);
    command
}

/// Codes of which no generator can know, in KV.
async fn codes(worker: &Worker) -> Value {
    let for_call = |account: &Account| json!({"UserId": account.user_id, "PendingCode": account.code});
    let mut unused = Vec::new();
    for _ in 0..10 {
        unused.push(for_call(&worker.user_with_code().await));
    }
    let kept = worker.user_with_code().await;
    let of_nobody = Account::new();
    worker.put(of_nobody.entry()).await;
    json!({"unused": unused, "kept": for_call(&kept), "of-nobody": for_call(&of_nobody)})
}

#[tokio::test]
async fn no_answer_differs_from_the_document() {
    let worker = worker();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("schemathesis");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let (report, answers) = (folder.join("report.json"), folder.join("answers.json"));

    let mut run = python(&["-m", "schemathesis.cli", "--config-file", "tests/openapi/schemathesis.toml"]);
    // The document from the tree: from the Worker's own URL, schemathesis would leave that URL out.
    run.args(["run", "docs/openapi.json", "--url", &worker.origin, "--checks", "all", "--no-color"]);
    run.arg("--report-json-path").arg(&report);
    run.env("RESET_CODES", codes(worker).await.to_string()).env("RESET_ANSWERS", &answers);
    let run = tokio::process::Command::from(run).kill_on_drop(true).output();
    let run = tokio::time::timeout(TIMEOUT, run).await.expect("schemathesis is done in time").unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));

    let report: Value = serde_json::from_str(&fs::read_to_string(report).unwrap()).unwrap();
    assert_eq!(report["failures"], json!([]), "{said}");
    assert_eq!(report["errors"], json!([]), "{said}");
    let document: Value = serde_json::from_str(DOCUMENT).unwrap();
    assert_eq!(report["operations"]["tested"], document["paths"].as_object().unwrap().len(), "{said}");
    assert!(report["test_cases"]["generated"].as_u64().unwrap() >= CASES, "{}", report["test_cases"]);
    assert_eq!(report["test_cases"]["without_checks"], 0, "{said}");

    // Each errorcode of each call was seen, and so was the cap.
    let answers: BTreeMap<String, u64> = serde_json::from_str(&fs::read_to_string(answers).unwrap()).unwrap();
    for answer in [
        "ResetPassword 200 0",
        "ResetPassword 200 100",
        "ResetPassword 200 102",
        "ResetPassword 413 100",
        "ResetPassword2 200 0",
        "ResetPassword2 200 20",
        "ResetPassword2 200 100",
        "ResetPassword2 200 101",
        "ResetPassword2 200 102",
        "ResetPassword2 200 104",
        "ResetPassword2 413 100",
    ] {
        assert!(answers.contains_key(answer), "no {answer} among {answers:?}");
    }
}
