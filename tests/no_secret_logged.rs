//! Contract, promise 5, over all that the Workers of the other tests have logged: no password, code, hash, mail address or
//! address of a client is in it. `make test` runs this after them.

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

impl Line {
    fn new(text: &str) -> Self {
        let json = text.find('{').zip(text.rfind('}')).filter(|(start, end)| start < end);
        let json = json.and_then(|(start, end)| serde_json::from_str(&text[start..=end]).ok());
        let json: Value = json.unwrap_or_default();
        Self {
            text: text.to_owned(),
            request_id: json["request_id"].as_str().map(str::to_owned),
            is_call: json["call"].is_string(),
        }
    }
}

/// What the tests have sent that must stay secret.
struct Secrets {
    passwords: BTreeSet<String>,
    /// As 32 hexadecimal digits.
    codes: BTreeSet<String>,
}

impl Secrets {
    fn new(all: impl Iterator<Item = String>) -> Self {
        let (mut passwords, mut codes) = (BTreeSet::new(), BTreeSet::new());
        for secret in all {
            match Uuid::try_parse(&secret) {
                Ok(code) => codes.insert(code.simple().to_string()),
                // What is so short may stand in a log for other reasons.
                Err(_) => secret.len() > 12 && passwords.insert(secret),
            };
        }
        Self { passwords, codes }
    }
}

