//! The service that knows breached passwords: one password, and every way to fail.

use reset_password2::{
    password::{BreachList, BreachQuery, NewPassword},
    ports::{BreachCheckFailure, BreachedPasswords},
};

use crate::ports::Isolate;

/// A password that the service knows.
pub(crate) const BREACHED: &str = "words from a data breach";

/// The end of its SHA-1, after five digits.
const REST: &str = "D4F84497DA837B2969561E1A8C2975F3E11";

impl BreachedPasswords for Isolate {
    async fn request_list(
        &self,
        url: String,
    ) -> impl Future<Output = Result<BreachList, BreachCheckFailure>> {
        self.uses("breach check");
        let range = BreachQuery::new(&NewPassword::new(BREACHED)).range().to_owned();
        let is_listed = url.ends_with(&range) && !self.world.has_bug("breached passwords are not looked up");
        let list = format!("{REST}:{}\r\n", u32::from(is_listed));
        let [hangs, fails, lies] = [20, 20, 20].map(|per_thousand| self.world.fault(per_thousand));
        async move {
            self.travel().await;
            if hangs {
                std::future::pending().await
            } else if fails {
                Err(BreachCheckFailure::Unavailable)
            } else {
                let text = if lies { "<!doctype html>".to_owned() } else { list };
                BreachList::parse(text).map_err(|_| BreachCheckFailure::InvalidResponse)
            }
        }
    }

    fn note_breach_check_failure(&self, failure: BreachCheckFailure) {
        self.uses("breach check failed");
        self.world.coverage.sometimes(match failure {
            BreachCheckFailure::NoResponse => "a breach check got no response in time",
            BreachCheckFailure::Unavailable | BreachCheckFailure::InvalidResponse => "a breach check failed",
        });
    }
}
