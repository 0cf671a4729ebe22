//! The exchange's users, in the D1 database `EXCHANGE`.

use worker::{D1Result, Error};

use super::{d1::Database, runtime::Runtime};
use crate::{
    ports::{Claim, ExchangeUsers, RedeemError, Redemption, Try, Unavailable, Verdict},
    sql::redemption::{self, VerdictRow},
};

impl ExchangeUsers for Runtime {
    async fn can_redeem(&self, claim: &Claim) -> Result<Verdict, Unavailable> {
        let row =
            async { verdict_row(&Database::open(&self.env)?.batch([redemption::can_redeem(claim)]).await?) };
        let row = self.timings.time(&self.timings.d1, row).await.map_err(|error| {
            self.log_d1_error(&error);
            Unavailable
        })?;
        row.verdict().map_err(|_| Unavailable)
    }

    async fn redeem(&self, redemption: &Redemption, try_number: Try) -> Result<Verdict, RedeemError> {
        let prepared = Database::open(&self.env).and_then(|database| {
            let statements = redemption::redeem(redemption, try_number);
            let batch = statements.iter().map(|statement| database.prepare(statement));
            Ok((batch.collect::<Result<_, _>>()?, database))
        });
        // Nothing has been sent so far.
        let (batch, database) = prepared.map_err(|error| {
            self.log_d1_error(&error);
            RedeemError::NothingChanged
        })?;
        let row = async { verdict_row(&database.run(batch).await?) };
        let row = self.timings.time(&self.timings.d1, row).await;
        row.map_err(|error| redemption::redeem_error(&self.log_d1_error(&error)))?.verdict()
    }
}

fn verdict_row(results: &[D1Result]) -> Result<VerdictRow, Error> {
    let row = match results.last() {
        Some(last) => last.results()?.pop(),
        None => None,
    };
    row.ok_or_else(|| Error::RustError("the batch returned no verdict".to_owned()))
}
