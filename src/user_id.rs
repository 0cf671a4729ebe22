//! The exchange's identifier of a user.

use serde::{Deserialize, Serialize};

/// A user's id. The exchange assigns it, and it is compared exactly. Never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct UserId(String);

/// A user id is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a user id must not be empty")]
pub struct EmptyUserId;

impl UserId {
    /// Returns the id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for UserId {
    type Error = EmptyUserId;

    fn try_from(id: String) -> Result<Self, EmptyUserId> {
        if id.is_empty() { Err(EmptyUserId) } else { Ok(Self(id)) }
    }
}
