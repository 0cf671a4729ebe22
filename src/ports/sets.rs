//! The ports that each part of the Worker needs.

use super::{
    breaches::BreachedPasswords,
    codes::{LockCodes, PendingCodes},
    environment::{Clock, Hasher, Randomness, Timer},
    events::{EventLog, WebhookReceiver},
    limits::{CallLimit, CodeLimit},
    mails::{MailLog, Mailer},
    monitoring::{CallLog, HealthCheck},
    outbox::Outbox,
    users::{AccountLocks, ExchangeUsers},
};

/// What the reset of a password needs.
pub trait CallPorts:
    BreachedPasswords
    + CallLimit
    + Clock
    + CodeLimit
    + ExchangeUsers
    + Hasher
    + Outbox
    + PendingCodes
    + Randomness
    + Timer
{
}

impl<
    P: BreachedPasswords
        + CallLimit
        + Clock
        + CodeLimit
        + ExchangeUsers
        + Hasher
        + Outbox
        + PendingCodes
        + Randomness
        + Timer,
> CallPorts for P
{
}

/// What the lock of an account needs.
pub trait LockPorts:
    AccountLocks + CallLimit + Clock + CodeLimit + LockCodes + Outbox + Randomness + Timer
{
}

impl<P: AccountLocks + CallLimit + Clock + CodeLimit + LockCodes + Outbox + Randomness + Timer> LockPorts
    for P
{
}

/// What the gateway needs: everything that the calls need, the log, and the health check.
pub trait GatewayPorts: CallPorts + LockPorts + CallLog + HealthCheck {}

impl<P: CallPorts + LockPorts + CallLog + HealthCheck> GatewayPorts for P {}

/// What the delivery of messages needs.
pub trait DeliveryPorts:
    Clock + EventLog + LockCodes + MailLog + Mailer + PendingCodes + Randomness + Timer + WebhookReceiver
{
}

impl<P: Clock + EventLog + LockCodes + MailLog + Mailer + PendingCodes + Randomness + Timer + WebhookReceiver>
    DeliveryPorts for P
{
}
