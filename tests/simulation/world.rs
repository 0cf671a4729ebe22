//! The world outside the Worker, with its faults.

use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, HashSet},
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use reset_password2::{
    delivery::{self, deliver},
    message::Message,
    settings::Settings,
    unix_millis::UnixMillis,
};

use crate::{
    bugs::Bug,
    coverage::Coverage,
    database::Database,
    events::{Events, WEBHOOK_SECRET, WEBHOOK_URL},
    executor::Executor,
    kv::{Kv, LOCATIONS},
    locks::Locks,
    oracle::Oracle,
    ports::Isolate,
};

/// How many times a message is tried before it goes to the dead-letter queue: fewer than in wrangler.toml, so
/// that it happens.
const MAX_TRIES: u32 = 10;

/// When a message is delivered again whose consumer died: `retry_delay` in wrangler.toml.
const RETRY_DELAY_MILLIS: u64 = 60_000;

/// The world.
pub(crate) struct World {
    pub(crate) executor: Rc<Executor>,
    pub(crate) database: RefCell<Database>,
    /// D1's clock, in milliseconds.
    pub(crate) d1_clock: Arc<AtomicU64>,
    pub(crate) kv: RefCell<Kv>,
    pub(crate) oracle: RefCell<Oracle>,
    pub(crate) locks: RefCell<Locks>,
    pub(crate) events: RefCell<Events>,
    pub(crate) coverage: Coverage,
    pub(crate) bug: Option<Bug>,
    pub(crate) settings: Settings,
    /// Whether things fail.
    pub(crate) faults: Cell<bool>,
    /// Whether the actors have stopped.
    pub(crate) is_over: Cell<bool>,
    /// How far the clock of each location is ahead, in milliseconds, plus 5,000.
    skew: RefCell<Vec<u64>>,
    /// The calls of each address or code within the current minute.
    limits: RefCell<HashMap<(u64, String), (u64, u32)>>,
    /// The messages that are not done.
    pub(crate) open_messages: Cell<u64>,
    /// The addresses that the mail service refuses for good.
    pub(crate) suppressed: RefCell<HashSet<String>>,
    /// The next mail takes seconds.
    pub(crate) mailer_is_slow: Cell<bool>,
    /// The addresses that the mail service refuses for now.
    pub(crate) full: RefCell<HashSet<String>>,
    pub(crate) trace: RefCell<Option<Vec<String>>>,
    /// The codes with an attempt in progress.
    pub(crate) in_progress: RefCell<HashMap<String, u32>>,
}

/// How far D1's clock may be ahead, in milliseconds.
pub(crate) const D1_JITTER: u64 = 50;

impl World {
    pub(crate) fn new(seed: u64, bug: Option<Bug>) -> Rc<Self> {
        let executor = Executor::new(seed);
        let d1_clock = Arc::new(AtomicU64::new(executor.now()));
        let mut database = Database::migrated();
        database.use_clock(Arc::clone(&d1_clock));
        if let Some(bug) = bug {
            database.execute(bug.schema);
        }
        if let Some(sql) = bug.and_then(|bug| bug.sql) {
            database.plant(sql);
        }
        let skew = (0..LOCATIONS).map(|_| executor.pick(3_000..7_000)).collect();
        let settings = Settings::read(|name| {
            Ok(match name {
                "PUBLIC_URL" => Some("https://reset.example".to_owned()),
                "MAIL_FROM" => Some("no-reply@exchange.example".to_owned()),
                "WEBHOOK_URL" => Some(WEBHOOK_URL.to_owned()),
                "WEBHOOK_SECRET" => Some(WEBHOOK_SECRET.to_owned()),
                _ => None,
            })
        });
        Rc::new(Self {
            executor,
            database: RefCell::new(database),
            d1_clock,
            kv: RefCell::default(),
            oracle: RefCell::default(),
            locks: RefCell::default(),
            events: RefCell::default(),
            coverage: Coverage::default(),
            bug,
            settings: settings.unwrap(),
            faults: Cell::new(true),
            is_over: Cell::new(false),
            skew: RefCell::new(skew),
            limits: RefCell::default(),
            open_messages: Cell::new(0),
            suppressed: RefCell::default(),
            mailer_is_slow: Cell::default(),
            full: RefCell::default(),
            trace: RefCell::default(),
            in_progress: RefCell::default(),
        })
    }

    pub(crate) fn now(&self) -> u64 {
        self.executor.now()
    }

    /// The time at a location.
    pub(crate) fn local_time(&self, location: u64) -> UnixMillis {
        let skew = self.skew.borrow()[usize::try_from(location).unwrap()];
        UnixMillis::try_from(self.now() + skew - 5_000).unwrap()
    }

    /// Sets the clock of a location forward or back.
    pub(crate) fn step_clock(&self, location: u64) {
        let skew = self.executor.pick(2_000..8_000);
        self.skew.borrow_mut()[usize::try_from(location).unwrap()] = skew;
        self.log(|| format!("clock of location {location} is {} ms ahead", i128::from(skew) - 5_000));
    }

