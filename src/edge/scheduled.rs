//! The `scheduled` event: removes old rows at night.

use worker::{D1Result, Env, js_sys::Promise};

use super::{
    d1::{BINDING, Database, error_message},
    request_tag::RequestTag,
    trap_guard::{guard_event, install_handlers},
    vars::settings,
};
use crate::sql::{
    clean_up::{self, BATCH_SIZE},
    statement::Statement,
};

/// The most batches for one table in a night: 500,000 rows.
const MAX_BATCHES: u32 = 100;

/// Handles the event, and returns a promise for the runtime.
pub(crate) fn scheduled(env: Env) -> Promise {
    install_handlers();
    let tag = RequestTag::new();
    guard_event(&tag.clone(), clean_up(env, tag))
}

/// Removes old rows from each table.
async fn clean_up(env: Env, tag: RequestTag) {
    // Nothing is removed while a setting is invalid: it may be the retention period.
    let Ok(settings) = settings(&env, &tag) else { return };
    for statement in clean_up::clean_up(settings.audit_retention_days) {
        for _ in 0..MAX_BATCHES {
            match run(&env, statement.clone()).await {
                Ok(removed) if removed < BATCH_SIZE as usize => break,
                Ok(_) => {}
                Err(error) => {
                    tag.log_error(&format!("{BINDING}: {}", error_message(&error)));
                    break;
                }
            }
        }
    }
}

/// Runs a statement, and returns how many rows it changed.
async fn run(env: &Env, statement: Statement) -> worker::Result<usize> {
    let results = Database::open(env)?.batch([statement]).await?;
    let meta = results.first().map(D1Result::meta).transpose()?.flatten();
    Ok(meta.and_then(|meta| meta.changes).unwrap_or_default())
}
