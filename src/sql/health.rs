//! The health check of the database.

use super::statement::Statement;

/// Returns the query that checks whether the database is reachable and migrated.
#[must_use]
pub fn check() -> Statement {
    Statement { sql: include_str!("check_tables.sql"), values: Vec::new() }
}
