//! Every state of both pages, and how a person gets there.

use serde_json::json;

use crate::{
    account::Account,
    browser::Browser,
    http::{RESET_PASSWORD2, fresh_address},
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
    /// The page for a new password, after success.
    Changed,
    /// The page that requests an e-mail.
    Forgot,
    /// The page that requests an e-mail, after this problem.
    NotSent(&'static str),
    /// The page that requests an e-mail, after success.
    Sent,
}

/// Every state.
pub const ALL: [State; 21] = [
    State::Link,
    State::Paste,
    State::Refused("too-short"),
    State::Refused("too-long"),
    State::Refused("too-common"),
    State::Refused("contains-user-name"),
    State::Refused("contains-service-name"),
    State::Refused("link-dead"),
    State::Refused("too-many-attempts"),
    State::Refused("unclear"),
    State::Refused("server-error"),
    State::Refused("account-gone"),
    State::Refused("invalid"),
    State::Refused("no-answer"),
    State::Changed,
    State::Forgot,
    State::NotSent("invalid-user-name"),
    State::NotSent("too-many-attempts"),
    State::NotSent("not-sent"),
    State::NotSent("no-answer"),
    State::Sent,
];

/// Starts a Worker with every setting that shows on a page.
pub fn start_worker(name: &str) -> Worker {
    let vars = ["PASSWORD_CONTEXT_WORDS:kangaroo", "LOGIN_URL:https://exchange.example/login"];
    Worker::start(&Options { vars: &vars, ..Options::new(name) })
}

impl State {
    /// Takes a browser there.
    pub async fn reach(self, worker: &Worker, browser: &Browser) {
        browser.set_offline(false).await;
        browser.set_headers(json!({})).await;
        let (outcome, expected) = match self {
            Self::Link => {
                browser.goto(&worker.link(&Account::new())).await;
                assert!(!browser.is_visible("#UserId").await);
                return;
            }
            Self::Paste => return browser.goto(&worker.url("/resetPassword")).await,
            Self::Forgot => return browser.goto(&worker.url("/forgotPassword")).await,
            Self::Refused(problem) => (refuse(problem, worker, browser).await, problem),
            Self::NotSent(problem) => (do_not_send(problem, worker, browser).await, problem),
            Self::Changed => {
                browser.goto(&worker.link(&worker.user_with_code().await)).await;
                browser.type_into("Password", GOOD).await;
                (browser.submit().await, "done")
            }
            Self::Sent => {
                browser.goto(&worker.url("/forgotPassword")).await;
                browser.type_into("UserName", "nobody").await;
                (browser.submit().await, "done")
            }
        };
        assert_eq!(outcome, expected);
    }

    /// A name for a file.
    pub fn name(self) -> String {
        match self {
            Self::Link => "reset-link".to_owned(),
            Self::Paste => "reset-paste".to_owned(),
            Self::Refused(problem) => format!("reset-refused-{problem}"),
            Self::Changed => "reset-done".to_owned(),
            Self::Forgot => "forgot-form".to_owned(),
            Self::NotSent(problem) => format!("forgot-refused-{problem}"),
            Self::Sent => "forgot-done".to_owned(),
        }
    }
}

/// Causes a problem on the page for a new password.
async fn refuse(problem: &str, worker: &Worker, browser: &Browser) -> String {
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
        "unclear" => browser.set_headers(json!({"Test-Fault": "d1:after,d1:before"})).await,
        "server-error" => browser.set_headers(json!({"Test-Fault": "kv:fail"})).await,
        "no-answer" => browser.set_offline(true).await,
        "too-many-attempts" => use_up_rate_limit(worker, browser).await,
        _ => {}
    }
    browser.submit().await
}

/// Causes a problem on the page that requests an e-mail.
async fn do_not_send(problem: &str, worker: &Worker, browser: &Browser) -> String {
    browser.goto(&worker.url("/forgotPassword")).await;
    browser.type_into("UserName", if problem == "invalid-user-name" { " " } else { "nobody" }).await;
    match problem {
        "not-sent" => browser.set_headers(json!({"Test-Fault": "queue:fail"})).await,
        "no-answer" => browser.set_offline(true).await,
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
