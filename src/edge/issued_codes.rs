//! The codes that were issued, in the KV namespace `PENDING_CODES`.

use worker::{KvError, KvStore};

use super::Edge;
use crate::{
    calls::outside::{Clock as _, IssuedCodes, Unavailable},
    delivery::CodeStore,
    pending_code::{CodeDigest, PendingCodeRecord},
};

impl Edge {
    pub(super) fn pending_codes(&self) -> Result<KvStore, KvError> {
        KvStore::from_this(&self.env, "PENDING_CODES")
    }
}

impl CodeStore for Edge {
    async fn keep(&self, code: &CodeDigest, record: &PendingCodeRecord) -> Result<(), Unavailable> {
        let lifetime = record.expires_at.millis_since(record.issued_at) / 1000;
        let kept = async {
            let json = serde_json::to_string(record)?;
            let put = self.pending_codes()?.put(&code.kv_key(), json.as_str())?;
            put.expiration_ttl(lifetime).execute().await
        };
        kept.await.map_err(|error| {
            self.error(&format!("PENDING_CODES: {error}"));
            Unavailable
        })
    }
}

impl IssuedCodes for Edge {
    async fn find(&self, digest: &CodeDigest) -> Result<Option<PendingCodeRecord>, Unavailable> {
        let asked = async { self.pending_codes()?.get(&digest.kv_key()).text().await };
        match self.trace.step(&self.trace.kv, asked).await {
            Ok(None) => Ok(None),
            Ok(Some(json)) => match PendingCodeRecord::from_json(&json, self.now()) {
                Ok(record) => Ok(Some(record)),
                Err(invalid) => {
                    self.error(&format!("PENDING_CODES: {invalid}"));
                    Err(Unavailable)
                }
            },
            Err(error) => {
                self.error(&format!("PENDING_CODES: {error}"));
                Err(Unavailable)
            }
        }
    }

    fn remove_after_answer(&self, digest: CodeDigest) {
        let codes = self.pending_codes();
        let tag = self.tag.clone();
        self.context.wait_until(async move {
            let removed = async { codes?.delete(&digest.kv_key()).await };
            if let Err(error) = removed.await {
                tag.error(&format!("PENDING_CODES: {error}"));
            }
        });
    }
}
