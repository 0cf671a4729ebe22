//! The exchange's users and the locks of their accounts, in the D1 database `EXCHANGE`.

use serde::de::DeserializeOwned;
use worker::{D1Result, Error};

use super::{d1::Database, runtime::Runtime};
use crate::{
    ports::{
        AccountLocks, Claim, ExchangeUsers, Lock, LockError, LockVerdict, RedeemError, Redemption, Try,
        Unavailable, Verdict,
    },
    sql::{
        lock::{self, LockVerdictRow},
        redemption::{self, VerdictRow},
    },
};

impl ExchangeUsers for Runtime {
    async fn can_redeem(&self, claim: &Claim) -> Result<Verdict, Unavailable> {
        let row = async {
            last_row::<VerdictRow>(&Database::open(&self.env)?.batch([redemption::can_redeem(claim)]).await?)
        };
        let row = self.timings.time(&self.timings.d1, row).await.map_err(|error| {
            self.log_d1_error(&error);
            Unavailable
        })?;
        row.verdict().map_err(|_| Unavailable)
    }

    async fn redeem(&self, redemption: &Redemption, try_number: Try) -> Result<Verdict, RedeemError> {
        let prepared = Database::open(&self.env).and_then(|database| {
            let statements = redemption::redeem(redemption, try_number, self.tag.request_id());
            let batch = statements.iter().map(|statement| database.prepare(statement));
            Ok((batch.collect::<Result<_, _>>()?, database))
        });
        // Nothing has been sent so far.
        let (batch, database) = prepared.map_err(|error| {
            self.log_d1_error(&error);
            RedeemError::NothingChanged
        })?;
        let row = async { last_row::<VerdictRow>(&database.run(batch).await?) };
        let row = self.timings.time(&self.timings.d1, row).await;
        row.map_err(|error| redemption::redeem_error(&self.log_d1_error(&error)))?.verdict()
    }
}

impl AccountLocks for Runtime {
    async fn lock(&self, lock: &Lock) -> Result<LockVerdict, LockError> {
        let prepared = Database::open(&self.env).and_then(|database| {
            let batch = lock::lock(lock, self.tag.request_id());
            let batch =
                batch.iter().map(|statement| database.prepare(statement)).collect::<Result<Vec<_>, _>>();
            Ok((batch?, database))
        });
        // Nothing has been sent so far.
        let (batch, database) = prepared.map_err(|error| {
            self.log_d1_error(&error);
            LockError::NotLocked
        })?;
        let row = async { last_row::<LockVerdictRow>(&database.run(batch).await?) };
        let row = self.timings.time(&self.timings.d1, row).await;
        row.map_err(|error| lock::lock_error(&self.log_d1_error(&error)))?.verdict()
    }
}

fn last_row<Row: DeserializeOwned>(results: &[D1Result]) -> Result<Row, Error> {
    let row = match results.last() {
        Some(last) => last.results()?.pop(),
        None => None,
    };
    row.ok_or_else(|| Error::RustError("the batch returned no verdict".to_owned()))
}
