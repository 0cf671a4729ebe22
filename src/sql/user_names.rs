//! The keys by which user names are compared.

use serde::{Deserialize, Serialize};

use super::statement::{Statement, Value};
use crate::user_name::user_name_key;

/// How many names one statement reads or writes.
pub const NAMES_PER_BATCH: u32 = 1_000;

/// Returns the statement that finds names without a key. It returns at most [`NAMES_PER_BATCH`] rows, one [`NameRow`] each.
#[must_use]
pub fn names_without_key() -> Statement {
    Statement {
        sql: include_str!("names_without_key.sql"),
        values: vec![Value::Integer(NAMES_PER_BATCH.into())],
    }
}

/// Returns the statement that stores the keys of these names.
#[must_use]
pub fn store_name_keys(rows: Vec<NameRow>) -> Statement {
    let named: Vec<_> =
        rows.into_iter().map(|row| Named { key: user_name_key(&row.user_name), row }).collect();
    let json = serde_json::json!(named).to_string();
    Statement { sql: include_str!("store_name_keys.sql"), values: vec![json.as_str().into()] }
}

/// A row of `names_without_key.sql`.
#[derive(Debug, Serialize, Deserialize)]
pub struct NameRow {
    user_id: String,
    user_name: String,
}

/// A name with its key.
#[derive(Serialize)]
struct Named {
    key: String,
    #[serde(flatten)]
    row: NameRow,
}
