//! The programs in docs/other-languages.md, as they are printed there. Each is run as a reader would run it,
//! against the Worker. `kv_rest_api.mjs` and wrangler's Local Explorer stand in for Cloudflare's REST API for
//! KV.
//!
//! A language whose runtime is missing is reported as not run. libtest would hide that line of a passing test, so this is a
//! program of its own: `cargo test -p test-support --test docs`, with a part of a language's name to run only that one.

mod kv;
mod language;
mod printed;

use std::{env, time::Instant};

use reset_password2::{
    password::{NewPassword, PasswordHash},
    pending_code::PendingCode,
};
use serde_json::json;
use test_support::{
    account::Account,
    clock::now,
    response, secrets,
    texts::program,
    worker::{Options, Worker},
};
use uuid::Uuid;

use kv::{assert_no_other_keys, explorer, rest_api};
use language::{LANGUAGES, Language, error, one_line, success};

/// How long the codes of the programs are valid.
const LIFETIME_SECONDS: u64 = 1800;

/// One password in two spellings. NFC composes the Ångström and ohm signs to other characters, but leaves "ﬁ" alone.
const COMPOSED: &str = "caf\u{e9} au lait \u{fb01}n, \u{c5}ngstr\u{f6}m \u{3a9}";
const DECOMPOSED: &str = "cafe\u{301} au lait \u{fb01}n, \u{212b}ngstro\u{308}m \u{2126}";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let printed = printed::write_programs();
    let expected: Vec<&str> =
        LANGUAGES.iter().flat_map(|language| [language.issue, language.verify]).collect();
    assert_eq!(printed, expected, "the blocks of the page");

    let filter = env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    assert!(
        LANGUAGES.iter().any(|language| language.name.contains(&filter)),
        "no language is called {filter:?}: give a part of a name, or nothing"
    );
    let worker = Worker::start(&Options { script: "tests/docs/kv_rest_api.mjs", ..Options::new("docs") });
    for language in &LANGUAGES {
        let programs = language.programs();
        if !language.name.contains(&filter) {
            println!("filtered out: {programs}");
            continue;
        }
        let Some(version) = language.installed_version() else {
            // npm installs it.
            assert_ne!(language.runtime, "node", "no Node.js in node_modules: run `make setup`");
            let Language { runtime, min_version, .. } = language;
            println!("NOT RUN: {programs}: no {runtime} of version {min_version} or later on this machine");
            continue;
        };
        let start = Instant::now();
        language.compile();
        an_issued_link_sets_a_password_that_verifies(&worker, language).await;
        no_link_is_printed_if_kv_rejects_the_entry(&worker, language).await;
        a_missing_setting_is_named(&worker, language).await;
        every_hash_of_the_crate_verifies(language).await;
        any_other_string_is_an_error(language).await;
        println!("ok: {programs} ({version}), {:.0?}", start.elapsed());
    }
}

/// All the way from the code to the login.
async fn an_issued_link_sets_a_password_that_verifies(worker: &Worker, language: &Language) {
    // With characters that must be escaped in a link and in JSON.
    let mut account = Account::new();
    account.user_id += " a+b&c=\u{e9}/%";
    let user_name = "O\"Neil \\ \u{540d}\n";
    worker.enroll(&account, &["Trading"]).await;

    // wrangler's own REST API accepts only valid requests, and ours only complete ones.
    for namespace in [explorer(worker), rest_api(worker)] {
        let before = now();
        // The second code is issued within a minute of a reset, so it would be void without the user's cut-off.
        let cut_off = worker.row(&account).await["codes_valid_from"].as_u64().unwrap();
        let arguments = [&*account.user_id, user_name, &cut_off.to_string()];
        let arguments = if cut_off == 0 { &arguments[..2] } else { &arguments };
        let issued = language.issue(worker, &namespace, "a-token", arguments).await;
        let link = success(&issued);
        let after = now();

        let code = code_in(worker, &link, &account.user_id);
        let key = PendingCode::from(code).digest().kv_key();
        let entry = kv::entry(worker, &key).await;
        let issued_at = entry["IssuedAt"].as_u64().unwrap();
        let (earliest, latest) = (before.max(cut_off), after.max(cut_off));
        assert!((earliest..=latest).contains(&issued_at), "{issued_at} is not in {earliest}..={latest}");
        let expected = json!({
            "UserId": account.user_id,
            "UserName": user_name,
            "IssuedAt": issued_at,
            "ExpiresAt": issued_at + LIFETIME_SECONDS * 1000,
        });
        assert_eq!(entry, expected);
        if namespace == rest_api(worker) {
            let expiration = kv::expiration(worker, &key).await.expect("an entry that expires");
            let earliest = before / 1000 + LIFETIME_SECONDS;
            assert!((earliest..=after / 1000 + LIFETIME_SECONDS + 1).contains(&expiration), "{expiration}");
        }

        let account = Account { code, ..account.clone() };
        let redeemed = response::errorcode(worker.reset_password2(account.payload(DECOMPOSED))).await;
        assert_eq!(redeemed, 0);
    }

    let stored = worker.stored_hash(&account).await.unwrap();
    for (password, verdict) in [
        (COMPOSED, "match"),
        (DECOMPOSED, "match"),
        ("cafe au lait fin, Angstrom O", "no match"),
        // As NFKC would spell it.
        (&COMPOSED.replace('\u{fb01}', "fi"), "no match"),
        (&format!("{COMPOSED}\n"), "no match"),
        ("", "no match"),
    ] {
        let verified = language.verify(password, &stored).await;
        assert_eq!(one_line(&verified), verdict, "{password:?}");
        // The exit status says the same.
        assert_eq!(verified.status.success(), verdict == "match", "{password:?}");
    }
}

