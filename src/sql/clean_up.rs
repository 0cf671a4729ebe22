//! The removal of old rows.

use super::statement::{Statement, Value};

/// How many rows one statement removes. D1 ends a query after 30 seconds, and other queries wait in the meantime.
pub const BATCH_SIZE: u32 = 5_000;

/// Returns one statement for each table. Each removes at most [`BATCH_SIZE`] rows, so run it until it removes fewer.
#[must_use]
pub fn clean_up(audit_retention_days: u64) -> [Statement; 3] {
    let batch_size = || Value::Integer(BATCH_SIZE.into());
    [
        Statement { sql: include_str!("remove_redeemed_codes.sql"), values: vec![batch_size()] },
        Statement { sql: include_str!("remove_mails.sql"), values: vec![batch_size()] },
        Statement {
            sql: include_str!("remove_audit_rows.sql"),
            values: vec![batch_size(), Value::Integer(audit_retention_days)],
        },
    ]
}