#[test]
fn no_log_tells_a_secret() {
    let folder = |test: &str| Path::new(env!("CARGO_TARGET_TMPDIR")).join("workers").join(test);
    let secrets = Secrets::new(TESTS.iter().flat_map(|(test, _)| remembered(&folder(test))));
    for (test, least) in TESTS {
        let mut calls = 0;
        for log in logs(&folder(test)) {
            for line in worker_lines(&fs::read_to_string(&log).unwrap()) {
                calls += usize::from(line.is_call);
                if let Some(secret) = secret_in(&line, &secrets) {
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
    let secrets = ["four words that fit", "\"quoted\" and \u{e9}", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"];
    let secrets = Secrets::new(secrets.into_iter().map(str::to_owned));
    for (text, secret) in [
        (r#"{"error":"four words that fit"}"#, Some("a password")),
        (r#"{"error":"four%20words%20that%20fit"}"#, Some("a password")),
        (r#"{"error":"\"quoted\" and é"}"#, Some("a password")),
        (r#"{"error":"{\"o\":\"\\\"quoted\\\" and é\"}"}"#, Some("a password")),
        (r#"{"error":"\"quoted\" and \u00e9"}"#, Some("a password")),
        (r#"{"request_id":"f81d4fae-7dec-11d0-a765-00a0c91e6bf6"}"#, Some("a code")),
        (r#"{"error":"{F81D4FAE7DEC11D0A76500A0C91E6BF6}"}"#, Some("a code")),
        // Which no test has sent.
        (r#"{"error":"6ba7b810-9dad-11d1-80b4-00c04fd430c8"}"#, Some("a code")),
        ("panic at $pbkdf2-sha512$i=1,l=64$", Some("a hash")),
        ("WGyFyVzzoHxwgWSze0BPIDq/dS0kayN4PC89Oxp/iqg", Some("a hash")),
        ("pending-code:30a5154b77ab8b2ddbe19f5e7af72f33cc2a4a41f22940d965102650a1c72863", Some("a hash")),
        (r#"{"error":"no mail to a@b.example"}"#, Some("a mail address")),
        (r#"{"error":"no mail to a%40b.example"}"#, Some("a mail address")),
        ("from 10.1.2.3.", Some("an address")),
        ("from [2001:db8::1]:80", Some("an address")),
        ("address:2001:db8:1:2:3:4:5:6:", Some("an address")),
        (
            r#"{"request_id":"6fa4f0ce-4f0c-4bd4-8fb0-7b3b9bd8f5a7","call":"ResetPassword2","ms":{"d1":3}}"#,
            None,
        ),
        ("Ready on http://127.0.0.1:8787", None),
        ("wrangler 4.164.0, 12:30:59", None),
    ] {
        assert_eq!(secret_in(&Line::new(text), &secrets), secret, "{text}");
    }
}

/// What a test has written down.
fn remembered(workers: &Path) -> Vec<String> {
    let path = workers.join("secrets");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("{}: {error}: run all tests first, as `make test` does", path.display())
    });
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn logs(workers: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(workers).unwrap().map(|entry| entry.unwrap().path());
    folders.map(|folder| folder.join("log")).filter(|log| log.exists()).collect()
}

/// The lines of a log, but for what wrangler writes itself: its table of settings, the mails, which it prints in place of
/// sending them, and the requests to another API than ours.
fn worker_lines(log: &str) -> Vec<Line> {
    const OF_A_MAIL: [&str; 5] = ["From: ", "To: ", "Subject: ", "Text: ", "HTML: "];
    let mut lines = Vec::new();
    let mut in_mail = false;
    for text in log.lines() {
        in_mail = text.contains("send_email binding called")
            || in_mail && (text.is_empty() || OF_A_MAIL.iter().any(|start| text.starts_with(start)));
        let of_wrangler =
            ["env.", "[wrangler:info] PUT /client/v4/"].iter().any(|start| text.starts_with(start));
        if !in_mail && !of_wrangler {
            lines.push(Line::new(text));
        }
    }
    lines
}

/// What is secret in a line.
fn secret_in(line: &Line, secrets: &Secrets) -> Option<&'static str> {
    let spellings = spellings(&line.text);
    let any = |is_secret: &dyn Fn(&str) -> bool| spellings.iter().any(|text| is_secret(text));
    if any(&|text| secrets.passwords.iter().any(|password| text.contains(password))) {
        return Some("a password");
    }
    let is_guid = |word: &str| Uuid::try_parse(word).is_ok() && Some(word) != line.request_id.as_deref();
    if any(&|text| words(text, |c| c.is_ascii_hexdigit() || c == '-').any(is_guid))
        || any(&|text| has_code(text, &secrets.codes))
    {
        return Some("a code");
    }
    if any(&|text| text.contains("pbkdf2-"))
        || any(&|text| words(text, |c| c.is_ascii_alphanumeric() || "+/".contains(c)).any(is_digest))
    {
        return Some("a hash");
    }
    if any(&|text| words(text, |c| !c.is_whitespace() && !"\"<>(),".contains(c)).any(is_mail_address)) {
        return Some("a mail address");
    }
    if any(&|text| words(text, |c| c.is_ascii_digit() || c == '.').any(is_ipv4))
        || any(&|text| words(text, |c| c.is_ascii_hexdigit() || c == ':').any(is_ipv6))
    {
        return Some("an address");
    }
    None
}

/// Looks at the hexadecimal digits alone: a code has 32 in a row, however it is spelled.
fn has_code(text: &str, codes: &BTreeSet<String>) -> bool {
    let text = text.to_lowercase().replace('-', "");
    let runs = words(&text, |c| c.is_ascii_hexdigit()).filter(|run| run.len() >= 32);
    runs.flat_map(|run| (0..=run.len() - 32).map(move |at| &run[at..at + 32]))
        .any(|code| codes.contains(code))
}

/// SHA-256 in hexadecimal or base64, or what is longer. Of a path the longest parts have no digit, or no capital.
fn is_digest(word: &str) -> bool {
    let has = |is: fn(&u8) -> bool| word.as_bytes().iter().any(is);
    word.len() >= 43
        && has(u8::is_ascii_digit)
        && (has(u8::is_ascii_uppercase) || word.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_mail_address(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

fn is_ipv4(word: &str) -> bool {
    let address = word.trim_matches('.').parse::<Ipv4Addr>();
    address.is_ok_and(|address| !address.is_loopback() && !address.is_unspecified())
}

/// With a colon in front, or behind, that is none of the address.
fn is_ipv6(word: &str) -> bool {
    let after_colon = word.split_once(':').map_or("", |(_, rest)| rest);
    [word, after_colon].iter().flat_map(|word| [word, word.strip_suffix(':').unwrap_or(word)]).any(|word| {
        let address = word.parse::<Ipv6Addr>();
        address.is_ok_and(|address| !address.is_loopback() && !address.is_unspecified())
    })
}

/// A text as it stands, as a URL means it, and as the JSON in it, once and twice.
fn spellings(text: &str) -> BTreeSet<String> {
    let parts = form_urlencoded::parse(text.as_bytes()).flat_map(|(name, value)| [name, value]);
    let decoded = parts.collect::<Vec<_>>().join(" ");
    let once = unescaped(text);
    let twice = unescaped(&once);
    BTreeSet::from([text.to_owned(), decoded, once, twice])
}

/// Each of JSON's escapes by itself, since a line is more than one string.
fn unescaped(text: &str) -> String {
    let (mut plain, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        let length = if rest[at..].starts_with("\\u") { 6 } else { 2 };
        let character = rest
            .get(at..at + length)
            .and_then(|escape| serde_json::from_str::<String>(&format!("\"{escape}\"")).ok());
        let (character, length) = character.map_or_else(|| ("\\".to_owned(), 1), |one| (one, length));
        plain.push_str(&character);
        rest = &rest[at + length..];
    }
    plain + rest
}

/// The longest parts of a text that are made of these characters.
fn words(text: &str, of: impl Fn(char) -> bool) -> impl Iterator<Item = &str> {
    text.split(move |c| !of(c)).filter(|word| !word.is_empty())
}