/// Checks the form of a link, and returns its code.
fn code_in(worker: &Worker, link: &str, expected_user_id: &str) -> Uuid {
    let (page, fragment) = link.split_once('#').expect(link);
    assert_eq!(page, worker.url("/resetPassword"));
    assert!(fragment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"=&%-".contains(&byte)), "{link}");
    let parts: Vec<(String, String)> = form_urlencoded::parse(fragment.as_bytes()).into_owned().collect();
    let [(user_id_key, user_id), (code_key, code)] = parts.as_slice() else { panic!("{link}") };
    assert_eq!((user_id_key.as_str(), user_id.as_str()), ("UserId", expected_user_id));
    assert_eq!(code_key, "PendingCode");
    let guid = Uuid::parse_str(code).unwrap();
    assert_eq!(guid.get_version_num(), 4, "{code}");
    assert_eq!(*code, guid.hyphenated().to_string());
    secrets::record(code);
    guid
}

async fn no_link_is_printed_if_kv_rejects_the_entry(worker: &Worker, language: &Language) {
    let before = worker.keys().await;
    let rejected = language.issue(worker, &rest_api(worker), "another-token", &["5", "alice"]).await;
    let message = error(&rejected, program::KV_REJECTED);
    assert!(message.contains("Authentication error"), "{message}");
    assert_no_other_keys(worker, &before).await;
}

async fn a_missing_setting_is_named(worker: &Worker, language: &Language) {
    let before = worker.keys().await;
    for name in ["KV_NAMESPACE_URL", "CLOUDFLARE_API_TOKEN", "PUBLIC_URL"] {
        let command = || language.issue_command(worker, &rest_api(worker), "a-token", &["5", "alice"]);
        let mut unset = command();
        unset.env_remove(name);
        error(&language::run(unset, "").await, name);
        let mut empty = command();
        empty.env(name, "");
        error(&language::run(empty, "").await, name);
    }
    assert_no_other_keys(worker, &before).await;
}

async fn every_hash_of_the_crate_verifies(language: &Language) {
    for password in [
        "  blanks at both ends  ",
        "\"quotes\" 'of' `every` \\ $kind",
        "\u{1f980} and \u{1f469}\u{200d}\u{1f4bb} and \u{1f1e9}\u{1f1ea}",
        "\u{feff}a mark at the start, and a line feed\r\n",
    ] {
        let stored = PasswordHash::derive(&NewPassword::new(password), *b"sixteen  random!");
        assert_eq!(success(&language.verify(password, stored.as_phc()).await), "match", "{password:?}");
    }
    // "password" with other parameters, as in src/password/hash.rs.
    for stored in [
        "$pbkdf2-sha512$i=210000,l=64$AAAAAAAAAAAAAAAAAAAAAA$VnNBtbM+8dh9ycnUA0ppPfY7/FvIK9ApzB+GxKnLYA4+Giy0El4zQRlWAZ/vmOZCYxKvSLKfdM4eKtyJ2DXP8w",
        "$pbkdf2-sha512$i=220000,l=32$AAAAAAAAAAAAAAAAAAAAAA$WGyFyVzzoHxwgWSze0BPIDq/dS0kayN4PC89Oxp/iqg",
    ] {
        assert_eq!(success(&language.verify("password", stored).await), "match", "{stored}");
    }
}

async fn any_other_string_is_an_error(language: &Language) {
    let hash = "WGyFyVzzoHxwgWSze0BPIDq/dS0kayN4PC89Oxp/iqg";
    let salt = "AAAAAAAAAAAAAAAAAAAAAA";
    for stored in [
        "password",
        "$2b$10$abcdefghijklmnopqrstuv",
        "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaGhhc2g",
        // Valid, but of another algorithm; with too many rounds, or none; cut off; with a line feed at the end.
        &format!("$pbkdf2-sha256$i=220000,l=32${salt}${hash}"),
        &format!("$pbkdf2-sha512$i=10000000,l=32${salt}${hash}"),
        &format!("$pbkdf2-sha512$i=0,l=32${salt}${hash}"),
        &format!("$pbkdf2-sha512$i=220000,l=64${salt}${hash}"),
        &format!("$pbkdf2-sha512$i=220000,l=32${salt}"),
        &format!("$pbkdf2-sha512$i=220000,l=32${salt}${hash}\n"),
    ] {
        error(&language.verify("password", stored).await, program::NOT_A_HASH);
    }
}
