//! The issued codes, in the KV namespace `PENDING_CODES`.

use worker::{Env, KvError, KvStore};

use super::runtime::Runtime;
use crate::{
    pending_code::{CodeDigest, PendingCodeRecord},
    ports::{Clock as _, PendingCodes, Unavailable},
};

/// The name of the binding.
pub(super) const BINDING: &str = "PENDING_CODES";

/// Opens the namespace.
pub(super) fn open(env: &Env) -> Result<KvStore, KvError> {
    KvStore::from_this(env, BINDING)
}

impl PendingCodes for Runtime {
    async fn find(&self, digest: &CodeDigest) -> Result<Option<PendingCodeRecord>, Unavailable> {
        let value = async { open(&self.env)?.get(&digest.kv_key()).text().await };
        let value = self.timings.time(&self.timings.kv, value).await;
        let record = match value {
            Ok(None) => return Ok(None),
            Ok(Some(json)) => {
                PendingCodeRecord::from_json(&json, self.now()).map_err(|invalid| invalid.to_string())
            }
            Err(error) => Err(error.to_string()),
        };
        record.map(Some).map_err(|error| {
            self.log_error(&format!("{BINDING}: {error}"));
            Unavailable
        })
    }

    async fn store(&self, digest: &CodeDigest, record: &PendingCodeRecord) -> Result<(), Unavailable> {
        // A minute longer than the code is valid, so that KV doesn't forget a link that still works.
        // `ExpiresAt` decides whether the code is valid.
        let lifetime = record.expires_at.millis_since(self.now()) / 1000 + 60;
        let stored = async {
            let json = serde_json::to_string(record)?;
            let put = open(&self.env)?.put(&digest.kv_key(), json.as_str())?;
            put.expiration_ttl(lifetime).execute().await
        };
        stored.await.map_err(|error| {
            self.log_error(&format!("{BINDING}: {error}"));
            Unavailable
        })
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
