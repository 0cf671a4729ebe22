//! The health check. It sends each service a request that costs next to nothing.

use std::{cell::Cell, pin::pin, time::Duration};

use futures_util::{
    future::{Either, select},
    join,
};
use worker::{
    D1Result, Delay, Error,
    js_sys::{Function, Promise, Reflect, futures::JsFuture},
    wasm_bindgen::JsCast as _,
};

use super::{
    clock::now,
    d1::{self, Database, error_message},
    pending_codes, queue,
    rate_limits::CALL_LIMIT,
    runtime::Runtime,
};
use crate::{
    client::ClientAddress,
    ports::{Check, Health, HealthCheck},
    sql::{self, health::HealthRow},
    unix_millis::UnixMillis,
};

/// How long each check may take: much longer than it should, and less than a monitor usually waits.
const TIMEOUT: Duration = Duration::from_secs(5);

/// How long a result is reused, in milliseconds: much less than the interval of a monitor.
const LIFETIME: u64 = 3000;

thread_local! {
    /// The latest result in this isolate, and when it was complete.
    static LATEST: Cell<Option<(UnixMillis, Health)>> = const { Cell::new(None) };
}

impl HealthCheck for Runtime {
    async fn count_health_check(&self, address: &ClientAddress) -> bool {
        // No key of a call begins with `health:`, so health checks are counted separately.
        self.is_within_limit(CALL_LIMIT, format!("health:{}", address.network())).await
    }

    async fn check_health(&self) -> Health {
        if let Some((time, health)) = LATEST.get()
            // The clock may have stepped back.
            && now() >= time
            && now().millis_since(time) < LIFETIME
        {
            return health;
        }
        let health = self.check_all().await;
        LATEST.set(Some((now(), health)));
        health
    }
}

impl Runtime {
    async fn check_all(&self) -> Health {
        let kv = self.check(pending_codes::BINDING, async {
            // A fresh key each time, because KV caches misses.
            let key = format!("health:{}", self.tag.request_id());
            pending_codes::open(&self.env)?.get(&key).text().await?;
            Ok(())
        });
        let last_event_delivered_at = Cell::new(None);
        let d1 = self.check(d1::BINDING, async {
            let results = Database::open(&self.env)?.batch([sql::health::check()]).await?;
            let rows: Vec<HealthRow> = results.first().map_or_else(|| Ok(Vec::new()), D1Result::results)?;
            last_event_delivered_at.set(rows.first().and_then(HealthRow::last_event_delivered_at));
            Ok(())
        });
        let queue = self.check(queue::BINDING, async {
            // The `worker` crate doesn't expose this method of a queue yet.
            let queue = Reflect::get(&self.env, &queue::BINDING.into())?;
            let metrics: Function = Reflect::get(&queue, &"metrics".into())?.dyn_into()?;
            JsFuture::from(metrics.call0(&queue)?.dyn_into::<Promise>()?).await?;
            Ok(())
        });
        let (kv, d1, queue) = join!(kv, d1, queue);
        Health { kv, d1, queue, last_event_delivered_at: last_event_delivered_at.get() }
    }

    async fn check(&self, binding: &str, request: impl Future<Output = Result<(), Error>>) -> Check {
        let start = now();
        let result = match select(pin!(request), Delay::from(TIMEOUT)).await {
            Either::Left((result, _)) => result.map_err(|error| error_message(&error)),
            Either::Right(_) => Err("no response in time".to_owned()),
        };
        if let Err(error) = &result {
            self.log_error(&format!("{binding}: {error}"));
        }
        Check { reachable: result.is_ok(), ms: now().millis_since(start) }
    }
}
