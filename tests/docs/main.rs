//! The programs of docs/other-languages.md, as they stand there: each is run as its reader would run it, against the
//! Worker as it is built. Cloudflare's REST API for KV is the one of `kv_rest_api.mjs`, and wrangler's Local Explorer.
//!
//! A language whose runtime is not on the machine is named as not run. libtest would keep that line of a test that passes
//! to itself, so this is a program: `cargo test --test docs`, with a part of a language's name for that one alone.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    dead_code,
    reason = "tests, with the hands of the end-to-end tests"
)]

#[path = "../e2e/worker.rs"]
mod worker;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

use reset_password2::{
    password::{NewPassword, PasswordHash},
    pending_code::PendingCode,
};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt as _, time::timeout};
use uuid::Uuid;
use worker::{Account, Options, Worker, now, remember, tool};

const PAGE: &str = include_str!("../../docs/other-languages.md");

/// A program takes a second at most here, Java's with its compilation.
const RUN_TIMEOUT: Duration = Duration::from_mins(1);

/// For how long the page's codes are good.
const LIFETIME_SECONDS: u64 = 1800;

struct Language {
    name: &'static str,
    runtime: &'static str,
    /// The oldest that will do, by its first number.
    version: u32,
    /// The info strings of its two blocks: the language, and the file's name.
    issue: &'static str,
    verify: &'static str,
}

const LANGUAGES: [Language; 3] = [
    Language {
        name: "Node.js",
        runtime: "node",
        version: 22,
        issue: "js issue.mjs",
        verify: "js verify.mjs",
    },
    Language {
        name: "Python",
        runtime: "python3",
        version: 3,
        issue: "python issue.py",
        verify: "python verify.py",
    },
    Language {
        name: "Java",
        runtime: "java",
        version: 17,
        issue: "java Issue.java",
        verify: "java Verify.java",
    },
];

/// One password in two spellings. The signs of Ångström and of ohm compose to others, "ﬁ" to nothing.
const COMPOSED: &str = "caf\u{e9} au lait \u{fb01}n, \u{c5}ngstr\u{f6}m \u{3a9}";
const DECOMPOSED: &str = "cafe\u{301} au lait \u{fb01}n, \u{212b}ngstro\u{308}m \u{2126}";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let written = write_programs();
    let infos: Vec<&str> = LANGUAGES.iter().flat_map(|language| [language.issue, language.verify]).collect();
    assert_eq!(written, infos, "the blocks of the page");

    let filter = env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    assert!(
        LANGUAGES.iter().any(|language| language.name.contains(&filter)),
        "no language is called {filter:?}: give a part of a name, or nothing"
    );
    for language in &LANGUAGES {
        let programs = format!("{}: {} and {}", language.name, file(language.issue), file(language.verify));
        if !language.name.contains(&filter) {
            println!("filtered out: {programs}");
            continue;
        }
        let Some(version) = language.version_here() else {
            // npm installs it.
            assert_ne!(language.runtime, "node", "no Node.js in node_modules: run `make setup`");
            let (runtime, version) = (language.runtime, language.version);
            println!("NOT RUN: {programs}: no {runtime} of version {version} or later on this machine");
            continue;
        };
        worker();
        let start = Instant::now();
        language.compile();
        the_issued_link_changes_the_password_that_verifies(language).await;
        what_kv_refuses_gives_no_link(language).await;
        a_missing_setting_is_named(language).await;
        every_password_verifies_as_the_crate_hashes_it(language).await;
        what_is_no_hash_of_ours_is_an_error(language).await;
        println!("ok: {programs} ({version}), {:.0?}", start.elapsed());
    }
}

/// The Worker that all of them write to.
fn worker() -> &'static Worker {
    static WORKER: OnceLock<Worker> = OnceLock::new();
    let options = Options { name: "docs", script: "tests/docs/kv_rest_api.mjs", ..Options::DEFAULT };
    WORKER.get_or_init(|| Worker::start(&options))
}

