//! The rate limit bindings `CALL_LIMIT` and `CODE_LIMIT`. They count at each Cloudflare location separately.

use super::runtime::Runtime;
use crate::{
    client::ClientAddress,
    pending_code::CodeDigest,
    ports::{CallLimit, CodeLimit},
};

/// The binding that counts calls and, under keys of their own, health checks.
pub(super) const CALL_LIMIT: &str = "CALL_LIMIT";

impl CallLimit for Runtime {
    async fn count_call(&self, address: &ClientAddress) -> bool {
        self.is_within_limit(CALL_LIMIT, address.network()).await
    }
}

impl CodeLimit for Runtime {
    async fn count_attempt(&self, code: &CodeDigest) -> bool {
        self.is_within_limit("CODE_LIMIT", code.as_str().to_owned()).await
    }
}

impl Runtime {
    /// Counts a use of `key`, and returns whether it is within the limit of the binding.
    pub(super) async fn is_within_limit(&self, binding: &str, key: String) -> bool {
        let limited = async { self.env.rate_limiter(binding)?.limit(key).await };
        let limited: worker::Result<_> = self.timings.time(&self.timings.limit, limited).await;
        match limited {
            Ok(outcome) => outcome.success,
            Err(error) => {
                self.log_error(&format!("{binding}: {error}"));
                true
            }
        }
    }
}
