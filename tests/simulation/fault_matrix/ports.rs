//! The ports of the simulated world, with the faults of a plan.

use std::{cell::RefCell, rc::Rc};

use reset_password2::{
    call_name::CallName,
    client::ClientAddress,
    lock_code::{LockCodeDigest, LockCodeRecord},
    mail::Mail,
    message::Message,
    outcome::Outcome,
    password::{BreachList, NewPassword, PasswordHash, SALT_BYTES},
    pending_code::{CodeDigest, PendingCodeRecord},
    ports::{
        AccountLocks, AttemptResult, BreachCheckFailure, BreachedPasswords, CallLimit, CallLog, Claim, Clock,
        CodeLimit, EnqueueError, EventLog, ExchangeUsers, Hasher, Health, HealthCheck, Lock, LockCodes,
        LockError, LockVerdict, MailLog, Mailer, NoticeLease, Outbox, PendingCodes, Randomness, RedeemError,
        Redemption, ResetMailLease, ResetMailRequest, SendError, Sender, Timer, Try, Unavailable, Verdict,
        WebhookReceiver,
    },
    sql::{
        events::{self, EventRow},
        mail_log::{self, DigestRow, NOTICE_LEASED, NoticeRow, ResetMailRow},
        redemption::{self, VerdictRow},
        statement::Statement,
    },
    unix_millis::UnixMillis,
    user_id::UserId,
    webhook::WebhookRequest,
};
use serde_json::Value as Json;

use super::{
    delivery::consume,
    faults::{Fault, LATE, Plan, SLOW, Step, TOO_LATE},
};
use crate::{ports::Isolate, world::World};

/// The ports of one request, or of one delivery, with faults.
pub(super) struct FaultyPorts {
    pub(super) isolate: Rc<Isolate>,
    pub(super) plan: Rc<Plan>,
    /// The message that is being delivered.
    pub(super) delivered: Option<Message>,
}

impl FaultyPorts {
    fn world(&self) -> &Rc<World> {
        &self.isolate.world
    }

    /// Chooses the step of a notice, or that of any other message.
    fn of_notice(&self, of_notice: Step, otherwise: Step) -> Step {
        if matches!(self.delivered, Some(Message::PasswordChanged { .. })) { of_notice } else { otherwise }
    }

    /// Performs a step, with its fault. `lost` is the error if the response is lost, `refused` if nothing was done.
    async fn perform<T: 'static, E: 'static>(
        &self,
        step: Step,
        effect: impl Future<Output = Result<T, E>> + 'static,
        [refused, lost]: [E; 2],
    ) -> Result<T, E> {
        let world = self.world();
        let executor = &world.executor;
        match self.plan.reach(step) {
            // The world refuses a suppressed address.
            None | Some(Fault::RefusedForGood) => effect.await,
            Some(Fault::RequestLost) => Err(lost),
            Some(Fault::ResponseLost) => {
                let _ = effect.await;
                Err(lost)
            }
            Some(Fault::Late) => {
                drop(after(world, LATE, effect));
                Err(lost)
            }
            Some(Fault::TooLate) => {
                drop(after(world, TOO_LATE, effect));
                Err(lost)
            }
            // Its caller may give up in the meantime. It takes effect nevertheless.
            Some(fault @ (Fault::Slow | Fault::Hangs)) => {
                let result = after(world, if fault == Fault::Slow { SLOW } else { TOO_LATE }, effect);
                loop {
                    executor.sleep(100).await;
                    if let Some(result) = result.borrow_mut().take() {
                        return result;
                    }
                }
            }
            Some(Fault::DiesBefore) => die(world).await,
            Some(Fault::DiesAfter) => {
                let _ = effect.await;
                die(world).await
            }
            Some(
                Fault::NotSent
                | Fault::Garbled
                | Fault::RolledBack
                | Fault::Refused
                | Fault::Exceeded
                | Fault::Stale
                | Fault::Delayed
                | Fault::Twice
                | Fault::TwiceAtOnce,
            ) => Err(refused),
        }
    }

