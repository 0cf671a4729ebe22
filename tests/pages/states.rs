//! Every state of both pages, and how a person comes there.

use serde_json::json;

use crate::{
    GOOD,
    browser::Browser,
    worker::{Account, Options, Worker, fresh_address},
};

/// The state of a page.
#[derive(Debug, Clone, Copy)]
pub(crate) enum State {
    /// The page of the link, as a link opens it.
    Link,
    /// The page of the link, opened without one.
    Paste,
    /// The page of the link, after a refusal.
    Refused(&'static str),
    Changed,
    Forgot,
    /// The page that asks for an e-mail, after a refusal.
    NotSent(&'static str),
    Sent,
}

/// All of them.
pub(crate) const ALL: [State; 21] = [
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

/// A Worker with all settings that a page shows something of.
pub(crate) fn worker(name: &str) -> Worker {
    let vars = ["PASSWORD_CONTEXT_WORDS:kangaroo", "LOGIN_URL:https://exchange.example/login"];
    Worker::start(&Options { name, vars: &vars, ..Options::DEFAULT })
}

impl State {
    /// Brings a browser there.
    pub(crate) async fn reach(self, worker: &Worker, browser: &Browser) {
        browser.offline(false).await;
        browser.sends(json!({})).await;
        let outcome = match self {
            Self::Link => {
                browser.goto(&link(worker, &Account::new())).await;
                assert!(!browser.find("#UserId").await.is_displayed().await.unwrap());
                return;
            }
            Self::Paste => return browser.goto(&format!("{}/resetPassword", worker.origin)).await,
            Self::Forgot => return browser.goto(&format!("{}/forgotPassword", worker.origin)).await,
            Self::Refused(problem) => {
                let outcome = refused(problem, worker, browser).await;
                assert_eq!(outcome, problem);
                return;
            }
            Self::NotSent(problem) => {
                let outcome = not_sent(problem, worker, browser).await;
                assert_eq!(outcome, problem);
                return;
            }
            Self::Changed => {
                browser.goto(&link(worker, &worker.user_with_code().await)).await;
                browser.type_into("Password", GOOD).await;
                browser.submit().await
            }
            Self::Sent => {
                browser.goto(&format!("{}/forgotPassword", worker.origin)).await;
                browser.type_into("UserName", "nobody").await;
                browser.submit().await
            }
        };
        assert_eq!(outcome, "done");
    }

    /// A name for a file.
    pub(crate) fn name(self) -> String {
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

/// The link in our mails.
pub(crate) fn link(worker: &Worker, Account { user_id, code, .. }: &Account) -> String {
    format!("{}/resetPassword#UserId={user_id}&PendingCode={code}", worker.origin)
}

async fn refused(problem: &str, worker: &Worker, browser: &Browser) -> String {
    let account = match problem {
        // The code of nobody, and the code of a user who is gone.
        "link-dead" | "too-many-attempts" => Account::new(),
        "account-gone" => {
            let account = Account::new();
            worker.put(account.entry()).await;
            account
        }
        _ => worker.user_with_code().await,
    };
    let password = match problem {
        "too-short" => "too short".to_owned(),
        "too-long" => "long ".repeat(206),
        "too-common" => "1qaz2wsx3edc4rfv".to_owned(),
        "contains-user-name" => format!("my name{} is long", account.user_id),
        "contains-service-name" => "a kangaroo of words".to_owned(),
        _ => GOOD.to_owned(),
    };
    if problem == "invalid" {
        browser.goto(&format!("{}/resetPassword", worker.origin)).await;
        browser.type_into("UserId", &account.user_id).await;
        browser.type_into("PendingCode", &account.code.to_string()[..30]).await;
    } else {
        browser.goto(&link(worker, &account)).await;
    }
    browser.type_into("Password", &password).await;
    match problem {
        "unclear" => browser.sends(json!({"Test-Fault": "d1:after,d1:before"})).await,
        "server-error" => browser.sends(json!({"Test-Fault": "kv:fail"})).await,
        "no-answer" => browser.offline(true).await,
        "too-many-attempts" => return limited(worker, browser).await,
        _ => {}
    }
    browser.submit().await
}

async fn not_sent(problem: &str, worker: &Worker, browser: &Browser) -> String {
    browser.goto(&format!("{}/forgotPassword", worker.origin)).await;
    browser.type_into("UserName", if problem == "invalid-user-name" { " " } else { "nobody" }).await;
    match problem {
        "not-sent" => browser.sends(json!({"Test-Fault": "queue"})).await,
        "no-answer" => browser.offline(true).await,
        "too-many-attempts" => return limited(worker, browser).await,
        _ => {}
    }
    browser.submit().await
}

/// Submits the form from an address that has called too often.
async fn limited(worker: &Worker, browser: &Browser) -> String {
    let address = fresh_address();
    browser.sends(json!({"CF-Connecting-IP": address})).await;
    let stranger = Account::new().payload(GOOD);
    // Twice as many as are allowed: a minute may end in between.
    for _ in 0..120 {
        let call = reqwest::Client::new().post(worker.call()).header("CF-Connecting-IP", &address);
        if call.body(stranger.clone()).send().await.unwrap().status() == 429 {
            return browser.submit().await;
        }
    }
    panic!("{address} is not limited");
}
