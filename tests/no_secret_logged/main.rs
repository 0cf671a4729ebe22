//! docs/contract.md, section 6, promise 5: no log contains a password, a code, a hash, an e-mail address or the address of a
//! client. `make test` runs this after the other tests, whose Workers wrote the logs.

mod scanner;

use std::{
    fs,
    path::{Path, PathBuf},
};

use test_support::{paths::workers_of, secrets::recorded_in};

use scanner::{Line, Secrets, find_secret};

/// The suites whose logs are read, and the least number of calls in each: fewer are not the whole suite.
const SUITES: [(&str, usize); 4] = [("e2e", 1000), ("pages", 100), ("docs", 6), ("openapi", 2000)];

#[test]
fn no_log_contains_a_secret() {
    let secrets = Secrets::new(SUITES.iter().flat_map(|(suite, _)| recorded_in(&workers_of(suite))));
    for (suite, min_calls) in SUITES {
        let mut calls = 0;
        for log in logs(&workers_of(suite)) {
            for line in worker_lines(&fs::read_to_string(&log).unwrap()) {
                calls += usize::from(line.is_call);
                if let Some(secret) = find_secret(&line, &secrets) {
                    panic!("{secret} in {}: {}", log.display(), line.text);
                }
            }
        }
        assert!(
            calls >= min_calls,
            "{suite} has logged {calls} calls: run all of its tests first, as `make test` does"
        );
    }
}

/// The logs of a suite's Workers.
fn logs(workers: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(workers).unwrap().map(|entry| entry.unwrap().path());
    folders.map(|folder| folder.join("log")).filter(|log| log.exists()).collect()
}

/// The lines of a log that the Worker wrote. wrangler adds its table of settings, the mails, which it prints instead of
/// sending them, and the requests to an API that isn't ours.
fn worker_lines(log: &str) -> Vec<Line> {
    const MAIL_LINES: [&str; 5] = ["From: ", "To: ", "Subject: ", "Text: ", "HTML: "];
    const WRANGLER_LINES: [&str; 2] = ["env.", "[wrangler:info] PUT /client/v4/"];
    let starts_with = |text: &str, starts: &[&str]| starts.iter().any(|start| text.starts_with(start));
    let mut lines = Vec::new();
    let mut in_mail = false;
    for text in log.lines() {
        in_mail = text.contains("send_email binding called")
            || in_mail && (text.is_empty() || starts_with(text, &MAIL_LINES));
        if !in_mail && !starts_with(text, &WRANGLER_LINES) {
            lines.push(Line::new(text));
        }
    }
    lines
}