    /// Sends a batch to D1.
    async fn batch(
        &self,
        step: Step,
        statements: impl IntoIterator<Item = Statement>,
    ) -> Result<Vec<Vec<Json>>, String> {
        let (isolate, statements) = (Rc::clone(&self.isolate), statements.into_iter().collect());
        let errors =
            ["D1_ERROR: database or disk is full: SQLITE_FULL", "D1_ERROR: Network connection lost."];
        let errors = errors.map(str::to_owned);
        self.perform(step, async move { isolate.batch(statements).await }, errors).await
    }

    /// Sends a batch to D1, and returns the rows of each statement.
    async fn rows(
        &self,
        step: Step,
        statements: impl IntoIterator<Item = Statement>,
    ) -> Result<Vec<Vec<Json>>, Unavailable> {
        self.batch(step, statements).await.map_err(|_| Unavailable)
    }

    /// Counts at a limit. A limit that fails allows the call.
    async fn limit(&self, step: Step, counted: impl Future<Output = bool> + 'static) -> bool {
        self.perform(step, async move { Ok(counted.await) }, [false, true]).await.unwrap_or_else(|it| it)
    }
}

/// Starts `effect` after a time. Its result appears in what this returns.
fn after<T: 'static>(
    world: &Rc<World>,
    millis: u64,
    effect: impl Future<Output = T> + 'static,
) -> Rc<RefCell<Option<T>>> {
    let result = Rc::new(RefCell::new(None));
    let (to, executor) = (Rc::clone(&result), Rc::clone(&world.executor));
    world.executor.spawn(async move {
        executor.sleep(millis).await;
        let value = effect.await;
        *to.borrow_mut() = Some(value);
    });
    result
}

/// Makes no progress any more.
async fn die<T>(world: &World) -> T {
    loop {
        world.executor.sleep(1_000).await;
    }
}

fn parsed<T: serde::de::DeserializeOwned>(rows: &[Vec<Json>]) -> T {
    serde_json::from_value(rows.last().unwrap()[0].clone()).unwrap()
}

impl CallLimit for FaultyPorts {
    async fn count_call(&self, address: &ClientAddress) -> bool {
        let (isolate, address) = (Rc::clone(&self.isolate), *address);
        self.limit(Step::CallLimit, async move { isolate.count_call(&address).await }).await
    }
}

impl CodeLimit for FaultyPorts {
    async fn count_attempt(&self, code: &CodeDigest) -> bool {
        let (isolate, code) = (Rc::clone(&self.isolate), code.clone());
        self.limit(Step::CodeLimit, async move { isolate.count_attempt(&code).await }).await
    }
}

impl BreachedPasswords for FaultyPorts {
    async fn request_list(
        &self,
        url: String,
    ) -> impl Future<Output = Result<BreachList, BreachCheckFailure>> {
        let isolate = Rc::clone(&self.isolate);
        let list = async move { isolate.request_list(url).await.await };
        let errors = [BreachCheckFailure::InvalidResponse, BreachCheckFailure::Unavailable];
        self.perform(Step::BreachCheck, list, errors)
    }

    fn note_breach_check_failure(&self, failure: BreachCheckFailure) {
        self.isolate.note_breach_check_failure(failure);
    }
}

impl Clock for FaultyPorts {
    fn now(&self) -> UnixMillis {
        self.isolate.now()
    }
}

impl Timer for FaultyPorts {
    async fn sleep(&self, millis: u64) {
        self.isolate.sleep(millis).await;
    }
}

impl Randomness for FaultyPorts {
    fn random<const N: usize>(&self) -> Result<[u8; N], Unavailable> {
        self.isolate.random()
    }
}

impl Hasher for FaultyPorts {
    fn hash(&self, password: &NewPassword, salt: [u8; SALT_BYTES]) -> PasswordHash {
        self.isolate.hash(password, salt)
    }
}

impl PendingCodes for FaultyPorts {
    async fn find(&self, digest: &CodeDigest) -> Result<Option<PendingCodeRecord>, Unavailable> {
        let (isolate, digest) = (Rc::clone(&self.isolate), digest.clone());
        // What is "refused" here is that KV finds the code.
        let found = self
            .perform(
                Step::Find,
                async move { isolate.find(&digest).await.map_err(Some) },
                [None, Some(Unavailable)],
            )
            .await;
        found.or_else(|error| error.map_or(Ok(None), Err))
    }

