//! Analytics Engine's part. Its SQL is a dialect of ClickHouse's, and ClickHouse runs it here.

use std::{
    fs::{self, File},
    process::Stdio,
};

use serde_json::{Map, Value, json};
use test_support::{clock::now, paths::temporary, python::python};

/// How many calls each data point stands for. A query that does not add up `_sample_interval` gets another result.
pub(crate) const SAMPLE_INTERVAL: u64 = 10;

const TWO_DAYS: u64 = 2 * 24 * 3600;

/// Runs a query on these data points, and the same of two days ago, and returns its rows. No query is about that time.
pub(crate) fn run(query: &str, points: &[Value]) -> Vec<Value> {
    assert!(query.len() <= 10 * 1024, "longer than Analytics Engine accepts");
    let input = temporary().join("data-points.jsonl");
    let time = now() / 1000;
    let times = [time, time - TWO_DAYS];
    let rows: Vec<_> =
        points.iter().flat_map(|point| times.map(|time| row(point, time).to_string())).collect();
    fs::write(&input, rows.join("\n")).unwrap();
    let mut process = python("monitoring", &["tests/monitoring/query.py", query]);
    let output = process.stdin(Stdio::from(File::open(&input).unwrap())).output().unwrap();
    assert!(output.status.success(), "{query}\n{}", String::from_utf8_lossy(&output.stderr));
    let output = String::from_utf8(output.stdout).unwrap();
    output.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The row that Analytics Engine makes of a data point.
fn row(point: &Value, time: u64) -> Value {
    let mut row = Map::new();
    row.insert("timestamp".into(), json!(time));
    row.insert("index1".into(), point["indexes"][0].clone());
    for (column, values) in [("blob", "blobs"), ("double", "doubles")] {
        for (index, value) in point[values].as_array().unwrap().iter().enumerate() {
            row.insert(format!("{column}{}", index + 1), value.clone());
        }
    }
    row.insert("_sample_interval".into(), json!(SAMPLE_INTERVAL));
    row.into()
}
