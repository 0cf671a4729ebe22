//! The rate limit binding `CALL_LIMIT`. It counts at each Cloudflare location separately.

use super::runtime::Runtime;
use crate::{client::ClientAddress, ports::CallLimit};

impl CallLimit for Runtime {
    async fn allows(&self, address: &ClientAddress) -> bool {
        let limited = async { self.env.rate_limiter("CALL_LIMIT")?.limit(address.network()).await };
        let limited: worker::Result<_> = self.timings.time(&self.timings.limit, limited).await;
        match limited {
            Ok(outcome) => outcome.success,
            Err(error) => {
                self.log_error(&format!("CALL_LIMIT: {error}"));
                true
            }
        }
    }
}
