//! The exchange's users, in the D1 database `EXCHANGE`.

use worker::{D1Result, Error};

use super::{d1::Database, runtime::Runtime};
use crate::{
    ports::{Claim, ExchangeUsers, RedeemError, Redemption, Unavailable, Verdict},
    sql::redemption::{self, VerdictRow},
};

impl ExchangeUsers for Runtime {
    async fn can_redeem(&self, claim: &Claim) -> Result<Verdict, Unavailable> {
        let verdict =
            async { verdict(&Database::open(&self.env)?.batch([redemption::can_redeem(claim)]).await?) };
        self.timings.time(&self.timings.d1, verdict).await.map_err(|error| {
            self.log_d1_error(&error);
            Unavailable
        })
    }

    async fn redeem(&self, redemption: &Redemption) -> Result<Verdict, RedeemError> {
        let prepared = Database::open(&self.env).and_then(|database| {
            let statements = redemption::redeem(redemption);
            let batch = statements.iter().map(|statement| database.prepare(statement));
            Ok((batch.collect::<Result<_, _>>()?, database))
        });
        // Nothing has been sent so far.
        let (batch, database) = prepared.map_err(|error| {
            self.log_d1_error(&error);
            RedeemError::NothingChanged
        })?;
        let verdict = async { verdict(&database.run(batch).await?) };
        self.timings
            .time(&self.timings.d1, verdict)
            .await
            .map_err(|error| redemption::redeem_error(&self.log_d1_error(&error)))
    }
}

fn verdict(results: &[D1Result]) -> Result<Verdict, Error> {
    let row: Option<VerdictRow> = match results.last() {
        Some(last) => last.results()?.pop(),
        None => None,
    };
    row.map(Verdict::from).ok_or_else(|| Error::RustError("the batch returned no verdict".to_owned()))
}
