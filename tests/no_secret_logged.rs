//! Contract, promise 5, over all that the Workers of the other tests have logged: no password, code, hash, mail address or
//! address of a client is in it. `make test` runs this last.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::{
    collections::BTreeSet,
    fs,
    net::{Ipv4Addr, Ipv6Addr},
    path::{Path, PathBuf},
};

use serde_json::Value;
use uuid::Uuid;

/// The tests whose Workers are read, and how many calls each makes at least: fewer are not all of them.
const TESTS: [(&str, usize); 4] = [("e2e", 1000), ("pages", 100), ("docs", 6), ("openapi", 2000)];

/// A line of a log.
struct Line {
    text: String,
    request_id: Option<String>,
    is_call: bool,
}

#[test]
fn no_log_tells_a_secret() {
    let folder = |test: &str| Path::new(env!("CARGO_TARGET_TMPDIR")).join("workers").join(test);
    let passwords: BTreeSet<String> = TESTS.iter().flat_map(|(test, _)| passwords(&folder(test))).collect();
    for (test, least) in TESTS {
        let mut calls = 0;
        for log in logs(&folder(test)) {
            for line in worker_lines(&fs::read_to_string(&log).unwrap()) {
                calls += usize::from(line.is_call);
                if let Some(secret) = secret_in(&line, &passwords) {
                    panic!("{secret} in {}: {}", log.display(), line.text);
                }
            }
        }
        assert!(
            calls >= least,
            "{test} has logged {calls} calls: run all of its tests first, as `make test` does"
        );
    }
}

#[test]
fn every_kind_of_secret_is_seen() {
    let passwords = BTreeSet::from(["four words that fit".to_owned(), "\"quoted\"".to_owned()]);
    let id = "6fa4f0ce-4f0c-4bd4-8fb0-7b3b9bd8f5a7";
    for (text, secret) in [
        (r#"{"error":"four words that fit"}"#, Some("a password")),
        (r#"{"error":"\"quoted\""}"#, Some("a password")),
        (r#"{"error":"f81d4fae-7dec-11d0-a765-00a0c91e6bf6"}"#, Some("a code")),
        (r#"{"error":"{F81D4FAE7DEC11D0A76500A0C91E6BF6}"}"#, Some("a code")),
        ("panic at $pbkdf2-sha512$i=1,l=64$", Some("a hash")),
        ("WGyFyVzzoHxwgWSze0BPIDq/dS0kayN4PC89Oxp/iqg", Some("a hash")),
        ("pending-code:30a5154b77ab8b2ddbe19f5e7af72f33cc2a4a41f22940d965102650a1c72863", Some("a hash")),
        (r#"{"error":"no mail to a@b.example"}"#, Some("a mail address")),
        ("from 10.1.2.3.", Some("an address")),
        ("from [2001:db8::1]:80", Some("an address")),
        (
            r#"{"call":"ResetPassword2","request_id":"6fa4f0ce-4f0c-4bd4-8fb0-7b3b9bd8f5a7","ms":{"d1":3}}"#,
            None,
        ),
        ("Ready on http://127.0.0.1:8787", None),
        ("wrangler 4.164.0, 12:30:59", None),
    ] {
        let line = Line { text: text.to_owned(), request_id: Some(id.to_owned()), is_call: false };
        assert_eq!(secret_in(&line, &passwords), secret, "{text}");
    }
}

/// The passwords that a test has sent.
fn passwords(workers: &Path) -> Vec<String> {
    let path = workers.join("passwords");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("{}: {error}: run all tests first, as `make test` does", path.display())
    });
    let passwords = text.lines().map(|line| serde_json::from_str(line).unwrap());
    // What is so short may stand in a log for other reasons.
    passwords.filter(|password: &String| password.len() > 12).collect()
}

fn logs(workers: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(workers).unwrap().map(|entry| entry.unwrap().path());
    folders.map(|folder| folder.join("log")).filter(|log| log.exists()).collect()
}

/// The lines of a log without the mails, which wrangler prints in place of sending them, and its table of settings.
fn worker_lines(log: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut in_mail = false;
    for text in log.lines() {
        in_mail |= text.contains("send_email binding called");
        if in_mail || text.starts_with("env.") {
            in_mail &= !text.starts_with("HTML: ");
            continue;
        }
        let json = text.find('{').zip(text.rfind('}')).filter(|(start, end)| start < end);
        let json: Value =
            json.and_then(|(start, end)| serde_json::from_str(&text[start..=end]).ok()).unwrap_or_default();
        lines.push(Line {
            text: text.to_owned(),
            request_id: json["request_id"].as_str().map(str::to_owned),
            is_call: json["call"].is_string(),
        });
    }
    assert!(!in_mail, "a mail without an end");
    lines
}

/// What is secret in a line.
fn secret_in(line: &Line, passwords: &BTreeSet<String>) -> Option<&'static str> {
    let text = &line.text;
    let escaped = |password: &str| Value::from(password).to_string();
    if passwords
        .iter()
        .any(|password| text.contains(password) || text.contains(escaped(password).trim_matches('"')))
    {
        return Some("a password");
    }
    if words(text, |c| c.is_ascii_hexdigit() || c == '-')
        .any(|word| Uuid::try_parse(word).is_ok() && Some(word) != line.request_id.as_deref())
    {
        return Some("a code");
    }
    // SHA-256 in hexadecimal or base64, and whatever is longer, of which a path is in smaller parts.
    let is_digest = |word: &str| word.len() >= 43 && word.bytes().any(|byte| byte.is_ascii_digit());
    if text.contains("pbkdf2-") || words(text, |c| c.is_ascii_alphanumeric() || c == '+').any(is_digest) {
        return Some("a hash");
    }
    if words(text, |c| !c.is_whitespace() && !"\"<>(),".contains(c))
        .any(|word| word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.')))
    {
        return Some("a mail address");
    }
    let is_of_a_client = |word: &str| {
        let v4 =
            word.parse().is_ok_and(|address: Ipv4Addr| !address.is_loopback() && !address.is_unspecified());
        let v6 =
            word.parse().is_ok_and(|address: Ipv6Addr| !address.is_loopback() && !address.is_unspecified());
        v4 || v6
    };
    if words(text, |c| c.is_ascii_digit() || c == '.').any(|word| is_of_a_client(word.trim_matches('.')))
        || words(text, |c| c.is_ascii_hexdigit() || c == ':').any(is_of_a_client)
    {
        return Some("an address");
    }
    None
}

/// The longest parts of a text that are made of these characters.
fn words(text: &str, of: impl Fn(char) -> bool) -> impl Iterator<Item = &str> {
    text.split(move |c| !of(c)).filter(|word| !word.is_empty())
}
