//! docs/support-desk.md: each command in it is run, and prints what is printed there.

use std::{
    fs,
    process::{Command, Output},
    sync::{Arc, Mutex},
};

use serde_json::json;
use test_support::{
    account::Account,
    http::fresh_address,
    password::GOOD,
    paths::root,
    response::{errorcode, request_id},
    secrets,
    worker::{Options, Worker},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

/// What the user of the document does, and what the test has to remember of it.
struct Scenario {
    worker: Worker,
    account: Account,
    /// The id of the request that reset the password.
    request_id: String,
}

impl Scenario {
    async fn start() -> Self {
        let worker = Worker::start(&Options::new("support-desk"));
        let account = Account { user_id: "1".to_owned(), ..Account::new() };
        worker
            .sql(&[
                "INSERT INTO users (user_id, user_name, email) VALUES ('1', 'demo', '1@example.com')",
                "INSERT INTO user_permissions VALUES ('1', 'Trading')",
            ])
            .await;
        Self { worker, account, request_id: String::new() }
    }

    /// Does what a comment in the document says.
    async fn act(&mut self, action: &str) {
        let Self { worker, account, .. } = &*self;
        match action {
            "demo requests a link" => {
                assert_eq!(errorcode(worker.reset_password("demo")).await, 0);
                worker.mail(account, 1).await;
                worker.wait_until_marked(account, 1).await;
            }
            "demo resets the password" => {
                let account = worker.with_code_in(account, &worker.mail(account, 2).await);
                worker.wait_until_marked(&account, 2).await;
                let response = worker.reset_password2(account.payload(GOOD)).send().await.unwrap();
                self.request_id = request_id(&response);
                assert_eq!(response.headers()["x-outcome"], "done");
                self.worker.wait_until_marked(&self.account, 3).await;
            }
            "demo locks the account" => {
                let notice = worker.mail(account, 3).await;
                let (_, code) = notice.split_once("LockCode=").unwrap();
                secrets::record(&code[..36]);
                let payload = json!({"UserId": "1", "LockCode": &code[..36]}).to_string();
                assert_eq!(
                    errorcode(worker.post_from(&fresh_address(), "/AP/LockAccount").body(payload)).await,
                    0
                );
                worker.wait_until_marked(account, 4).await;
            }
            _ => panic!("unknown action: {action}"),
        }
    }

    /// Runs a command of the document.
    async fn run(&self, command: &str, api: &str) -> Output {
        let command = command.replace("REQUEST_ID", &self.request_id).replace("demo@", "1@");
        let mut desk = Command::new(env!("CARGO"));
        desk.current_dir(root()).args(["run", "--quiet", "--package", "support-desk", "--"]);
        if command.contains("--local") {
            desk.arg("--persist-to").arg(self.worker.state_folder());
            if !command.contains("--url") {
                desk.args(["--url", self.worker.origin()]);
            }
        } else {
            desk.env("CLOUDFLARE_API_BASE_URL", api);
            desk.env("CLOUDFLARE_API_TOKEN", "token").env("CLOUDFLARE_ACCOUNT_ID", "account");
        }
        desk.args(command.split(' ').skip(1));
        tokio::process::Command::from(desk).output().await.unwrap()
    }
}

#[tokio::test]
async fn every_command_in_the_document_prints_what_is_printed_there() {
    let mut scenario = Scenario::start().await;
    let (api, requests) = cloudflare_api().await;
    let document = fs::read_to_string(root().join("docs/support-desk.md")).unwrap();
    let mut lines = document.lines().peekable();
    let mut commands = 0;
    while let Some(line) = lines.next() {
        if let Some(action) = line.strip_prefix("<!-- ").and_then(|line| line.strip_suffix(" -->")) {
            scenario.act(action).await;
        }
        let Some(command) = line.strip_prefix("$ ") else { continue };
        let mut expected = Vec::new();
        while let Some(line) = lines.next_if(|line| !line.starts_with("$ ") && !line.starts_with("```")) {
            expected.push(masked(line));
        }
        let mails = scenario.worker.mails(&scenario.account).len();
        let unlocks = command.contains(" unlock ");
        if unlocks {
            scenario.worker.sql(&["UPDATE users SET password_hash = 'perhaps the hash of a thief'"]).await;
        }
        let output = scenario.run(command, &api).await;
        let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        let printed: Vec<_> = printed.lines().map(masked).collect();
        assert_eq!(printed, expected, "{command}");
        if command.contains("send-link") && output.status.success() {
            scenario.worker.mail(&scenario.account, mails + 1).await;
        }
        if unlocks {
            let row = scenario.worker.row(&scenario.account).await;
            assert_eq!(row["password_hash"].is_null(), !command.ends_with(" --keep-password"), "{command}");
        }
        commands += 1;
    }
    assert_eq!(commands, 13);

    let fails = async |command: &str| {
        let output = scenario.run(command, &api).await;
        assert!(!output.status.success(), "{command}");
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(fails("support-desk --local show x'--").await.starts_with("There is no user \"x'--\"."));
    let share = "INSERT INTO users (user_id, user_name, email) VALUES ('2', 'second', '1@EXAMPLE.com')";
    scenario.worker.sql(&[share]).await;
    let several = fails("support-desk --local unlock demo@example.com").await;
    assert!(several.ends_with("  id:1  demo\n  id:2  second\n"), "{several}");

    // A name in another spelling, with a character that would clear the terminal.
    let name = "UPDATE users SET user_name = '\u{41c}\u{410}\u{428}\u{410}\u{9b}2J' WHERE user_id = '2'";
    let key = "UPDATE users SET user_name_key = '\u{43c}\u{430}\u{448}\u{430}\u{9b}2j' WHERE user_id = '2'";
    scenario.worker.sql(&[name, key]).await;
    let shown = scenario.run("support-desk --local show \u{43c}\u{430}\u{428}\u{430}\u{9b}2J", &api).await;
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.starts_with("User 2: \u{41c}\u{410}\u{428}\u{410}\u{fffd}2J, "), "{shown}");

    // What can't be done changes nothing.
    let before = scenario.worker.row(&scenario.account).await;
    let unreachable = fails("support-desk --local --url http://127.0.0.1:9 send-link demo").await;
    assert!(unreachable.ends_with("Nothing was changed.\n"), "{unreachable}");
    let unlocked = fails("support-desk --local unlock demo").await;
    assert_eq!(unlocked, "The account of demo is not locked. Nothing was changed.\n");
    assert_eq!(scenario.worker.row(&scenario.account).await, before);

    // A link that works, until resets are disabled.
    let mails = scenario.worker.mails(&scenario.account).len();
    scenario.run("support-desk --local send-link demo", &api).await;
    scenario.worker.wait_until_marked(&scenario.account, mails + 1).await;
    for (are_allowed, expected) in [(1, "It works until"), (0, "It does not work, because the user cannot")] {
        let sql = format!("UPDATE users SET resets_allowed = {are_allowed} WHERE user_id = '1'");
        scenario.worker.sql(&[&sql]).await;
        let output = scenario.run("support-desk --local show id:1", &api).await;
        let shown = String::from_utf8(output.stdout).unwrap();
        assert!(shown.contains(expected), "{shown}");
    }

    // Version 0.1.0 recorded less.
    let old = "INSERT INTO mails (mail_id, kind, user_id, reserved_at, sent_at) SELECT 'old', 'reset', '1', now, now FROM clock";
    scenario.worker.sql(&[old]).await;
    let output = scenario.run("support-desk --local show id:1", &api).await;
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("A link was sent to an address that was not recorded."), "{shown}");

    // Many e-mails don't hide a reset.
    let mails = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 60)
         INSERT INTO mails (mail_id, kind, user_id, recipient, reserved_at, lease_until, sent_at, issued_at, expires_at)
         SELECT 'mail ' || n, 'reset', '1', 'demo@example.com', now + n, now + n, now + n, now, now + 1000 FROM numbers, clock";
    scenario.worker.sql(&[mails]).await;
    let output = scenario.run("support-desk --local show id:1", &api).await;
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("The password was changed with a link"), "{shown}");
    assert!(shown.ends_with("Only the newest 50 e-mails and 50 attempts are shown.\n"), "{shown}");

    let requests = requests.lock().unwrap().clone();
    let consumers = "/accounts/account/queues/the-queue/consumers";
    assert!(
        requests.iter().any(|request| request.starts_with(&format!("POST {consumers} "))),
        "{requests:?}"
    );
    assert!(
        requests.iter().any(|request| request.starts_with(&format!("DELETE {consumers}/"))),
        "{requests:?}"
    );
}

