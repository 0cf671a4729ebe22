//! The log of requested and sent mails, in the D1 database `EXCHANGE`.

use serde::de::IgnoredAny;
use worker::D1Result;

use super::{d1::Database, runtime::Runtime};
use crate::{
    ports::{MailLog, Reservation, Unavailable},
    sql::{
        mail_log::{self, RecipientRow},
        statement::Statement,
    },
    unix_millis::UnixMillis,
    user_id::UserId,
};

impl MailLog for Runtime {
    async fn reserve_reset_mail(
        &self,
        request_id: &str,
        user_name: &str,
    ) -> Result<Reservation, Unavailable> {
        self.reserve(mail_log::reserve_reset_mail(request_id, user_name)).await
    }

    async fn reserve_notice(&self, attempt_id: &str) -> Result<Reservation, Unavailable> {
        self.reserve(mail_log::reserve_notice(attempt_id)).await
    }

    async fn supersede(&self, user_id: &UserId, issued_at: UnixMillis) -> Result<(), Unavailable> {
        let rows = self.run(mail_log::supersede(user_id, issued_at)).await?;
        if rows == 1 { Ok(()) } else { Err(Unavailable) }
    }

    async fn mark_sent(&self, mail_id: &str) -> Result<(), Unavailable> {
        self.run(mail_log::mark_sent(mail_id)).await.map(|_| ())
    }
}

impl Runtime {
    async fn reserve(&self, batch: [Statement; 2]) -> Result<Reservation, Unavailable> {
        let row = async {
            let results = Database::open(&self.env)?.batch(batch).await?;
            let rows: Option<Vec<RecipientRow>> = results.last().map(D1Result::results).transpose()?;
            Ok(rows.and_then(|mut rows| rows.pop()))
        };
        row.await.map(Reservation::from).map_err(|error| {
            self.log_d1_error(&error);
            Unavailable
        })
    }

    /// Runs a statement, and returns how many rows it returned.
    async fn run(&self, statement: Statement) -> Result<usize, Unavailable> {
        let rows = async {
            let result = Database::open(&self.env)?.batch([statement]).await?;
            let rows = result.first().map(D1Result::results::<IgnoredAny>).transpose()?;
            Ok(rows.unwrap_or_default().len())
        };
        rows.await.map_err(|error| {
            self.log_d1_error(&error);
            Unavailable
        })
    }
}
