//! Finds secrets in a line of a log.

use std::{
    collections::BTreeSet,
    net::{Ipv4Addr, Ipv6Addr},
};

use serde_json::Value;
use uuid::Uuid;

/// A line of a log.
pub(crate) struct Line {
    pub(crate) text: String,
    request_id: Option<String>,
    /// Whether it is the line of a call.
    pub(crate) is_call: bool,
}

impl Line {
    pub(crate) fn new(text: &str) -> Self {
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

/// The secrets that tests have sent.
pub(crate) struct Secrets {
    passwords: BTreeSet<String>,
    /// As 32 hexadecimal digits.
    codes: BTreeSet<String>,
}

impl Secrets {
    pub(crate) fn new(all: impl Iterator<Item = String>) -> Self {
        let (mut passwords, mut codes) = (BTreeSet::new(), BTreeSet::new());
        for secret in all {
            match Uuid::try_parse(&secret) {
                Ok(code) => codes.insert(code.simple().to_string()),
                // A shorter one may be in a log for other reasons.
                Err(_) => secret.len() > 12 && passwords.insert(secret),
            };
        }
        Self { passwords, codes }
    }
}

/// The kind of a secret in a line, if there is one.
pub(crate) fn find_secret(line: &Line, secrets: &Secrets) -> Option<&'static str> {
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
    if any(&|text| words(text, |c| !c.is_whitespace() && !"\"<>(),".contains(c)).any(is_email_address)) {
        return Some("an e-mail address");
    }
    if any(&|text| words(text, |c| c.is_ascii_digit() || c == '.').any(is_ipv4))
        || any(&|text| words(text, |c| c.is_ascii_hexdigit() || c == ':').any(is_ipv6))
    {
        return Some("an address");
    }
    None
}

/// Whether a text contains one of these codes. In any spelling, a code is 32 hexadecimal digits in a row once the hyphens
/// are removed.
fn has_code(text: &str, codes: &BTreeSet<String>) -> bool {
    let text = text.to_lowercase().replace('-', "");
    let runs = words(&text, |c| c.is_ascii_hexdigit()).filter(|run| run.len() >= 32);
    runs.flat_map(|run| (0..=run.len() - 32).map(move |at| &run[at..at + 32]))
        .any(|code| codes.contains(code))
}

/// Whether a word looks like SHA-256 in hexadecimal or base64, or like a longer digest. The longest parts of a path have no
/// digits, or no capitals.
fn is_digest(word: &str) -> bool {
    let has = |is: fn(&u8) -> bool| word.as_bytes().iter().any(is);
    word.len() >= 43
        && has(u8::is_ascii_digit)
        && (has(u8::is_ascii_uppercase) || word.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_email_address(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

fn is_ipv4(word: &str) -> bool {
    let address = word.trim_matches('.').parse::<Ipv4Addr>();
    address.is_ok_and(|address| !address.is_loopback() && !address.is_unspecified())
}

/// Whether a word is an IPv6 address, perhaps after a name and a colon, or before a colon.
fn is_ipv6(word: &str) -> bool {
    let after_colon = word.split_once(':').map_or("", |(_, rest)| rest);
    [word, after_colon].iter().flat_map(|word| [word, word.strip_suffix(':').unwrap_or(word)]).any(|word| {
        let address = word.parse::<Ipv6Addr>();
        address.is_ok_and(|address| !address.is_loopback() && !address.is_unspecified())
    })
}

/// A text as it is, URL-decoded, and with the escapes of JSON decoded once and twice.
fn spellings(text: &str) -> BTreeSet<String> {
    let parts = form_urlencoded::parse(text.as_bytes()).flat_map(|(name, value)| [name, value]);
    let decoded = parts.collect::<Vec<_>>().join(" ");
    let once = unescaped(text);
    let twice = unescaped(&once);
    BTreeSet::from([text.to_owned(), decoded, once, twice])
}

/// A text with JSON's escapes decoded one by one, since a line may contain several strings.
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

/// The longest runs of such characters in a text.
fn words(text: &str, of: impl Fn(char) -> bool) -> impl Iterator<Item = &str> {
    text.split(move |c| !of(c)).filter(|word| !word.is_empty())
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
        // A code that no test has sent.
        (r#"{"error":"6ba7b810-9dad-11d1-80b4-00c04fd430c8"}"#, Some("a code")),
        ("panic at $pbkdf2-sha512$i=1,l=64$", Some("a hash")),
        ("WGyFyVzzoHxwgWSze0BPIDq/dS0kayN4PC89Oxp/iqg", Some("a hash")),
        ("pending-code:30a5154b77ab8b2ddbe19f5e7af72f33cc2a4a41f22940d965102650a1c72863", Some("a hash")),
        (r#"{"error":"no mail to a@b.example"}"#, Some("an e-mail address")),
        (r#"{"error":"no mail to a%40b.example"}"#, Some("an e-mail address")),
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
        assert_eq!(find_secret(&Line::new(text), &secrets), secret, "{text}");
    }
}
