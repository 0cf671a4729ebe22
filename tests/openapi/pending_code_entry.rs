//! The JSON Schema of the KV value, `docs/pending-code-entry.schema.json`: what is written conforms to it, and whatever
//! conforms to it can be read.

use std::process::Command;

use jsonschema::Validator;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_assert_eq, prop_oneof, proptest};
use reset_password2::{
    pending_code::{InvalidRecord, PendingCode, PendingCodeRecord},
    unix_millis::UnixMillis,
};
use serde_json::{Value, json};
use test_support::{paths::root, worker::Worker};

fn schema() -> Validator {
    let schema = include_str!("../../docs/pending-code-entry.schema.json");
    jsonschema::draft202012::new(&serde_json::from_str(schema).unwrap()).unwrap()
}

/// Whether the Worker can read an entry. An `IssuedAt` in the future is not a matter of its form.
fn is_read(entry: &str) -> bool {
    PendingCodeRecord::from_json(entry, UnixMillis::MAX) != Err(InvalidRecord::Unreadable)
}

#[track_caller]
fn assert_valid(entry: &str) {
    let value = serde_json::from_str(entry).unwrap();
    schema().validate(&value).unwrap_or_else(|error| panic!("{entry}: {error}"));
}

#[tokio::test]
async fn the_worker_writes_entries_that_conform() {
    let worker = Worker::shared();
    let account = worker.user().await;
    worker.reset_password(&account.user_name()).send().await.unwrap();
    worker.mail(&account, 1).await;
    let entries = worker.values().await;
    let mut of_account = entries.iter().filter(|entry| {
        serde_json::from_str(entry).is_ok_and(|entry: Value| entry["UserId"] == account.user_id.as_str())
    });
    assert_valid(of_account.next().expect("an entry"));
}

#[test]
fn the_example_issue_code_writes_entries_that_conform() {
    let example =
        ["run", "--quiet", "--package", "exchange", "--bin", "issue_code", "--", "5", "alice", "1800"];
    let printed = Command::new(env!("CARGO")).args(example).current_dir(root()).output().unwrap();
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
    let printed = String::from_utf8(printed.stdout).unwrap();
    let [code, key, value] = printed.lines().collect::<Vec<_>>()[..] else { panic!("{printed}") };
    assert_valid(value);
    assert!(is_read(value));
    assert_eq!(key, PendingCode::parse(code).unwrap().digest().kv_key());
}

#[test]
fn the_schema_and_the_worker_agree_on_each_case() {
    let schema = schema();
    let cases = [
        (r#"{"UserId":"5","UserName":"alice","IssuedAt":1767225600000,"ExpiresAt":1767229200000}"#, true),
        (r#"{"UserId":"5","IssuedAt":0,"ExpiresAt":8640000000000000,"Note":[1]}"#, true),
        (r#"{"UserId":"5","UserName":"","IssuedAt":2,"ExpiresAt":1}"#, true),
        (r#"{"UserId":"5","UserName":null,"IssuedAt":1,"ExpiresAt":2}"#, true),
        (r#"{"UserId":"5","UserName":7,"IssuedAt":1,"ExpiresAt":2}"#, false),
        (r#"{"userId":"5","IssuedAt":1,"ExpiresAt":2}"#, false),
        (r#"{"UserId":"","IssuedAt":1,"ExpiresAt":2}"#, false),
        (r#"{"UserId":5,"IssuedAt":1,"ExpiresAt":2}"#, false),
        (r#"{"UserId":null,"IssuedAt":1,"ExpiresAt":2}"#, false),
        (r#"{"UserId":"5","IssuedAt":1}"#, false),
        (r#"{"UserId":"5","ExpiresAt":2}"#, false),
        (r#"{"IssuedAt":1,"ExpiresAt":2}"#, false),
        (r#"{"UserId":"5","IssuedAt":-1,"ExpiresAt":2}"#, false),
        (r#"{"UserId":"5","IssuedAt":"1","ExpiresAt":2}"#, false),
        (r#"{"UserId":"5","IssuedAt":1.5,"ExpiresAt":2}"#, false),
        (r#"{"UserId":"5","IssuedAt":null,"ExpiresAt":2}"#, false),
        (r#"{"UserId":"5","IssuedAt":1,"ExpiresAt":8640000000000001}"#, false),
        (r#"{"UserId":"5","IssuedAt":1,"ExpiresAt":18446744073709551616}"#, false),
        (r#"["5",null,1,2]"#, false),
        ("{}", false),
        ("null", false),
    ];
    for (entry, valid) in cases {
        assert_eq!(schema.is_valid(&serde_json::from_str(entry).unwrap()), valid, "{entry}");
        assert_eq!(is_read(entry), valid, "{entry}");
    }
    // The schema's prose forbids what a schema can't: a number with a fraction of zero, and a repeated key.
    for entry in [
        r#"{"UserId":"5","IssuedAt":1.0,"ExpiresAt":2}"#,
        r#"{"UserId":"5","UserId":"6","IssuedAt":1,"ExpiresAt":2}"#,
    ] {
        assert!(schema.is_valid(&serde_json::from_str(entry).unwrap()), "{entry}");
        assert!(!is_read(entry), "{entry}");
    }
}

/// A value for any member: valid, or not.
fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        "[a-z0-9\u{0}é]{0,3}".prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (8_640_000_000_000_000 - 2..8_640_000_000_000_000_u64 + 2).prop_map(Value::from),
        (-2..2_i64).prop_map(Value::from),
        // Never whole: see `1.0` above.
        (-2..2_i32).prop_map(|whole| json!(f64::from(whole) + 0.5)),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        Just(json!([1])),
        Just(json!({})),
    ]
}

/// An entry in which each member is mostly valid, but may be missing or invalid.
fn entry() -> impl Strategy<Value = Value> {
    let member = |name: &'static str, valid: fn() -> Value| {
        prop_oneof![
            4 => Just(Some(valid())),
            1 => value().prop_map(Some),
            1 => Just(None),
        ]
        .prop_map(move |value| value.map(|value| (name.to_owned(), value)))
    };
    (
        member("UserId", || json!("5")),
        member("UserName", || json!("alice")),
        member("IssuedAt", || json!(1_767_225_600_000_u64)),
        member("ExpiresAt", || json!(1_767_229_200_000_u64)),
        member("Note", || json!([1])),
    )
        .prop_map(|(a, b, c, d, e)| Value::Object([a, b, c, d, e].into_iter().flatten().collect()))
}

#[test]
fn the_schema_and_the_worker_agree_on_any_entry() {
    let schema = schema();
    // Failures belong among the cases above, not in a file.
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(entry in entry())| {
        prop_assert_eq!(schema.is_valid(&entry), is_read(&entry.to_string()), "{}", entry);
    });
}
