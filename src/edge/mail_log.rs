//! The log of requested and sent mails, in the D1 database `EXCHANGE`.

use serde::de::IgnoredAny;

use super::runtime::Runtime;
use crate::{
    pending_code::CodeDigest,
    ports::{MailLog, NoticeLease, ResetMailLease, ResetMailRequest, Unavailable},
    sql::{
        mail_log::{self, DigestRow, NOTICE_LEASED, NoticeRow, ResetMailRow, UserIdRow},
        user_names::{self, NAMES_PER_BATCH, NameRow},
    },
    unix_millis::UnixMillis,
    user_id::UserId,
};

/// The most batches of names for which one delivery stores keys: 4,000 names. After a larger import, later deliveries
/// store the rest.
const MAX_NAME_BATCHES: u32 = 20;

impl MailLog for Runtime {
    async fn index_user_names(&self) -> Result<(), Unavailable> {
        for _ in 0..MAX_NAME_BATCHES {
            let results = self.run([user_names::names_without_key()]).await?;
            let names: Vec<NameRow> = self.rows(results.last())?;
            let is_last = names.len() < NAMES_PER_BATCH as usize;
            if !names.is_empty() {
                self.run([user_names::store_name_keys(&names)]).await?;
            }
            if is_last {
                return Ok(());
            }
        }
        Err(Unavailable)
    }

    async fn users_with_address(&self, address: &str) -> Result<Vec<UserId>, Unavailable> {
        let results = self.run([mail_log::users_with_address(address)]).await?;
        let rows: Vec<UserIdRow> = self.rows(results.last())?;
        Ok(rows.into_iter().filter_map(UserIdRow::into_user_id).collect())
    }

    async fn lease_reset_mail(&self, request: &ResetMailRequest<'_>) -> Result<ResetMailLease, Unavailable> {
        let results = self.run(mail_log::lease_reset_mail(request)).await?;
        let row: Option<ResetMailRow> = self.rows(results.last())?.pop();
        let lease = row.map(ResetMailLease::from).ok_or(Unavailable)?;
        match lease {
            ResetMailLease::Leased { .. } | ResetMailLease::Blocked | ResetMailLease::NotDue => {}
            // Whoever knows a user name can cause these two, so they are no errors.
            ResetMailLease::Locked => {
                self.tag.log_note("no reset mail is sent: the user is locked (locked_at)");
            }
            ResetMailLease::OptedOut => {
                self.tag.log_note("no reset mail is sent: resets_allowed is 0");
            }
            ResetMailLease::CutOff => {
                self.log_error("EXCHANGE: codes_valid_from is in the future, so no reset mail can be sent");
            }
        }
        Ok(lease)
    }

    async fn mark_reset_mail_sent(
        &self,
        request_id: &str,
        code: &CodeDigest,
    ) -> Result<Vec<CodeDigest>, Unavailable> {
        let results = self.run(mail_log::mark_reset_mail_sent(request_id, code)).await?;
        let rows: Vec<DigestRow> = self.rows(results.last())?;
        Ok(rows.into_iter().filter_map(DigestRow::into_digest).collect())
    }

    async fn lease_notice(
        &self,
        attempt_id: &str,
        commit_before: UnixMillis,
    ) -> Result<NoticeLease, Unavailable> {
        let results = self.run(mail_log::lease_notice(attempt_id, commit_before)).await?;
        let is_leased = !self.rows::<IgnoredAny>(results.get(NOTICE_LEASED))?.is_empty();
        let row: Option<NoticeRow> = self.rows(results.last())?.pop();
        row.map(|row| row.lease(is_leased)).ok_or(Unavailable)
    }

    async fn mark_notice_sent(&self, attempt_id: &str) -> Result<(), Unavailable> {
        self.run([mail_log::mark_notice_sent(attempt_id)]).await.map(|_| ())
    }

    async fn release(&self, mail_id: &str) -> Result<(), Unavailable> {
        self.run([mail_log::release(mail_id)]).await.map(|_| ())
    }

    async fn mark_mail_refused(&self, mail_id: &str) -> Result<(), Unavailable> {
        self.run([mail_log::mark_mail_refused(mail_id)]).await.map(|_| ())
    }
}
