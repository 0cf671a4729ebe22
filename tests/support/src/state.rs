//! The Worker's KV and D1, as a test fills and reads them.

use reset_password2::password::{Verification, verify};
use serde_json::{Value, json};

use crate::{account::Account, secrets, worker::Worker};

impl Worker {
    /// Runs SQL in D1, and returns the rows of the last statement.
    pub async fn sql(&self, statements: &[&str]) -> Vec<Value> {
        let response = self.observer("sql", json!(statements)).await;
        let results: Vec<Value> = response.json().await.unwrap();
        results.last().unwrap()["results"].as_array().unwrap().clone()
    }

    /// Puts entries, the members of an object, into KV.
    pub async fn put(&self, entries: Value) {
        self.observer("kv", entries).await;
    }

    /// The keys in KV.
    pub async fn keys(&self) -> Vec<String> {
        self.observer("kv/keys", Value::Null).await.json().await.unwrap()
    }

    /// The values in KV.
    pub async fn values(&self) -> Vec<String> {
        self.observer("kv/values", Value::Null).await.json().await.unwrap()
    }

    /// Whether KV has an entry for the account's code.
    pub async fn has_entry(&self, account: &Account) -> bool {
        self.keys().await.contains(&account.key())
    }

    /// A new user with the permission Trading and without a code.
    pub async fn user(&self) -> Account {
        let account = Account::new();
        self.enroll(&account, &["Trading"]).await;
        account
    }

    /// A new user with the permission Trading and a code.
    pub async fn user_with_code(&self) -> Account {
        let account = self.user().await;
        self.put(account.entry()).await;
        account
    }

    /// Inserts a user with these permissions into D1.
    pub async fn enroll(&self, account: &Account, permissions: &[&str]) {
        let (id, name, email) = (&account.user_id, account.user_name(), account.email());
        let mut statements = vec![format!(
            "INSERT INTO users (user_id, user_name, email) VALUES ('{id}', '{name}', '{email}')"
        )];
        for permission in permissions {
            statements.push(format!("INSERT INTO user_permissions VALUES ('{id}', '{permission}')"));
        }
        let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
        self.sql(&statements).await;
    }

    /// The user's row.
    pub async fn row(&self, account: &Account) -> Value {
        self.sql(&[&format!("SELECT * FROM users WHERE user_id = '{}'", account.user_id)]).await.remove(0)
    }

    /// The user's rows in the audit log.
    pub async fn audit_log(&self, account: &Account) -> Vec<Value> {
        self.sql(&[&format!("SELECT * FROM audit_log WHERE user_id = '{}'", account.user_id)]).await
    }

    /// The user's password hash.
    pub async fn stored_hash(&self, account: &Account) -> Option<String> {
        self.row(account).await["password_hash"].as_str().map(str::to_owned)
    }

    /// Whether the user can log in with `password`, and its hash has today's parameters.
    pub async fn has_password(&self, account: &Account, password: &str) -> bool {
        secrets::record(password);
        let hash = self.stored_hash(account).await;
        hash.is_some_and(|hash| verify(password, &hash) == Ok(Verification::Match { needs_rehash: false }))
    }
}