    /// Whether a fault occurs, `per_thousand` times out of 1,000.
    pub(crate) fn fault(&self, per_thousand: u64) -> bool {
        self.faults.get() && self.executor.chance(per_thousand)
    }

    pub(crate) fn has_bug(&self, name: &str) -> bool {
        self.bug.is_some_and(|bug| bug.name == name)
    }

    /// Adds a line to the trace, if there is one.
    pub(crate) fn log(&self, line: impl FnOnce() -> String) {
        if let Some(trace) = self.trace.borrow_mut().as_mut() {
            trace.push(format!("{:>12} {}", self.now() % 10_000_000_000, line()));
        }
    }

    /// Counts a call, and returns whether it is within the limit. Each location counts separately and
    /// approximately.
    pub(crate) fn is_within_limit(&self, location: u64, key: &str, limit: u32) -> bool {
        let minute = self.now() / 60_000;
        let mut limits = self.limits.borrow_mut();
        let (counted, count) = limits.entry((location, key.to_owned())).or_insert((minute, 0));
        if *counted != minute {
            (*counted, *count) = (minute, 0);
        }
        *count += 1;
        *count <= limit || self.executor.chance(50)
    }

    /// Puts a message into the queue.
    pub(crate) fn enqueue(self: &Rc<Self>, message: Message) {
        self.open_messages.set(self.open_messages.get() + 1);
        let world = Rc::clone(self);
        let enqueued_at = self.now();
        self.executor.spawn(async move { world.consume(message, enqueued_at).await });
    }

    /// Delivers a message until it is done.
    async fn consume(self: Rc<Self>, message: Message, mut enqueued_at: u64) {
        let executor = Rc::clone(&self.executor);
        let days_late = self.fault(4);
        executor
            .sleep(if days_late { executor.pick(1..100) * 3_600_000 } else { executor.pick(0..5_000) })
            .await;
        if days_late {
            self.coverage.sometimes("a message was replayed days later");
        }
        for try_number in 1.. {
            if try_number % MAX_TRIES == 0 {
                self.coverage.sometimes("a message went to the dead-letter queue");
                self.log(|| format!("dead letter: {message:?}"));
                // The operator replays it.
                executor.sleep(executor.pick(1..72) * 3_600_000).await;
                enqueued_at = self.now();
            }
            let status = Rc::new(Cell::new(None));
            self.start_delivery(&message, enqueued_at, &status);
            if self.fault(60) {
                self.coverage.sometimes("a message was delivered twice at once");
                executor.sleep(executor.pick(0..3_000)).await;
                self.start_delivery(&message, enqueued_at, &Rc::default());
            }
            // A consumer that dies never responds: the queue notices after a while.
            let gives_up = self.now() + 120_000;
            while status.get().is_none() && self.now() < gives_up {
                executor.sleep(500).await;
            }
            let backoff = self.now().saturating_sub(enqueued_at).clamp(5_000, 3_600_000);
            let delay = match status.get() {
                Some(delivery::Status::Done) if self.fault(30) => {
                    self.coverage.sometimes("a message was delivered again after it was done");
                    backoff
                }
                Some(delivery::Status::Done) => {
                    return self.open_messages.set(self.open_messages.get() - 1);
                }
                Some(delivery::Status::Retry) => backoff,
                None => RETRY_DELAY_MILLIS,
            };
            executor.sleep(delay).await;
        }
    }

    fn start_delivery(
        self: &Rc<Self>,
        message: &Message,
        enqueued_at: u64,
        status: &Rc<Cell<Option<delivery::Status>>>,
    ) {
        let (world, message, status) = (Rc::clone(self), message.clone(), Rc::clone(status));
        self.executor.spawn_mortal(async move {
            let isolate = Isolate::new(&world, world.executor.pick(0..LOCATIONS));
            isolate.delivers(&message);
            let enqueued_at = UnixMillis::try_from(enqueued_at).unwrap();
            let delivered = deliver(&message, enqueued_at, &world.settings, &isolate).await;
            world.log(|| format!("delivered {message:?}: {delivered:?}"));
            status.set(Some(delivered));
        });
    }

    /// Moves D1's clock to the present. It never steps back by more than a moment.
    pub(crate) fn tick_d1(&self) {
        let jitter = if self.faults.get() { self.executor.pick(0..D1_JITTER) } else { 0 };
        self.d1_clock.store(self.now() + jitter, Ordering::Relaxed);
    }

    /// Checks a user's state in D1 against what has happened.
    pub(crate) fn observe_user(&self, user_id: &str) {
        let row = self.database.borrow().row(
            "SELECT password_hash, codes_valid_from, sessions_valid_from, withdrawals_held_until
             FROM users WHERE user_id = ?1",
            user_id,
        );
        if let Some(row) = row {
            let (codes, sessions) = (row[1].as_u64().unwrap(), row[2].as_u64().unwrap());
            let mut oracle = self.oracle.borrow_mut();
            oracle.observed(user_id, row[0].as_str(), codes, sessions);
            oracle.observed_hold(user_id, row[3].as_u64().unwrap());
        }
    }
}
