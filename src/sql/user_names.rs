//! The keys by which user names are compared.

use serde::{Deserialize, Serialize};

use super::statement::{Statement, Value};
use crate::user_name::user_name_key;

/// The most names that one statement reads or writes. The longest names take 1 MB with their keys, and D1 accepts 2 MB.
pub const NAMES_PER_BATCH: u32 = 200;

/// Returns the statement that finds names without a key. It returns at most [`NAMES_PER_BATCH`] rows, each a
/// [`NameRow`].
#[must_use]
pub fn names_without_key() -> Statement {
    Statement {
        sql: include_str!("names_without_key.sql"),
        values: vec![Value::Integer(NAMES_PER_BATCH.into())],
    }
}

/// Returns the statement that stores the keys of these names.
#[must_use]
pub fn store_name_keys(rows: &[NameRow]) -> Statement {
    let keys: Vec<_> = rows
        .iter()
        .map(|row| NameKey { id: row.id, name_hex: &row.name_hex, key: user_name_key(&row.user_name) })
        .collect();
    let json = serde_json::json!(keys).to_string();
    Statement { sql: include_str!("store_name_keys.sql"), values: vec![json.as_str().into()] }
}

/// A row of `names_without_key.sql`. D1 returns every number as a double.
#[derive(Debug, Deserialize)]
pub struct NameRow {
    id: f64,
    user_name: String,
    name_hex: String,
}

/// The key of a name.
#[derive(Serialize)]
struct NameKey<'a> {
    id: f64,
    name_hex: &'a str,
    key: String,
}
