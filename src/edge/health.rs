//! Whether KV, D1 and the queue can be reached, each asked for something that costs it next to nothing.

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

use super::{Edge, d1::message, now};
use crate::gateway::{Probe, Probed, Reach};

/// How long each may take: far longer than a call would take, and shorter than a monitor waits.
const PATIENCE: Duration = Duration::from_secs(5);

/// Reads a row at most from each table that a call needs: a database that was not migrated does not pass.
const LOOK: &str = "
SELECT EXISTS (SELECT 1 FROM users), EXISTS (SELECT 1 FROM user_permissions), EXISTS (SELECT 1 FROM redeemed_codes),
       EXISTS (SELECT 1 FROM audit_log), EXISTS (SELECT 1 FROM mails)
FROM clock";

impl Probe for Edge {
    async fn probe(&self) -> Reach {
        let kv = self.look("PENDING_CODES", async {
            // A key that is another each time: what is not there is remembered at the location for a while.
            self.pending_codes()?.get(&format!("health:{}", self.tag.request_id())).text().await?;
            Ok(())
        });
        let d1 = self.look("EXCHANGE", async {
            let d1 = self.exchange()?;
            d1.batch(vec![d1.prepare(LOOK)]).await?;
            Ok(())
        });
        let queue = self.look("MAIL_QUEUE", async {
            // `worker` does not have this method of a queue yet.
            let queue = Reflect::get(&self.env, &"MAIL_QUEUE".into())?;
            let metrics: Function = Reflect::get(&queue, &"metrics".into())?.dyn_into()?;
            JsFuture::from(metrics.call0(&queue)?.dyn_into::<Promise>()?).await?;
            Ok(())
        });
        let (kv, d1, queue) = join!(kv, d1, queue);
        Reach { kv, d1, queue }
    }
}

impl Edge {
    async fn look(&self, binding: &str, looking: impl Future<Output = Result<(), Error>>) -> Probed {
        let start = now();
        let looked = match select(pin!(looking), Delay::from(PATIENCE)).await {
            Either::Left((looked, _)) => looked.map_err(|error| message(&error)),
            Either::Right(_) => Err("no answer in time".to_owned()),
        };
        if let Err(error) = &looked {
            self.error(&format!("{binding}: {error}"));
        }
        Probed { reachable: looked.is_ok(), ms: now().millis_since(start) }
    }
}
