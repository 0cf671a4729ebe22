//! Which mails were asked for, and sent: the table `mails` in the D1 database `EXCHANGE`.

use serde::{Deserialize, de::IgnoredAny};
use worker::{D1Result, wasm_bindgen::JsValue};

use super::Edge;
use crate::{
    calls::outside::Unavailable,
    delivery::{MailBook, Recipient, Reservation},
    unix_millis::UnixMillis,
    user_id::UserId,
};

/// Books a mail with a link, unless the user had 3 within the hour or 10 within the day. One writer at a time (see
/// `exchange_users.rs`): two requests at once cannot both be the third. A user without an address gets none.
const RESERVE_RESET: &str = "
INSERT INTO mails (mail_id, kind, user_id, reserved_at)
SELECT ?1, 'reset', users.user_id, clock.now
FROM users, clock
WHERE users.user_name = ?2
  AND users.email IS NOT NULL
  AND EXISTS (SELECT 1 FROM user_permissions AS held
              WHERE held.user_id = users.user_id AND held.permission IN ('Operator', 'Trading'))
  AND (SELECT count(*) FROM mails AS earlier
       WHERE earlier.user_id = users.user_id AND earlier.kind = 'reset' AND earlier.reserved_at > clock.now - 3600000) < 3
  AND (SELECT count(*) FROM mails AS earlier
       WHERE earlier.user_id = users.user_id AND earlier.kind = 'reset' AND earlier.reserved_at > clock.now - 86400000) < 10
ON CONFLICT (mail_id) DO NOTHING";

/// Books the mail that tells of an attempt, if it committed.
const RESERVE_CHANGED: &str = "
INSERT INTO mails (mail_id, kind, user_id, reserved_at)
SELECT ?1, 'changed', users.user_id, clock.now
FROM audit_log JOIN users ON users.user_id = audit_log.user_id, clock
WHERE audit_log.attempt_id = ?1 AND audit_log.outcome = 'redeemed' AND users.email IS NOT NULL
ON CONFLICT (mail_id) DO NOTHING";

/// Whom a mail in the book goes to. One with a link is not sent late, behind a newer one: it would void the newer link.
const RECIPIENT: &str = "
SELECT users.user_id, user_name, email, locale, codes_valid_from, audit_log.at AS changed_at, sent_at
FROM mails JOIN users USING (user_id) LEFT JOIN audit_log ON audit_log.attempt_id = mails.mail_id
WHERE mail_id = ?1 AND email IS NOT NULL
  AND NOT (mails.kind = 'reset'
           AND EXISTS (SELECT 1 FROM mails AS newer
                       WHERE newer.user_id = mails.user_id AND newer.kind = 'reset'
                         AND newer.reserved_at > mails.reserved_at AND newer.sent_at IS NOT NULL))";

/// Voids what is older than the new code, unless something newer has voided that.
const SUPERSEDE: &str =
    "UPDATE users SET codes_valid_from = ?2 WHERE user_id = ?1 AND codes_valid_from < ?2 RETURNING 1";

const MARK_SENT: &str = "UPDATE mails SET sent_at = clock.now FROM clock WHERE mail_id = ?1";

/// The row of [`RECIPIENT`]. D1 has no integers, only doubles.
#[derive(Deserialize)]
struct RecipientRow {
    user_id: String,
    user_name: Option<String>,
    email: String,
    locale: Option<String>,
    codes_valid_from: f64,
    changed_at: Option<f64>,
    sent_at: Option<f64>,
}

impl MailBook for Edge {
    async fn reserve_reset(&self, request_id: &str, user_name: &str) -> Result<Reservation, Unavailable> {
        self.reserve(RESERVE_RESET, request_id, &[request_id.into(), user_name.into()]).await
    }

    async fn reserve_changed(&self, attempt_id: &str) -> Result<Reservation, Unavailable> {
        self.reserve(RESERVE_CHANGED, attempt_id, &[attempt_id.into()]).await
    }

    async fn supersede(&self, user_id: &UserId, issued_at: UnixMillis) -> Result<(), Unavailable> {
        let superseded = self.run(SUPERSEDE, &[user_id.as_str().into(), issued_at.as_f64().into()]).await?;
        if superseded == 1 { Ok(()) } else { Err(Unavailable) }
    }

    async fn mark_sent(&self, mail_id: &str) -> Result<(), Unavailable> {
        self.run(MARK_SENT, &[mail_id.into()]).await.map(|_| ())
    }
}

impl Edge {
    async fn reserve(
        &self,
        sql: &str,
        mail_id: &str,
        values: &[JsValue],
    ) -> Result<Reservation, Unavailable> {
        let answer = async {
            let d1 = self.exchange()?;
            let statements =
                vec![d1.prepare(sql).bind(values)?, d1.prepare(RECIPIENT).bind(&[mail_id.into()])?];
            let rows: Option<Vec<RecipientRow>> =
                d1.batch(statements).await?.last().map(D1Result::results).transpose()?;
            Ok(rows.and_then(|mut rows| rows.pop()).map_or(Reservation::None, reservation))
        };
        answer.await.map_err(|error| {
            self.d1_error(&error);
            Unavailable
        })
    }

    /// Runs a statement, and says how many rows it gave.
    async fn run(&self, sql: &str, values: &[JsValue]) -> Result<usize, Unavailable> {
        let ran = async {
            let result = self.exchange()?.prepare(sql).bind(values)?.run().await?;
            Ok(result.results::<IgnoredAny>()?.len())
        };
        ran.await.map_err(|error| {
            self.d1_error(&error);
            Unavailable
        })
    }
}

fn reservation(row: RecipientRow) -> Reservation {
    let (None, Ok(user_id)) = (row.sent_at, UserId::try_from(row.user_id)) else {
        return Reservation::Sent;
    };
    Reservation::Due(Recipient {
        user_id,
        user_name: row.user_name,
        email: row.email,
        locale: row.locale,
        codes_valid_from: UnixMillis::from_f64(row.codes_valid_from),
        changed_at: row.changed_at.map(UnixMillis::from_f64),
    })
}