/// The whole way, from the code to the login.
async fn the_issued_link_changes_the_password_that_verifies(language: &Language) {
    let worker = worker();
    // What must be escaped in a link, and in JSON.
    let mut account = Account::new();
    account.user_id += " a+b&c=\u{e9}/%";
    let user_name = "O\"Neil \\ \u{540d}\n";
    worker.enrol(&account, &["Trading"]).await;

    // wrangler's own copy of the REST API says that the request is one; the other, that it is complete.
    for namespace in [explorer(worker), rest_api(worker)] {
        let before = now();
        let issued = language.issue(&namespace, "a-token", &[&account.user_id, user_name]).await;
        let link = answer(&issued);
        let after = now();

        let (page, fragment) = link.split_once('#').expect(&link);
        assert_eq!(page, format!("{}/resetPassword", worker.origin));
        assert!(
            fragment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"=&%-".contains(&byte)),
            "{link}"
        );
        let parts: Vec<(String, String)> = form_urlencoded::parse(fragment.as_bytes()).into_owned().collect();
        let [(user_id_key, user_id), (code_key, code)] = parts.as_slice() else { panic!("{link}") };
        assert_eq!((user_id_key.as_str(), user_id), ("UserId", &account.user_id));
        assert_eq!(code_key, "PendingCode");
        let guid = Uuid::parse_str(code).unwrap();
        assert_eq!(guid.get_version_num(), 4, "{code}");
        assert_eq!(*code, guid.hyphenated().to_string());

        let key = PendingCode::from(guid).digest().kv_key();
        let url = format!("{}/values/{}", explorer(worker), key.replace(':', "%3A"));
        let entry: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
        let issued_at = entry["IssuedAt"].as_u64().unwrap();
        assert!((before..=after).contains(&issued_at), "{issued_at} is not from {before} to {after}");
        let expected = json!({
            "UserId": account.user_id,
            "UserName": user_name,
            "IssuedAt": issued_at,
            "ExpiresAt": issued_at + LIFETIME_SECONDS * 1000,
        });
        assert_eq!(entry, expected);
        if namespace == rest_api(worker) {
            let expiration = expiration(worker, &key).await.expect("an entry that expires");
            let earliest = before / 1000 + LIFETIME_SECONDS;
            assert!((earliest..=after / 1000 + LIFETIME_SECONDS + 1).contains(&expiration), "{expiration}");
        }

        remember(DECOMPOSED);
        let payload = json!({"UserId": user_id, "Password": DECOMPOSED, "PendingCode": code});
        let redeemed: Value = worker.post(payload.to_string()).send().await.unwrap().json().await.unwrap();
        assert_eq!(redeemed["errorcode"], 0, "{redeemed}");
    }

    let stored = worker.stored_hash(&account).await.unwrap();
    for (password, verdict) in [
        (COMPOSED, "match"),
        (DECOMPOSED, "match"),
        ("cafe au lait fin, Angstrom O", "no match"),
        // NFKC's spelling.
        (&COMPOSED.replace('\u{fb01}', "fi"), "no match"),
        (&format!("{COMPOSED}\n"), "no match"),
        ("", "no match"),
    ] {
        let verified = language.verify(password, &stored).await;
        assert_eq!(one_line(&verified), verdict, "{password:?}");
        // What goes by the exit status alone is not misled.
        assert_eq!(verified.status.success(), verdict == "match", "{password:?}");
    }
}

async fn what_kv_refuses_gives_no_link(language: &Language) {
    let worker = worker();
    let before = worker.keys().await;
    let refused = language.issue(&rest_api(worker), "another-token", &["5", "alice"]).await;
    let said = error(&refused, "KV answered 403: ");
    assert!(said.contains("Authentication error"), "{said}");
    assert_no_key_but(&before).await;
}