    async fn store(&self, digest: &CodeDigest, record: &PendingCodeRecord) -> Result<(), Unavailable> {
        let (isolate, digest, record) = (Rc::clone(&self.isolate), digest.clone(), record.clone());
        let stored = async move { isolate.store(&digest, &record).await };
        self.perform(Step::StoreCode, stored, [Unavailable, Unavailable]).await
    }

    fn remove_after_response(&self, digest: CodeDigest) {
        let step = if self.delivered.is_some() { Step::RemoveSuperseded } else { Step::RemoveRedeemed };
        match self.plan.reach(step) {
            None => self.isolate.remove_after_response(digest),
            Some(Fault::Late) => {
                let isolate = Rc::clone(&self.isolate);
                drop(after(self.world(), LATE, async move { isolate.remove_after_response(digest) }));
            }
            Some(_) => {}
        }
    }
}

impl LockCodes for FaultyPorts {
    async fn find_lock_code(&self, digest: &LockCodeDigest) -> Result<Option<LockCodeRecord>, Unavailable> {
        self.isolate.find_lock_code(digest).await
    }

    async fn store_lock_code(
        &self,
        digest: &LockCodeDigest,
        record: &LockCodeRecord,
    ) -> Result<(), Unavailable> {
        let (isolate, digest, record) = (Rc::clone(&self.isolate), digest.clone(), record.clone());
        let stored = async move { isolate.store_lock_code(&digest, &record).await };
        self.perform(Step::StoreLockCode, stored, [Unavailable, Unavailable]).await
    }
}

impl AccountLocks for FaultyPorts {
    async fn lock(&self, lock: &Lock) -> Result<LockVerdict, LockError> {
        self.isolate.lock(lock).await
    }
}

impl Outbox for FaultyPorts {
    async fn enqueue(&self, messages: &[Message]) -> Result<(), EnqueueError> {
        let is_request = matches!(messages, [Message::ResetPassword { .. }]);
        let step = if is_request { Step::SendRequest } else { Step::SendNotice };
        let (isolate, plan, messages) = (Rc::clone(&self.isolate), Rc::clone(&self.plan), messages.to_vec());
        let sent = async move {
            isolate.travel().await;
            let world = &isolate.world;
            for message in messages {
                world.executor.spawn(consume(Rc::clone(world), Rc::clone(&plan), message));
            }
            Ok(())
        };
        self.perform(step, sent, [EnqueueError::NotEnqueued, EnqueueError::Unclear]).await
    }
}

impl ExchangeUsers for FaultyPorts {
    async fn can_redeem(&self, claim: &Claim) -> Result<Verdict, Unavailable> {
        let rows = self.rows(Step::Check, [redemption::can_redeem(claim)]).await?;
        parsed::<VerdictRow>(&rows).verdict().map_err(|_| Unavailable)
    }

    async fn redeem(&self, redemption: &Redemption, try_number: Try) -> Result<Verdict, RedeemError> {
        self.isolate.attempts.borrow_mut().push(redemption.attempt_id.to_string());
        let step = if try_number == Try::First { Step::Redeem } else { Step::RedeemAgain };
        let rows = self.batch(step, redemption::redeem(redemption, try_number, "request")).await;
        parsed::<VerdictRow>(&rows.map_err(|error| redemption::redeem_error(&error))?).verdict()
    }
}

impl MailLog for FaultyPorts {
    async fn index_user_names(&self) -> Result<(), Unavailable> {
        let isolate = Rc::clone(&self.isolate);
        let indexed = async move { isolate.index_user_names().await };
        self.perform(Step::IndexNames, indexed, [Unavailable, Unavailable]).await
    }

    async fn users_with_address(&self, address: &str) -> Result<Vec<UserId>, Unavailable> {
        self.isolate.users_with_address(address).await
    }

