//! A statement with its values.

use crate::unix_millis::UnixMillis;

/// An SQL statement and the values of its parameters, `?1` first.
#[derive(Clone)]
pub struct Statement {
    /// The text of the statement.
    pub sql: &'static str,
    /// The values.
    pub values: Vec<Value>,
}

/// The value of a parameter.
#[derive(Clone)]
pub enum Value {
    /// A `TEXT`.
    Text(String),
    /// An `INTEGER`. D1 takes numbers as doubles, which hold every integer up to [`UnixMillis::MAX`].
    Integer(u64),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<UnixMillis> for Value {
    fn from(time: UnixMillis) -> Self {
        Self::Integer(time.as_u64())
    }
}
