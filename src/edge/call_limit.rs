//! The rate limit, on the binding `CALL_LIMIT`, which counts at each location for itself.

use super::Edge;
use crate::{calls::outside::CallLimit, client::ClientAddress};

impl CallLimit for Edge {
    /// Where the limit itself fails, the call is served: a pending code has 122 random bits and is safe without it.
    async fn allows(&self, address: &ClientAddress) -> bool {
        let asked = async { self.env.rate_limiter("CALL_LIMIT")?.limit(address.network()).await };
        let asked: worker::Result<_> = self.trace.step(&self.trace.limit, asked).await;
        match asked {
            Ok(outcome) => outcome.success,
            Err(error) => {
                self.error(&format!("CALL_LIMIT: {error}"));
                true
            }
        }
    }
}
