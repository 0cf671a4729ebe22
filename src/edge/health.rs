//! The health check. It sends each service a request that costs next to nothing.

use std::{pin::pin, time::Duration};

use futures_util::{
    future::{Either, select},
    join,
};
use worker::{
    Delay, Error,
    js_sys::{Function, Promise, Reflect, futures::JsFuture},
    wasm_bindgen::JsCast as _,
};

use super::{
    clock::now,
    d1::{self, Database, error_message},
    pending_codes, queue,
    runtime::Runtime,
};
use crate::{
    ports::{Check, Health, HealthCheck},
    sql,
};

/// How long each check may take: much longer than it should, and less than a monitor usually waits.
const TIMEOUT: Duration = Duration::from_secs(5);

impl HealthCheck for Runtime {
    async fn check_health(&self) -> Health {
        let kv = self.check(pending_codes::BINDING, async {
            // A fresh key each time, because KV caches misses.
            let key = format!("health:{}", self.tag.request_id());
            pending_codes::open(&self.env)?.get(&key).text().await?;
            Ok(())
        });
        let d1 = self.check(d1::BINDING, async {
            Database::open(&self.env)?.batch([sql::health::check()]).await?;
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
        Health { kv, d1, queue }
    }
}

impl Runtime {
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