async fn a_missing_setting_is_named(language: &Language) {
    let worker = worker();
    let before = worker.keys().await;
    for name in ["KV_NAMESPACE_URL", "CLOUDFLARE_API_TOKEN", "PUBLIC_URL"] {
        let mut command = language.issue_command(&rest_api(worker), "a-token", &["5", "alice"]);
        command.env_remove(name);
        error(&run(command, "").await, name);
        let mut command = language.issue_command(&rest_api(worker), "a-token", &["5", "alice"]);
        command.env(name, "");
        error(&run(command, "").await, name);
    }
    assert_no_key_but(&before).await;
}

async fn every_password_verifies_as_the_crate_hashes_it(language: &Language) {
    for password in [
        "  blanks at both ends  ",
        "\"quotes\" 'of' `every` \\ $kind",
        "\u{1f980} and \u{1f469}\u{200d}\u{1f4bb} and \u{1f1e9}\u{1f1ea}",
        "\u{feff}a mark at the start, and a line feed\r\n",
    ] {
        let stored = PasswordHash::derive(&NewPassword::new(password), *b"sixteen  random!");
        assert_eq!(answer(&language.verify(password, stored.as_phc()).await), "match", "{password:?}");
    }
    // As in src/password/hash.rs: "password" with other parameters.
    for stored in [
        "$pbkdf2-sha512$i=210000,l=64$AAAAAAAAAAAAAAAAAAAAAA$VnNBtbM+8dh9ycnUA0ppPfY7/FvIK9ApzB+GxKnLYA4+Giy0El4zQRlWAZ/vmOZCYxKvSLKfdM4eKtyJ2DXP8w",
        "$pbkdf2-sha512$i=220000,l=32$AAAAAAAAAAAAAAAAAAAAAA$WGyFyVzzoHxwgWSze0BPIDq/dS0kayN4PC89Oxp/iqg",
    ] {
        assert_eq!(answer(&language.verify("password", stored).await), "match", "{stored}");
    }
}

async fn what_is_no_hash_of_ours_is_an_error(language: &Language) {
    let hash = "WGyFyVzzoHxwgWSze0BPIDq/dS0kayN4PC89Oxp/iqg";
    let salt = "AAAAAAAAAAAAAAAAAAAAAA";
    for stored in [
        "password",
        "$2b$10$abcdefghijklmnopqrstuv",
        "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaGhhc2g",
        // A sound hash of another algorithm, with too many rounds or none, cut off, with a line feed after it.
        &format!("$pbkdf2-sha256$i=220000,l=32${salt}${hash}"),
        &format!("$pbkdf2-sha512$i=10000000,l=32${salt}${hash}"),
        &format!("$pbkdf2-sha512$i=0,l=32${salt}${hash}"),
        &format!("$pbkdf2-sha512$i=220000,l=64${salt}${hash}"),
        &format!("$pbkdf2-sha512$i=220000,l=32${salt}"),
        &format!("$pbkdf2-sha512$i=220000,l=32${salt}${hash}\n"),
    ] {
        error(&language.verify("password", stored).await, "the stored string is not a pbkdf2-sha512 hash");
    }
}

impl Language {
    /// What its runtime says of its version, where it is on this machine and new enough.
    fn version_here(&self) -> Option<String> {
        let output =
            self.runtime().arg("--version").output().ok().filter(|output| output.status.success())?;
        let version = String::from_utf8(output.stdout).ok()?.lines().next()?.to_owned();
        let number = version.split(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty())?;
        (number.parse::<u32>().ok()? >= self.version).then_some(version)
    }

    fn runtime(&self) -> Command {
        if self.runtime == "node" { tool("node") } else { Command::new(self.runtime) }
    }

    fn program(&self, info: &str) -> Command {
        let mut program = self.runtime();
        match file(info).strip_suffix(".java") {
            Some(class) => program.arg("-cp").arg(folder()).arg(class),
            None => program.arg(folder().join(file(info))),
        };
        // Arguments are in the locale's encoding.
        program.env("LC_ALL", "C.UTF-8").env("NO_PROXY", "127.0.0.1");
        program
    }

