//! The health check of the database.

use serde::Deserialize;

use super::statement::Statement;
use crate::unix_millis::UnixMillis;

/// Returns the query that checks whether the database is reachable and migrated. It returns one [`HealthRow`].
#[must_use]
pub fn check() -> Statement {
    Statement { sql: include_str!("check_tables.sql"), values: Vec::new() }
}

/// The row of `check_tables.sql`. D1 returns every number as a double.
#[derive(Debug, Deserialize)]
pub struct HealthRow {
    last_event_delivered_at: Option<f64>,
}

impl HealthRow {
    /// Returns when an event was last delivered.
    #[must_use]
    pub fn last_event_delivered_at(&self) -> Option<UnixMillis> {
        self.last_event_delivered_at.map(UnixMillis::from_f64)
    }
}
