//! What the code needs from the outside world: one trait for each need, which documents what an
//! implementation must guarantee.
//!
//! `edge` implements these traits on the Workers runtime. Tests implement them with fakes that fail on demand.

mod body;
mod breaches;
mod codes;
mod environment;
mod events;
mod limits;
mod mails;
mod monitoring;
mod outbox;
mod sets;
mod users;

pub use self::{
    body::{BodyIncomplete, RequestBody},
    breaches::{BreachCheckFailure, BreachedPasswords},
    codes::{LockCodes, PendingCodes},
    environment::{Clock, Hasher, Randomness, Timer, Unavailable},
    events::{AttemptResult, EventLog, WebhookReceiver},
    limits::{CallLimit, CodeLimit},
    mails::{MailLog, Mailer, NoticeLease, Recipient, ResetMailLease, ResetMailRequest, SendError, Sender},
    monitoring::{CallLog, Check, Health, HealthCheck},
    outbox::{EnqueueError, Outbox},
    sets::{CallPorts, DeliveryPorts, GatewayPorts, LockPorts},
    users::{
        AccountLocks, Claim, ExchangeUsers, Lock, LockError, LockVerdict, RedeemError, Redemption, Try,
        Verdict,
    },
};
