//! The kinds of calls that should not be told apart.

use futures_util::future::join_all;
use serde_json::{Value, json};
use test_support::{
    account::Account,
    clock::now,
    http::{RESET_PASSWORD, RESET_PASSWORD2},
    password::GOOD,
    worker::Worker,
};

/// How many codes of each kind there are. Each is tried many times.
const CODES: usize = 20;

/// How often a code may be tried that KV still has, per minute.
const TRIES_PER_MINUTE: usize = 9;

/// Calls of one kind.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) path: &'static str,
    /// How many calls the rate limit of the codes allows.
    pub(crate) max_calls: usize,
    payloads: Vec<String>,
}

impl Kind {
    fn new(name: &'static str, path: &'static str, payloads: Vec<String>) -> Self {
        Self { name, path, max_calls: usize::MAX, payloads }
    }

    fn of_codes(name: &'static str, accounts: &[Account]) -> Self {
        Self::new(name, RESET_PASSWORD2, accounts.iter().map(|account| account.payload(GOOD)).collect())
    }

    /// The payload of call `number`.
    pub(crate) fn payload(&self, number: usize) -> String {
        self.payloads[number % self.payloads.len()].clone()
    }
}

/// Prepares users and codes, and returns groups of kinds. The responses to a group are meant to be equal.
pub(crate) async fn prepare(worker: &Worker) -> [Vec<Kind>; 2] {
    let unknown = || (0..CODES).map(|_| Account::new()).collect::<Vec<_>>();

    let mut expired = unknown();
    for account in &mut expired {
        worker.enroll(account, &["Trading"]).await;
        account.issued_at = now() - 60_000;
        account.expires_at = now() - 1_000;
        worker.put(account.entry()).await;
    }

    let mut other_users = Vec::new();
    for _ in 0..CODES {
        let account = worker.user_with_code().await;
        other_users.push(Account { user_id: worker.user().await.user_id, ..account });
    }

    let (mut used, mut visible) = (Vec::new(), Vec::new());
    for number in 0..2 * CODES {
        let account = worker.user_with_code().await;
        let response = worker.reset_password2(account.payload(GOOD)).send().await.unwrap();
        assert!(response.text().await.unwrap().contains(r#""errorcode":0,"#));
        worker.wait_until("the code leaves KV", async || !worker.has_entry(&account).await).await;
        if number % 2 == 0 {
            used.push(account);
        } else {
            // As a location sees it for up to a minute.
            worker.put(account.entry()).await;
            visible.push(account);
        }
    }

    let superseded = join_all((0..CODES).map(|_| superseded_code(worker))).await;

    let mut known = Vec::new();
    for _ in 0..CODES {
        known.push(request(&worker.user().await));
    }
    let unknown_names = || unknown().iter().map(request).collect();

    let visible = Kind {
        max_calls: CODES * TRIES_PER_MINUTE / 2,
        ..Kind::of_codes("code: used, but KV still has it", &visible)
    };
    [
        vec![
            Kind::of_codes("code: unknown", &unknown()),
            Kind::of_codes("code: unknown (control)", &unknown()),
            Kind::of_codes("code: used", &used),
            Kind::of_codes("code: superseded", &superseded),
            Kind::of_codes("code: expired, and KV still has it", &expired),
            Kind::of_codes("code: another user's", &other_users),
            visible,
        ],
        vec![
            Kind::new("name: unknown", RESET_PASSWORD, unknown_names()),
            Kind::new("name: unknown (control)", RESET_PASSWORD, unknown_names()),
            Kind::new("name: known", RESET_PASSWORD, known),
        ],
    ]
}

/// A code that a newer e-mail has voided.
async fn superseded_code(worker: &Worker) -> Account {
    let owner = worker.user().await;
    worker.reset_password(&owner.user_name()).send().await.unwrap();
    let older = worker.with_code_in(&owner, &worker.mail(&owner, 1).await);
    worker.wait_until_marked(&owner, 1).await;
    worker.age_mails(&owner, 61_000).await;
    worker.reset_password(&owner.user_name()).send().await.unwrap();
    worker.wait_until_marked(&owner, 2).await;
    worker.wait_until("the code leaves KV", async || !worker.has_entry(&older).await).await;
    older
}

fn request(account: &Account) -> String {
    let payload: Value = json!({"UserName": account.user_name()});
    payload.to_string()
}
