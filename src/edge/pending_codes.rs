//! The issued codes and lock codes, in the KV namespace `PENDING_CODES`.

use serde::Serialize;
use worker::{Env, KvError, KvStore};

use super::runtime::Runtime;
use crate::{
    lock_code::{LockCodeDigest, LockCodeRecord},
    pending_code::{CodeDigest, PendingCodeRecord},
    ports::{Clock as _, LockCodes, PendingCodes, Unavailable},
    unix_millis::UnixMillis,
};

/// The name of the binding.
pub(super) const BINDING: &str = "PENDING_CODES";

/// Opens the namespace.
pub(super) fn open(env: &Env) -> Result<KvStore, KvError> {
    KvStore::from_this(env, BINDING)
}

impl PendingCodes for Runtime {
    async fn find(&self, digest: &CodeDigest) -> Result<Option<PendingCodeRecord>, Unavailable> {
        let Some(json) = self.kv_value(&digest.kv_key()).await? else { return Ok(None) };
        let record = PendingCodeRecord::from_json(&json, self.now());
        record.map(Some).map_err(|invalid| self.kv_failed(&invalid.to_string()))
    }

    async fn store(&self, digest: &CodeDigest, record: &PendingCodeRecord) -> Result<(), Unavailable> {
        self.put(&digest.kv_key(), record, record.expires_at).await
    }

    fn remove_after_response(&self, digest: CodeDigest) {
        let codes = open(&self.env);
        let tag = self.tag.clone();
        self.context.wait_until(async move {
            let removed = async { codes?.delete(&digest.kv_key()).await };
            if let Err(error) = removed.await {
                tag.log_error(&format!("{BINDING}: {error}"));
            }
        });
    }
}

impl LockCodes for Runtime {
    async fn find_lock_code(&self, digest: &LockCodeDigest) -> Result<Option<LockCodeRecord>, Unavailable> {
        let Some(json) = self.kv_value(&digest.kv_key()).await? else { return Ok(None) };
        let record = LockCodeRecord::from_json(&json);
        record.map(Some).ok_or_else(|| self.kv_failed("a lock-code entry can't be parsed"))
    }

    async fn store_lock_code(
        &self,
        digest: &LockCodeDigest,
        record: &LockCodeRecord,
    ) -> Result<(), Unavailable> {
        self.put(&digest.kv_key(), record, record.expires_at).await
    }
}

impl Runtime {
    async fn kv_value(&self, key: &str) -> Result<Option<String>, Unavailable> {
        let value = async { open(&self.env)?.get(key).text().await };
        let value = self.timings.time(&self.timings.kv, value).await;
        value.map_err(|error| self.kv_failed(&error.to_string()))
    }

    /// Stores a record for a minute longer than the code is valid, so that KV doesn't forget a link that still works.
    /// `ExpiresAt` decides whether the code is valid.
    async fn put(
        &self,
        key: &str,
        record: &impl Serialize,
        expires_at: UnixMillis,
    ) -> Result<(), Unavailable> {
        let lifetime = expires_at.millis_since(self.now()) / 1000 + 60;
        let stored = async {
            let json = serde_json::to_string(record)?;
            open(&self.env)?.put(key, json.as_str())?.expiration_ttl(lifetime).execute().await
        };
        stored.await.map_err(|error| self.kv_failed(&error.to_string()))
    }

    fn kv_failed(&self, error: &str) -> Unavailable {
        self.log_error(&format!("{BINDING}: {error}"));
        Unavailable
    }
}
