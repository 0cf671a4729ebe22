//! The external steps, and the faults of each.

use std::cell::{Cell, RefCell};

/// A request to another service, or the delivery of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    CallLimit,
    Find,
    CodeLimit,
    BreachCheck,
    Check,
    SendNotice,
    Redeem,
    RedeemAgain,
    RemoveRedeemed,
    SendRequest,
    DeliverNotice,
    LeaseNotice,
    StoreLockCode,
    MailNotice,
    ReleaseNotice,
    RefuseNotice,
    MarkNotice,
    DeliverEvent,
    FindEvent,
    PostEvent,
    RecordEvent,
    DeliverRequest,
    IndexNames,
    LeaseMail,
    StoreCode,
    MailLink,
    ReleaseMail,
    RefuseMail,
    MarkMail,
    RemoveSuperseded,
}

impl Step {
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::CallLimit => "rate limit of the address",
            Self::Find => "KV: look up the code",
            Self::CodeLimit => "rate limit of the code",
            Self::BreachCheck => "breached passwords: request the list",
            Self::Check => "D1: check the code",
            Self::SendNotice | Self::SendRequest => "queue: send",
            Self::Redeem => "D1: redeem",
            Self::RedeemAgain => "D1: redeem, again",
            Self::RemoveRedeemed | Self::RemoveSuperseded => "KV: remove the code",
            Self::DeliverNotice | Self::DeliverEvent | Self::DeliverRequest => "queue: deliver",
            Self::IndexNames => "D1: index names",
            Self::LeaseNotice | Self::LeaseMail => "D1: lease the mail",
            Self::StoreCode | Self::StoreLockCode => "KV: store the code",
            Self::MailNotice | Self::MailLink => "mail: send",
            Self::ReleaseNotice | Self::ReleaseMail => "D1: release, after a refusal for now",
            Self::RefuseNotice | Self::RefuseMail => "D1: mark as refused, after a refusal for good",
            Self::MarkNotice | Self::MarkMail => "D1: mark as sent",
            Self::FindEvent => "D1: look up the attempt",
            Self::PostEvent => "the exchange: receive the event",
            Self::RecordEvent => "D1: record the delivery",
        }
    }

    /// The faults that can happen to it.
    pub(crate) const fn faults(self) -> &'static [Fault] {
        use Fault::{
            Delayed, DiesAfter, DiesBefore, Exceeded, Garbled, Hangs, Late, NotSent, Refused, RefusedForGood,
            RequestLost, ResponseLost, RolledBack, Slow, Stale, TooLate, Twice, TwiceAtOnce,
        };
        match self {
            Self::CallLimit | Self::CodeLimit => &[Exceeded, RequestLost, Slow, Hangs, DiesAfter],
            Self::Find => &[RequestLost, Stale, Slow, Hangs, DiesAfter],
            Self::BreachCheck => &[RequestLost, Garbled, Slow, Hangs],
            Self::Check => &[RequestLost, Slow, Hangs, DiesAfter],
            Self::SendNotice | Self::SendRequest => {
                &[NotSent, RequestLost, ResponseLost, Late, Slow, Hangs, DiesBefore, DiesAfter]
            }
            Self::Redeem | Self::RedeemAgain => {
                &[RolledBack, RequestLost, ResponseLost, Late, TooLate, Slow, Hangs, DiesBefore, DiesAfter]
            }
            Self::RemoveRedeemed | Self::RemoveSuperseded => &[RequestLost, Late],
            Self::DeliverNotice | Self::DeliverEvent | Self::DeliverRequest => &[TwiceAtOnce, Twice, Delayed],
            Self::MailNotice | Self::MailLink => {
                &[Refused, RefusedForGood, RequestLost, ResponseLost, Late, Slow, DiesBefore, DiesAfter]
            }
            Self::PostEvent => {
                &[Refused, RequestLost, ResponseLost, Late, TooLate, Slow, Hangs, DiesBefore, DiesAfter]
            }
            Self::IndexNames
            | Self::LeaseNotice
            | Self::LeaseMail
            | Self::StoreCode
            | Self::StoreLockCode
            | Self::ReleaseNotice
            | Self::ReleaseMail
            | Self::RefuseNotice
            | Self::RefuseMail
            | Self::MarkNotice
            | Self::FindEvent
            | Self::RecordEvent
            | Self::MarkMail => {
                &[RequestLost, ResponseLost, Late, TooLate, Slow, Hangs, DiesBefore, DiesAfter]
            }
        }
    }
}

