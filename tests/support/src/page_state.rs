//! Every state of the pages, and how a user gets there.

use reset_password2::{
    languages::{Language, Texts, with_number},
    password::{MAX_LENGTH, Violation},
};
use serde_json::json;

use crate::{
    account::Account,
    browser::Browser,
    http::{RESET_PASSWORD2, fresh_address},
    observer::FAULT,
    password::{GOOD, TOO_COMMON, TOO_SHORT},
    worker::{Options, Worker},
};

/// A state of a page.
#[derive(Debug, Clone, Copy)]
pub enum State {
    /// The page for a new password, opened by a link.
    Link,
    /// The page for a new password, opened without a link.
    Paste,
    /// The page for a new password, after this problem.
    Refused(&'static str),
    /// The page after a reset.
    Changed,
    /// The page that requests a link.
    RequestLink,
    /// The page that requests a link, after this problem.
    NotSent(&'static str),
    /// The page after a link was requested.
    LinkRequested,
    /// The page that locks the account, opened by a link.
    Lock,
    /// That page, after a code that isn't valid.
    LockRefused,
    /// The page after the account was locked.
    Locked,
    /// The page for an unknown path.
    NotFound,
    /// The page after the Worker panicked.
    Panicked,
    /// The page if a setting is invalid.
    Misconfigured,
}

/// Every state.
pub const ALL: [State; 31] = [
    State::Link,
    State::Paste,
    State::Refused("too-short"),
    State::Refused("too-long"),
    State::Refused("too-common"),
    State::Refused("repetitive"),
    State::Refused("sequence"),
    State::Refused("contains-user-name"),
    State::Refused("contains-service-name"),
    State::Refused("link-dead"),
    State::Refused("link-dead-after-unclear"),
    State::Refused("too-many-attempts"),
    State::Refused("unclear"),
    State::Refused("server-error"),
    State::Refused("account-gone"),
    State::Refused("invalid"),
    State::Refused("no-response"),
    State::Changed,
    State::RequestLink,
    State::NotSent("invalid-user-name"),
    State::NotSent("too-many-attempts"),
    State::NotSent("not-sent"),
    State::NotSent("request-unclear"),
    State::NotSent("no-response"),
    State::LinkRequested,
    State::Lock,
    State::LockRefused,
    State::Locked,
    State::NotFound,
    State::Panicked,
    State::Misconfigured,
];

/// Starts a Worker with every setting that shows on a page.
pub fn start_worker(name: &str) -> Worker {
    start(name, &[])
}

/// Starts the same for an exchange with a name and a color of its own.
pub fn start_branded_worker(name: &str) -> Worker {
    start(name, &["EXCHANGE_NAME:Northwind", "BRAND_COLOR:#0b7a75"])
}

fn start(name: &str, brand: &[&str]) -> Worker {
    let vars = [
        "PASSWORD_CONTEXT_WORDS:kangaroo",
        "LOGIN_URL:https://exchange.example/login",
        "SUPPORT_URL:https://exchange.example/support",
    ];
    Worker::start(&Options { vars: &[&vars, brand].concat(), ..Options::new(name) })
}

impl State {
    /// Takes a browser there, and checks what the page says.
    pub async fn reach(self, worker: &Worker, browser: &Browser) {
        browser.set_offline(false).await;
        browser.set_headers(json!({})).await;
        let (shown, expected) = self.go(worker, browser).await;
        assert_eq!(shown, expected, "{self:?}");
    }

    /// Returns what the page says, and what it should say.
    async fn go(self, worker: &Worker, browser: &Browser) -> (String, String) {
        let Texts { pages, choose_password, request_link, lock_account, .. } = browser.language.texts();
        let (shown, expected) = match self {
            Self::Link => {
                browser.goto(&worker.link(&Account::new())).await;
                assert!(!browser.is_visible("#UserId").await);
                (browser.text("h1").await, choose_password.title)
            }
            Self::Paste => {
                browser.goto(&worker.url("/resetPassword")).await;
                (browser.text("h1").await, choose_password.title)
            }
            Self::RequestLink => {
                browser.goto(&worker.url("/forgotPassword")).await;
                (browser.text("h1").await, request_link.title)
            }
            Self::Refused(problem) | Self::NotSent(problem) => {
                let shown = match self {
                    Self::NotSent(_) => cause_request_problem(problem, worker, browser).await,
                    _ => cause_password_problem(problem, worker, browser).await,
                };
                return (shown, text(problem, browser.language));
            }
            Self::Changed => {
                browser.goto(&worker.link(&worker.user_with_code().await)).await;
                browser.type_into("Password", GOOD).await;
                (browser.submit().await, choose_password.changed_title)
            }
            Self::LinkRequested => {
                browser.goto(&worker.url("/forgotPassword")).await;
                browser.type_into("UserName", "nobody").await;
                (browser.submit().await, request_link.sent_title)
            }
            Self::Lock | Self::LockRefused => {
                // The code was never issued.
                let Account { user_id, code, .. } = Account::new();
                browser.goto("about:blank").await;
                browser.goto(&worker.url(&format!("/lockAccount#UserId={user_id}&LockCode={code}"))).await;
                assert!(!browser.is_visible("#UserId").await);
                if matches!(self, Self::LockRefused) {
                    (browser.submit().await, lock_account.link_dead)
                } else {
                    (browser.text("h1").await, lock_account.title)
                }
            }
            Self::Locked => {
                browser.goto(&worker.url("/accountLocked")).await;
                (browser.text("h1").await, lock_account.locked_title)
            }
            Self::NotFound => {
                browser.goto(&worker.url("/forgotPasword")).await;
                (browser.text("h1").await, pages.not_found_title)
            }
            Self::Panicked => {
                browser.goto(&worker.link(&worker.user_with_code().await)).await;
                browser.type_into("Password", GOOD).await;
                browser.set_headers(json!({FAULT: "panic"})).await;
                (browser.submit().await, pages.failed_title)
            }
            Self::Misconfigured => {
                browser.goto(&Worker::misconfigured().url("/resetPassword")).await;
                (browser.text("h1").await, pages.failed_title)
            }
        };
        (shown, expected.to_owned())
    }

    /// A name for a file.
    pub fn name(self) -> String {
        match self {
            Self::Link => "choose-link".to_owned(),
            Self::Paste => "choose-paste".to_owned(),
            Self::Refused(problem) => format!("choose-refused-{problem}"),
            Self::Changed => "choose-done".to_owned(),
            Self::RequestLink => "request-form".to_owned(),
            Self::NotSent(problem) => format!("request-refused-{problem}"),
            Self::LinkRequested => "request-done".to_owned(),
            Self::Lock => "lock-form".to_owned(),
            Self::LockRefused => "lock-refused".to_owned(),
            Self::Locked => "lock-done".to_owned(),
            Self::NotFound => "not-found".to_owned(),
            Self::Panicked => "panicked".to_owned(),
            Self::Misconfigured => "misconfigured".to_owned(),
        }
    }
}

/// What the page says about a problem.
fn text(problem: &str, language: Language) -> String {
    let Texts { pages, choose_password, request_link, .. } = language.texts();
    let rejected = |violation| Some((choose_password.rejected)(violation));
    let rule = match problem {
        "too-short" => rejected(Violation::TooShort { min_length: 15 }).map(|text| with_number(text, 15)),
        "too-long" => rejected(Violation::TooLong).map(|text| with_number(text, MAX_LENGTH)),
        "too-common" => rejected(Violation::Common).map(str::to_owned),
        "repetitive" => rejected(Violation::Repetitive).map(str::to_owned),
        "sequence" => rejected(Violation::Sequence).map(str::to_owned),
        "contains-user-name" => rejected(Violation::ContainsUserName).map(str::to_owned),
        "contains-service-name" => rejected(Violation::ContainsServiceName).map(str::to_owned),
        _ => None,
    };
    if let Some(rule) = rule {
        return rule;
    }
    let text = match problem {
        "link-dead" => choose_password.link_dead,
        "link-dead-after-unclear" => choose_password.link_dead_after_unclear,
        "unclear" => choose_password.unclear,
        "server-error" => choose_password.server_error,
        "account-gone" => choose_password.account_gone,
        "invalid" => choose_password.invalid,
        "invalid-user-name" => request_link.invalid_user_name,
        "not-sent" => request_link.not_sent,
        "request-unclear" => request_link.request_unclear,
        "too-many-attempts" => pages.too_many_attempts,
        "no-response" => pages.no_response,
        _ => panic!("{problem}"),
    };
    text.to_owned()
}

/// Causes a problem on the page for a new password.
async fn cause_password_problem(problem: &str, worker: &Worker, browser: &Browser) -> String {
    let account = match problem {
        // A code that was never issued, and the code of a user who was deleted.
        "link-dead" | "too-many-attempts" => Account::new(),
        "account-gone" => {
            let account = Account::new();
            worker.put(account.entry()).await;
            account
        }
        _ => worker.user_with_code().await,
    };
    let password = match problem {
        "too-short" => TOO_SHORT.to_owned(),
        "too-long" => "long ".repeat(206),
        "too-common" => TOO_COMMON.to_owned(),
        "repetitive" => "bitcoinbitcoin1".to_owned(),
        "sequence" => "abcdefghijklmno".to_owned(),
        "contains-user-name" => format!("my {} is long", account.user_name()),
        "contains-service-name" => "a kangaroo of words".to_owned(),
        _ => GOOD.to_owned(),
    };
    if problem == "invalid" {
        browser.goto(&worker.url("/resetPassword")).await;
        browser.type_into("UserId", &account.user_id).await;
        browser.type_into("PendingCode", &account.code.to_string()[..30]).await;
    } else {
        browser.goto(&worker.link(&account)).await;
    }
    browser.type_into("Password", &password).await;
    match problem {
        "unclear" => browser.set_headers(json!({FAULT: "d1:after,d1:before"})).await,
        "server-error" => browser.set_headers(json!({FAULT: "kv:fail"})).await,
        "no-response" => browser.set_offline(true).await,
        "too-many-attempts" => use_up_rate_limit(worker, browser).await,
        "link-dead-after-unclear" => {
            // The first attempt changes the password, but its response is lost.
            browser.set_headers(json!({FAULT: "d1:after,d1:before"})).await;
            browser.submit().await;
            browser.set_headers(json!({})).await;
        }
        _ => {}
    }
    browser.submit().await
}

/// Causes a problem on the page that requests a link.
async fn cause_request_problem(problem: &str, worker: &Worker, browser: &Browser) -> String {
    browser.goto(&worker.url("/forgotPassword")).await;
    browser.type_into("UserName", if problem == "invalid-user-name" { " " } else { "nobody" }).await;
    match problem {
        "not-sent" => browser.set_headers(json!({FAULT: "queue:missing"})).await,
        "request-unclear" => browser.set_headers(json!({FAULT: "queue:fail"})).await,
        "no-response" => browser.set_offline(true).await,
        "too-many-attempts" => use_up_rate_limit(worker, browser).await,
        _ => {}
    }
    browser.submit().await
}

/// Gives the browser an address that has made too many calls.
async fn use_up_rate_limit(worker: &Worker, browser: &Browser) {
    let address = fresh_address();
    browser.set_headers(json!({"CF-Connecting-IP": address})).await;
    let payload = Account::new().payload(GOOD);
    // Twice as many as are allowed, since a minute may end in between.
    for _ in 0..120 {
        let call = worker.post_from(&address, RESET_PASSWORD2).body(payload.clone());
        if call.send().await.unwrap().status() == 429 {
            return;
        }
    }
    panic!("{address} is not limited");
}