    async fn lease_reset_mail(&self, request: &ResetMailRequest<'_>) -> Result<ResetMailLease, Unavailable> {
        let rows = self.rows(Step::LeaseMail, mail_log::lease_reset_mail(request)).await?;
        Ok(parsed::<ResetMailRow>(&rows).into())
    }

    async fn mark_reset_mail_sent(
        &self,
        request_id: &str,
        code: &CodeDigest,
    ) -> Result<Vec<CodeDigest>, Unavailable> {
        let rows = self.rows(Step::MarkMail, mail_log::mark_reset_mail_sent(request_id, code)).await?;
        let digests = rows.last().unwrap().iter();
        let digests = digests.map(|row| serde_json::from_value::<DigestRow>(row.clone()).unwrap());
        Ok(digests.filter_map(DigestRow::into_digest).collect())
    }

    async fn lease_notice(
        &self,
        attempt_id: &str,
        commit_before: UnixMillis,
    ) -> Result<NoticeLease, Unavailable> {
        let rows = self.rows(Step::LeaseNotice, mail_log::lease_notice(attempt_id, commit_before)).await?;
        Ok(parsed::<NoticeRow>(&rows).lease(!rows[NOTICE_LEASED].is_empty()))
    }

    async fn mark_notice_sent(&self, attempt_id: &str) -> Result<(), Unavailable> {
        self.rows(Step::MarkNotice, [mail_log::mark_notice_sent(attempt_id)]).await.map(|_| ())
    }

    async fn release(&self, mail_id: &str) -> Result<(), Unavailable> {
        let step = self.of_notice(Step::ReleaseNotice, Step::ReleaseMail);
        self.rows(step, [mail_log::release(mail_id)]).await.map(|_| ())
    }

    async fn mark_mail_refused(&self, mail_id: &str) -> Result<(), Unavailable> {
        let step = self.of_notice(Step::RefuseNotice, Step::RefuseMail);
        self.rows(step, [mail_log::mark_mail_refused(mail_id)]).await.map(|_| ())
    }
}

/// The simulated mail service doesn't look at the sender.
const NOBODY: Sender<'_> = Sender { name: "", address: "" };

impl Mailer for FaultyPorts {
    async fn send(&self, _: &Sender<'_>, to: &str, mail: &Mail) -> Result<(), SendError> {
        let step = self.of_notice(Step::MailNotice, Step::MailLink);
        let (isolate, recipient, mail) = (Rc::clone(&self.isolate), to.to_owned(), mail.clone());
        if self.plan.holds(step, Fault::RefusedForGood) {
            self.world().suppressed.borrow_mut().insert(to.to_owned());
        }
        let sent = async move { isolate.send(&NOBODY, &recipient, &mail).await };
        self.perform(step, sent, [SendError::Temporary, SendError::Unclear]).await
    }
}

impl EventLog for FaultyPorts {
    async fn find_event(
        &self,
        attempt_id: &str,
        commit_before: UnixMillis,
    ) -> Result<AttemptResult, Unavailable> {
        let rows = self.rows(Step::FindEvent, [events::find_event(attempt_id, commit_before)]).await?;
        Ok(parsed::<EventRow>(&rows).result(attempt_id))
    }

    async fn record_event_delivery(&self) -> Result<(), Unavailable> {
        self.rows(Step::RecordEvent, [events::record_event_delivery()]).await.map(|_| ())
    }
}

impl WebhookReceiver for FaultyPorts {
    async fn post(&self, url: &str, request: &WebhookRequest) -> Result<(), Unavailable> {
        let (isolate, url, request) = (Rc::clone(&self.isolate), url.to_owned(), request.clone());
        let posted = async move { isolate.post(&url, &request).await };
        self.perform(Step::PostEvent, posted, [Unavailable, Unavailable]).await
    }
}

impl CallLog for FaultyPorts {
    fn log(&self, _: CallName, _: Outcome) {}
}

impl HealthCheck for FaultyPorts {
    async fn count_health_check(&self, _: &ClientAddress) -> bool {
        unreachable!("no health is checked")
    }

    async fn check_health(&self) -> Health {
        unreachable!("no health is checked")
    }
}