    /// Compiles Java's programs, which `java Issue.java` does anew each time that it runs one.
    fn compile(&self) {
        if self.runtime == "java" {
            let sources = [self.issue, self.verify].map(|info| folder().join(file(info)));
            let compiled = Command::new("javac").args(sources).env("LC_ALL", "C.UTF-8").status().unwrap();
            assert!(compiled.success());
        }
    }

    fn issue_command(&self, namespace: &str, token: &str, arguments: &[&str]) -> Command {
        let mut program = self.program(self.issue);
        program.env("KV_NAMESPACE_URL", namespace).env("CLOUDFLARE_API_TOKEN", token);
        program.env("PUBLIC_URL", &worker().origin).args(arguments);
        program
    }

    async fn issue(&self, namespace: &str, token: &str, arguments: &[&str]) -> Output {
        run(self.issue_command(namespace, token, arguments), "").await
    }

    async fn verify(&self, password: &str, stored: &str) -> Output {
        let mut program = self.program(self.verify);
        program.arg(stored);
        run(program, password).await
    }
}

async fn run(command: Command, input: &str) -> Output {
    let mut command = tokio::process::Command::from(command);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let run = async {
        let mut program = command.spawn().unwrap();
        let mut stdin = program.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).await.unwrap();
        drop(stdin);
        program.wait_with_output().await.unwrap()
    };
    timeout(RUN_TIMEOUT, run).await.expect("a program that ends")
}

/// The one line that a program printed, and then succeeded.
fn answer(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    one_line(output)
}

fn one_line(output: &Output) -> String {
    let text = str::from_utf8(&output.stdout).unwrap();
    text.strip_suffix('\n').filter(|line| !line.contains('\n')).expect(text).to_owned()
}

/// Makes sure that a program answered nothing, but failed and said `why`; gives all that it said.
fn error(output: &Output, why: &str) -> String {
    assert!(!output.status.success() && output.stdout.is_empty(), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains(why), "{why}: {said}");
    said
}

/// Makes sure that nothing was written to KV. The Worker may still be removing the code that was used.
async fn assert_no_key_but(before: &[String]) {
    let keys = worker().keys().await;
    assert!(keys.iter().all(|key| before.contains(key)), "{keys:?}");
}

/// The namespace in Cloudflare's REST API, as `kv_rest_api.mjs` knows it.
fn rest_api(worker: &Worker) -> String {
    format!("{}/client/v4/accounts/1/storage/kv/namespaces/2", worker.origin)
}

/// The namespace in the copy of it that `wrangler dev` serves.
fn explorer(worker: &Worker) -> String {
    format!("{}/cdn-cgi/local/explorer/api/storage/kv/namespaces/PENDING_CODES", worker.origin)
}

/// When KV will remove an entry, in Unix seconds.
async fn expiration(worker: &Worker, key: &str) -> Option<u64> {
    let listed: Value =
        reqwest::get(format!("{}/keys", explorer(worker))).await.unwrap().json().await.unwrap();
    let keys = listed["result"].as_array().unwrap();
    keys.iter().find(|entry| entry["name"] == key).expect(key)["expiration"].as_u64()
}

/// Writes the page's fenced blocks to files, and gives their info strings.
fn write_programs() -> Vec<&'static str> {
    fs::create_dir_all(folder()).unwrap();
    let mut blocks = PAGE.split("\n```").skip(1);
    let mut infos = Vec::new();
    // A block begins with its info string; after it comes the text up to the next one.
    while let (Some(block), Some(_)) = (blocks.next(), blocks.next()) {
        let (info, program) = block.split_once('\n').unwrap();
        fs::write(folder().join(file(info)), format!("{program}\n")).unwrap();
        infos.push(info);
    }
    infos
}

/// The file's name in an info string.
fn file(info: &str) -> &str {
    info.split_once(' ').expect(info).1
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("docs")
}
