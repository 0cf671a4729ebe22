//! The lock code: the secret in a notice, with which the owner of an account can lock it; its digest; and its record in KV.
//!
//! It is a GUID like a [`PendingCode`], but a type of its own: neither code can do what the other does.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    pending_code::{CodeDigest, NotAGuid, PendingCode},
    unix_millis::UnixMillis,
    user_id::UserId,
};

/// The secret in a notice: a GUID with 122 random bits (RFC 9562, section 5.4). Wiped from memory when dropped; `Debug` doesn't
/// print it.
#[derive(Debug)]
pub struct LockCode(PendingCode);

impl LockCode {
    /// Parses a GUID in any spelling that [`PendingCode::parse`] accepts.
    ///
    /// # Errors
    ///
    /// [`NotAGuid`] if the text is anything else.
    pub fn parse(text: &str) -> Result<Self, NotAGuid> {
        PendingCode::parse(text).map(Self)
    }

    /// Returns the SHA-256 of the code.
    #[must_use]
    pub fn digest(&self) -> LockCodeDigest {
        LockCodeDigest(self.0.digest())
    }
}

impl From<Uuid> for LockCode {
    fn from(guid: Uuid) -> Self {
        Self(guid.into())
    }
}

/// The SHA-256 of a [`LockCode`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockCodeDigest(CodeDigest);

impl LockCodeDigest {
    /// Returns the digest, as what limits the attempts with the code.
    #[must_use]
    pub fn digest(&self) -> &CodeDigest {
        &self.0
    }

    /// Returns the key of the code's entry in KV.
    #[must_use]
    pub fn kv_key(&self) -> String {
        format!("lock-code:{}", self.0.as_str())
    }
}

/// The record of a lock code: the value of its entry in KV.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LockCodeRecord {
    /// The user whose account the code may lock.
    pub user_id: UserId,
    /// The time of the reset that the notice is about. The user's `lock_codes_valid_from` voids earlier codes.
    pub issued_at: UnixMillis,
    /// The time at which the code expires. It applies in addition to KV's own expiry.
    pub expires_at: UnixMillis,
    /// The attempt that the notice is about. Whoever got the notice is told of the lock, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt_id: Option<String>,
}

impl LockCodeRecord {
    /// Parses a value from KV. Returns `None` if it can't be parsed.
    #[must_use]
    pub fn from_json(value: &str) -> Option<Self> {
        // Serde would also accept an array.
        if !value.trim_start().starts_with('{') {
            return None;
        }
        serde_json::from_str(value).ok()
    }

    /// Whether the code was issued to `user_id` and has not expired at the time `now`. D1 may still refuse it.
    #[must_use]
    pub fn is_valid_for(&self, user_id: &UserId, now: UnixMillis) -> bool {
        self.user_id == *user_id && now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_the_digest_of_the_hyphenated_form() {
        let code = LockCode::parse("{F81D4FAE7DEC11D0A76500A0C91E6BF6}").unwrap();
        // printf %s f81d4fae-7dec-11d0-a765-00a0c91e6bf6 | sha256sum
        let key = "lock-code:30a5154b77ab8b2ddbe19f5e7af72f33cc2a4a41f22940d965102650a1c72863";
        assert_eq!(code.digest().kv_key(), key);
    }

    #[test]
    fn a_record_is_parsed_as_documented() {
        let json = r#"{"UserId":"5","IssuedAt":1000,"ExpiresAt":2000}"#;
        let record = LockCodeRecord::from_json(json).unwrap();
        assert_eq!(serde_json::to_string(&record).unwrap(), json);
        let user = |id: &str| UserId::try_from(id.to_owned()).unwrap();
        let time = |millis: u64| UnixMillis::try_from(millis).unwrap();
        assert!(record.is_valid_for(&user("5"), time(1999)));
        assert!(!record.is_valid_for(&user("5"), time(2000)) && !record.is_valid_for(&user("6"), time(1999)));
        for malformed in ["", "null", r#"["5",1,2,null]"#, r#"{"UserId":5,"IssuedAt":1,"ExpiresAt":2}"#] {
            assert_eq!(LockCodeRecord::from_json(malformed), None, "{malformed}");
        }
    }
}
