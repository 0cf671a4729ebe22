//! The secrets that tests send. `tests/no_secret_logged` looks for them in every log.

use std::{
    collections::BTreeSet,
    fs::{self, OpenOptions},
    io::Write as _,
    path::Path,
    sync::Mutex,
};

use serde_json::json;

use crate::paths::workers;

/// Where a suite's secrets are, in its folder: one JSON string per line.
const FILE: &str = "secrets";

/// Records a secret.
pub fn record(secret: &str) {
    static RECORDED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let mut recorded = RECORDED.lock().unwrap();
    if recorded.insert(secret.to_owned()) {
        fs::create_dir_all(workers()).unwrap();
        let mut file = OpenOptions::new().create(true).append(true).open(workers().join(FILE)).unwrap();
        file.write_all(format!("{}\n", json!(secret)).as_bytes()).unwrap();
    }
}

/// The secrets that a suite has recorded in its folder.
pub fn recorded_in(workers: &Path) -> Vec<String> {
    let path = workers.join(FILE);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("{}: {error}: run all tests first, as `make test` does", path.display())
    });
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
