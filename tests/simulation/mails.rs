//! Alice's mails, for tests of the statements.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use reset_password2::{
    pending_code::{CodeDigest, PendingCode},
    ports::{NoticeLease, ResetMailLease, ResetMailRequest},
    sql::{
        mail_log::{self, NOTICE_LEASED, NoticeRow, ResetMailRow},
        user_names::{self, NameRow},
    },
    unix_millis::UnixMillis,
};
use uuid::Uuid;

use crate::database::Database;

/// Alice's mails, at a time that the test sets.
pub(crate) struct Mails {
    pub(crate) database: Database,
    pub(crate) clock: Arc<AtomicU64>,
    requests: u32,
}

impl Mails {
    pub(crate) fn new() -> Self {
        let clock = Arc::new(AtomicU64::new(1_767_225_600_000));
        let database = Database::with_alice();
        database.use_clock(Arc::clone(&clock));
        Self { database, clock, requests: 0 }
    }

    pub(crate) fn now(&self) -> u64 {
        self.clock.load(Ordering::Relaxed)
    }

    pub(crate) fn wait(&self, millis: u64) {
        self.clock.fetch_add(millis, Ordering::Relaxed);
    }

    pub(crate) fn lease(&self, request_id: &str, code: u128, requested_at: u64) -> ResetMailLease {
        self.lease_for("alice", request_id, code, requested_at)
    }

    pub(crate) fn lease_for(
        &self,
        user_name: &str,
        request_id: &str,
        code: u128,
        requested_at: u64,
    ) -> ResetMailLease {
        let request = ResetMailRequest {
            request_id,
            user_name,
            user_with_address: None,
            requested_at: UnixMillis::try_from(requested_at).unwrap(),
            code: &digest(code),
            code_lifetime_seconds: 1800,
        };
        let rows = self.database.batch(mail_log::lease_reset_mail(&request));
        let row: ResetMailRow = serde_json::from_value(rows[0].clone()).unwrap();
        row.into()
    }

    /// Returns the id of the user who gets a mail that is requested for `user_name`.
    pub(crate) fn found(&self, user_name: &str) -> Option<String> {
        let rows = self.database.batch([user_names::names_without_key()]);
        let names = rows.into_iter().map(|row| serde_json::from_value::<NameRow>(row).unwrap());
        self.database.batch([user_names::store_name_keys(&names.collect::<Vec<_>>())]);
        self.database.execute("DELETE FROM mails");
        match self.lease_for(user_name, "request", 1, self.now()) {
            ResetMailLease::Leased { recipient, .. } => Some(recipient.user_id.as_str().to_owned()),
            _ => None,
        }
    }

    pub(crate) fn add_user(&self, user_id: &str, user_name: &str) {
        self.database.execute(&format!(
            "INSERT INTO users (user_id, user_name, email) VALUES ('{user_id}', '{user_name}', 'a@example.com');
             INSERT INTO user_permissions VALUES ('{user_id}', 'Trading')"
        ));
    }

    pub(crate) fn sent(&self, request_id: &str, code: u128) -> usize {
        self.database.batch(mail_log::mark_reset_mail_sent(request_id, &digest(code))).len()
    }

    /// Asks for a mail now, and sends it if it is due. Returns whether it was.
    pub(crate) fn ask(&mut self) -> bool {
        self.requests += 1;
        let request_id = format!("request {}", self.requests);
        let code = u128::from(self.requests);
        let is_due = is_leased(&self.lease(&request_id, code, self.now()));
        if is_due {
            self.sent(&request_id, code);
        }
        is_due
    }

    pub(crate) fn notice(&self, attempt_id: &str, commit_before: u64) -> NoticeLease {
        let commit_before = UnixMillis::try_from(commit_before).unwrap();
        let rows = self.database.try_batch(mail_log::lease_notice(attempt_id, commit_before)).unwrap();
        let row: NoticeRow = serde_json::from_value(rows.last().unwrap()[0].clone()).unwrap();
        row.lease(!rows[NOTICE_LEASED].is_empty())
    }
}

pub(crate) fn digest(code: u128) -> CodeDigest {
    PendingCode::from(Uuid::from_u128(code)).digest()
}

pub(crate) fn is_leased(lease: &ResetMailLease) -> bool {
    matches!(lease, ResetMailLease::Leased { .. })
}
