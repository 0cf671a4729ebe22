//! Runs futures in virtual time, one step at a time, deterministically from a seed.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

/// 2026-01-01T00:00:00Z.
const START: u64 = 1_767_225_600_000;

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// A task, and when to poll it next.
struct Scheduled {
    id: u64,
    wake_at: u64,
    /// Whether the task belongs to an isolate, which may be evicted.
    is_mortal: bool,
    task: Task,
}

/// The executor, which also owns time and randomness.
pub(crate) struct Executor {
    now: Cell<u64>,
    steps: Cell<u64>,
    next_id: Cell<u64>,
    /// When the task that is being polled wants to be polled again.
    wake_at: Cell<Option<u64>>,
    tasks: RefCell<Vec<Scheduled>>,
    random: RefCell<fastrand::Rng>,
    /// How many of a million polls evict the isolate instead.
    evictions_per_million: Cell<u32>,
    evicted: Cell<u64>,
}

impl Executor {
    pub(crate) fn new(seed: u64) -> Rc<Self> {
        Rc::new(Self {
            now: Cell::new(START),
            steps: Cell::new(0),
            next_id: Cell::new(0),
            wake_at: Cell::new(None),
            tasks: RefCell::default(),
            random: RefCell::new(fastrand::Rng::with_seed(seed)),
            evictions_per_million: Cell::new(0),
            evicted: Cell::new(0),
        })
    }

    pub(crate) fn now(&self) -> u64 {
        self.now.get()
    }

    pub(crate) fn steps(&self) -> u64 {
        self.steps.get()
    }

    pub(crate) fn evicted(&self) -> u64 {
        self.evicted.get()
    }

    pub(crate) fn set_evictions_per_million(&self, evictions: u32) {
        self.evictions_per_million.set(evictions);
    }

    /// Returns a number from `range`.
    pub(crate) fn pick(&self, range: std::ops::Range<u64>) -> u64 {
        self.random.borrow_mut().u64(range)
    }

    /// Returns true `per_thousand` times out of 1,000.
    pub(crate) fn chance(&self, per_thousand: u64) -> bool {
        self.pick(0..1000) < per_thousand
    }

    /// Fills bytes at random.
    pub(crate) fn fill(&self, bytes: &mut [u8]) {
        self.random.borrow_mut().fill(bytes);
    }

    /// Waits in virtual time.
    pub(crate) async fn sleep(&self, millis: u64) {
        let until = self.now() + millis;
        poll_fn(|_| {
            if self.now() >= until {
                Poll::Ready(())
            } else {
                self.wake_at.set(Some(until));
                Poll::Pending
            }
        })
        .await;
    }

    /// Starts a task of the outside world.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        self.start(task, false);
    }

    /// Starts a task in an isolate, which may be evicted.
    pub(crate) fn spawn_mortal(&self, task: impl Future<Output = ()> + 'static) {
        self.start(task, true);
    }

    fn start(&self, task: impl Future<Output = ()> + 'static, is_mortal: bool) {
        let id = self.next_id.replace(self.next_id.get() + 1);
        let task = Scheduled { id, wake_at: self.now(), is_mortal, task: Box::pin(task) };
        self.tasks.borrow_mut().push(task);
    }

    /// Runs until `until`, or until nothing is left to do. Calls `after_step` after each step.
    pub(crate) fn run_until(&self, until: u64, after_step: &mut dyn FnMut()) {
        while self.step(until) {
            after_step();
        }
        self.now.set(self.now().max(until));
    }

    fn step(&self, until: u64) -> bool {
        let next = {
            let mut tasks = self.tasks.borrow_mut();
            let earliest = tasks.iter().map(|task| task.wake_at).min();
            let Some(earliest) = earliest.filter(|earliest| *earliest <= until) else { return false };
            // Of the tasks that are due at the same time, any may come first.
            let due: Vec<usize> =
                (0..tasks.len()).filter(|index| tasks[*index].wake_at == earliest).collect();
            let chosen = due[usize::try_from(self.pick(0..due.len() as u64)).unwrap()];
            tasks.swap_remove(chosen)
        };
        self.now.set(self.now().max(next.wake_at));
        self.steps.set(self.steps() + 1);
        let evictions = u64::from(self.evictions_per_million.get());
        if next.is_mortal && evictions > 0 && self.pick(0..1_000_000) < evictions {
            self.evicted.set(self.evicted() + 1);
            return true;
        }
        self.poll(next);
        true
    }

    fn poll(&self, mut scheduled: Scheduled) {
        self.wake_at.set(None);
        let polled = scheduled.task.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        if polled.is_pending() {
            scheduled.wake_at = self.wake_at.take().expect("a task that waits must sleep");
            let mut tasks = self.tasks.borrow_mut();
            // Sorted by id, so that the order doesn't depend on what else was removed.
            let index = tasks.partition_point(|task| task.id < scheduled.id);
            tasks.insert(index, scheduled);
        }
    }
}
