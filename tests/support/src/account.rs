//! A user of the exchange.

use std::sync::atomic::{AtomicU32, Ordering};

use reset_password2::{lock_code::LockCode, pending_code::PendingCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{clock::now, secrets};

/// A user, and a code for them. Neither is stored anywhere until a test does so.
#[derive(Debug, Clone)]
pub struct Account {
    /// The user's id.
    pub user_id: String,
    /// The code.
    pub code: Uuid,
    /// When the code was issued, in Unix milliseconds.
    pub issued_at: u64,
    /// When the code expires, in Unix milliseconds.
    pub expires_at: u64,
}

impl Account {
    /// A user that no other test has, and a code that is valid for an hour.
    #[expect(clippy::new_without_default, reason = "no two are equal")]
    pub fn new() -> Self {
        let now = now();
        Self {
            user_id: fresh_number().to_string(),
            code: Uuid::new_v4(),
            issued_at: now,
            expires_at: now + 3_600_000,
        }
    }

    /// The same user with another code.
    #[must_use]
    pub fn with_another_code(&self) -> Self {
        Self { code: Uuid::new_v4(), ..self.clone() }
    }

    /// The user's name.
    pub fn user_name(&self) -> String {
        format!("name{}", self.user_id)
    }

    /// The user's e-mail address.
    pub fn email(&self) -> String {
        format!("{}@example.com", self.user_id)
    }

    /// The key of the code's entry in KV.
    pub fn key(&self) -> String {
        PendingCode::from(self.code).digest().kv_key()
    }

    /// The code's entry in KV: an object with one member.
    pub fn entry(&self) -> Value {
        secrets::record(&self.code.to_string());
        let record = json!({
            "UserId": self.user_id,
            "UserName": self.user_name(),
            "IssuedAt": self.issued_at,
            "ExpiresAt": self.expires_at,
        });
        json!({ self.key(): record.to_string() })
    }

    /// The entry in KV of a lock code with the same GUID: an object with one member.
    pub fn lock_entry(&self) -> Value {
        secrets::record(&self.code.to_string());
        let record =
            json!({"UserId": self.user_id, "IssuedAt": self.issued_at, "ExpiresAt": self.expires_at});
        json!({ LockCode::from(self.code).digest().kv_key(): record.to_string() })
    }

    /// The payload of `ResetPassword2`.
    pub fn payload(&self, password: &str) -> String {
        self.payload_object(password).to_string()
    }

    /// The payload of `ResetPassword2`, before it is written as JSON.
    pub fn payload_object(&self, password: &str) -> Value {
        secrets::record(password);
        secrets::record(&self.code.to_string());
        json!({"UserId": self.user_id, "Password": password, "PendingCode": self.code})
    }
}

/// A number that no other test of this process gets.
pub(crate) fn fresh_number() -> u32 {
    static LAST: AtomicU32 = AtomicU32::new(0);
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}
