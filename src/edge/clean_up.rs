//! What a cron removes: rows that nothing asks for any more, in bounded bites.

use worker::{Env, wasm_bindgen::JsValue};

use super::{
    RequestTag,
    d1::message,
    in_flight::{InFlight, survive_panics},
    settings,
};

/// Rows that one statement removes: D1 ends a query after 30 seconds, and others wait meanwhile.
const BITE: u32 = 5_000;

/// Statements for one table in a night: 500,000 rows.
const BITES: u32 = 100;

/// Codes that expired a day ago. A record in KV refuses an expired code before it is looked for here; the day is for clocks
/// that differ.
const REDEEMED_CODES: &str = "
DELETE FROM redeemed_codes WHERE code_digest IN
  (SELECT code_digest FROM redeemed_codes, clock WHERE expires_at < clock.now - 86400000 LIMIT ?1)";

/// Mails from before the day that they are counted in, and the one after it.
const MAILS: &str = "
DELETE FROM mails WHERE mail_id IN
  (SELECT mail_id FROM mails, clock WHERE reserved_at < clock.now - 172800000 LIMIT ?1)";

/// Audit rows older than ?2 days.
const AUDIT_LOG: &str = "
DELETE FROM audit_log WHERE audit_id IN
  (SELECT audit_id FROM audit_log, clock WHERE at < clock.now - ?2 * 86400000 LIMIT ?1)";

/// Removes what is old.
pub(crate) async fn clean_up(env: Env) {
    survive_panics();
    let tag = RequestTag::new();
    let _place = InFlight::unanswered(tag.clone());
    let Ok(settings) = settings(&env, &tag) else { return };
    let days = u32::try_from(settings.audit_retention_days).unwrap_or(u32::MAX);
    let all: [(&str, &[JsValue]); 3] =
        [(REDEEMED_CODES, &[BITE.into()]), (MAILS, &[BITE.into()]), (AUDIT_LOG, &[BITE.into(), days.into()])];
    for (sql, values) in all {
        for _ in 0..BITES {
            let bite = async {
                let result = env.d1("EXCHANGE")?.prepare(sql).bind(values)?.run().await?;
                Ok(result.meta()?.and_then(|meta| meta.changes).unwrap_or_default())
            };
            match bite.await {
                Ok(removed) if removed < BITE as usize => break,
                Ok(_) => {}
                Err(error) => {
                    tag.error(&format!("EXCHANGE: {}", message(&error)));
                    break;
                }
            }
        }
    }
}