/// Starts what stands in for Cloudflare's API, and returns its URL and the requests that it gets: the method, the path, and the rest.
async fn cloudflare_api() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let requests: Arc<Mutex<Vec<String>>> = Arc::default();
    let received = Arc::clone(&requests);
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut bytes = vec![0; 10_000];
            let length = socket.read(&mut bytes).await.unwrap();
            let request = String::from_utf8_lossy(&bytes[..length]).into_owned();
            let queue = json!({
                "queue_id": "the-queue",
                "queue_name": "reset-password2-mail-dead",
                "producers": [],
                "consumers": [{"consumer_id": "the-consumer", "type": "worker", "script": "reset-password2"}],
            });
            let result = if request.starts_with("GET") { json!([queue]) } else { json!({}) };
            let body = json!({"success": true, "errors": [], "messages": [], "result": result}).to_string();
            received.lock().unwrap().push(request);
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close";
            let response = format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            socket.write_all(response.as_bytes()).await.unwrap();
        }
    });
    (url, requests)
}

/// A line with its times, ids and addresses replaced.
fn masked(line: &str) -> String {
    let mut masked = line.replace("1@example.com", "demo@example.com");
    let is_like = |text: &str, pattern: &str| {
        text.len() == pattern.len()
            && text.bytes().zip(pattern.bytes()).all(|(byte, like)| match like {
                b'0' => byte.is_ascii_digit(),
                b'x' => byte.is_ascii_hexdigit(),
                _ => byte == like,
            })
    };
    for (pattern, name) in [("0000-00-00 00:00", "TIME"), ("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "ID")] {
        let mut start = 0;
        while let Some(text) = masked.get(start..start + pattern.len()) {
            if is_like(text, pattern) {
                masked.replace_range(start..start + pattern.len(), name);
            }
            start += 1;
            while !masked.is_char_boundary(start) {
                start += 1;
            }
        }
    }
    // Where a client is, which tests choose at random.
    match masked.split_once(", from ") {
        Some((before, after)) => {
            let (_, rest) = after.split_once(". ").unwrap();
            format!("{before}, from ADDRESS. {rest}")
        }
        None => masked,
    }
}