/// What happens to a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The limit is exceeded.
    Exceeded,
    /// It fails, and nothing was sent.
    NotSent,
    /// The response makes no sense.
    Garbled,
    /// The store rolls back, and says so.
    RolledBack,
    /// The service refuses for now.
    Refused,
    /// The service refuses for good.
    RefusedForGood,
    /// KV doesn't know the code yet.
    Stale,
    /// The request is lost, and its sender can't know.
    RequestLost,
    /// It takes effect, and its response is lost.
    ResponseLost,
    /// Its sender gets an error, and it takes effect after [`LATE`].
    Late,
    /// Its sender gets an error, and it takes effect after [`TOO_LATE`].
    TooLate,
    /// It takes [`SLOW`].
    Slow,
    /// It takes [`TOO_LATE`], and then succeeds.
    Hangs,
    /// The isolate dies before it takes effect.
    DiesBefore,
    /// The isolate dies after it took effect.
    DiesAfter,
    /// A message is delivered [`LATE`].
    Delayed,
    /// A message is delivered twice at once.
    TwiceAtOnce,
    /// A message is delivered again after it was done.
    Twice,
}

pub(crate) const SLOW: u64 = 20_000;
/// Before the deadline of an attempt, and before the lease of a mail ends.
pub(crate) const LATE: u64 = 60_000;
/// After both.
pub(crate) const TOO_LATE: u64 = 180_000;

impl Fault {
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Exceeded => "exceeded",
            Self::NotSent => "fails before anything is sent",
            Self::Garbled => "responds with something else",
            Self::RolledBack => "fails, and is rolled back",
            Self::Refused => "refuses for now",
            Self::RefusedForGood => "refuses for good",
            Self::Stale => "does not find it yet",
            Self::RequestLost => "fails, without effect",
            Self::ResponseLost => "fails after it took effect",
            Self::Late => "fails, and takes effect 1 min later",
            Self::TooLate => "fails, and takes effect 3 min later",
            Self::Slow => "takes 20 s",
            Self::Hangs => "takes 3 min",
            Self::DiesBefore => "the isolate dies before it",
            Self::DiesAfter => "the isolate dies after it",
            Self::Delayed => "1 min later",
            Self::TwiceAtOnce => "twice at once",
            Self::Twice => "again after it was done",
        }
    }
}

/// The faults of one scenario: each happens once, when its step is reached.
pub(crate) struct Plan {
    faults: Vec<(Step, Fault, Cell<bool>)>,
    /// The steps that were reached.
    pub(crate) reached: RefCell<Vec<Step>>,
}

impl Plan {
    pub(crate) fn new(faults: &[(Step, Fault)]) -> Self {
        let faults = faults.iter().map(|&(step, fault)| (step, fault, Cell::new(false))).collect();
        Self { faults, reached: RefCell::default() }
    }

    /// A step is reached: returns its fault, if it has one that hasn't happened yet.
    pub(crate) fn reach(&self, step: Step) -> Option<Fault> {
        self.reached.borrow_mut().push(step);
        let planned =
            self.faults.iter().find(|(planned, _, happened)| *planned == step && !happened.get())?;
        planned.2.set(true);
        Some(planned.1)
    }

    /// Whether a step has a fault.
    pub(crate) fn holds(&self, step: Step, fault: Fault) -> bool {
        self.faults.iter().any(|(planned, its_fault, _)| *planned == step && *its_fault == fault)
    }

    pub(crate) fn has_happened(&self) -> bool {
        self.faults.iter().all(|(.., happened)| happened.get())
    }
}
