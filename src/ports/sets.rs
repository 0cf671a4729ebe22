//! The ports that each part of the Worker needs.

use super::{
    breaches::BreachedPasswords,
    codes::PendingCodes,
    environment::{Clock, Hasher, Randomness, Timer},
    limits::{CallLimit, CodeLimit},
    mails::{MailLog, Mailer},
    monitoring::{CallLog, HealthCheck},
    outbox::Outbox,
    users::ExchangeUsers,
};

/// What the calls need.
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

/// What the gateway needs: everything that the calls need, the log, and the health check.
pub trait GatewayPorts: CallPorts + CallLog + HealthCheck {}

impl<P: CallPorts + CallLog + HealthCheck> GatewayPorts for P {}

/// What the delivery of messages needs.
pub trait DeliveryPorts: MailLog + Mailer + PendingCodes + Randomness + Timer {}

impl<P: MailLog + Mailer + PendingCodes + Randomness + Timer> DeliveryPorts for P {}
