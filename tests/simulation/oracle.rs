//! Knows what has really happened, and checks the promises (docs/contract.md, sections 3 and 6).

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::support_staff::Restriction;

/// A reset that was committed.
pub(crate) struct Commit {
    pub(crate) user_id: String,
    pub(crate) email: Option<String>,
    pub(crate) hash: String,
    pub(crate) notices: u32,
    /// Whether the mail service refused the notice for good.
    pub(crate) is_refused: bool,
    pub(crate) at: u64,
    /// Until when withdrawals were held after the commit.
    pub(crate) held_until: u64,
}

impl Commit {
    /// Whether the user should have got a notice by now, but hasn't.
    pub(crate) fn lacks_notice(&self, now: u64) -> bool {
        self.notices == 0 && self.email.is_some() && !self.is_refused && now > self.at + 15 * 60_000
    }
}

/// A mail in a mailbox.
#[derive(Clone)]
pub(crate) struct Arrived {
    pub(crate) at: u64,
    pub(crate) user_id: String,
    pub(crate) code: String,
}

/// What has happened.
#[derive(Default)]
pub(crate) struct Oracle {
    /// By attempt.
    pub(crate) commits: BTreeMap<String, Commit>,
    /// The attempt that redeemed each code.
    redeemed: HashMap<String, String>,
    /// The attempts that were reported to have changed nothing.
    denied: HashSet<String>,
    /// The attempts whose response said that it is unknown whether they committed.
    pub(crate) unclear: HashSet<String>,
    /// The last hash of each user that D1 granted.
    last_hash: HashMap<String, String>,
    /// The cut-offs of each user.
    cut_offs: HashMap<String, (u64, u64)>,
    /// The reset mails of each user, in the order in which they arrived.
    pub(crate) mailbox: HashMap<String, Vec<Arrived>>,
    /// When each user's password was last changed.
    pub(crate) changed_at: HashMap<String, u64>,
    /// When it was changed before that.
    changed_before: HashMap<String, u64>,
    /// When the exchange last voided each user's codes.
    pub(crate) voided_at: HashMap<String, u64>,
    /// When the exchange last changed each user's address.
    pub(crate) address_changed_at: HashMap<String, u64>,
    /// The users who may not reset the password now, and why.
    restrictions: HashSet<(String, Restriction)>,
    /// Until when the withdrawals of each user must be held at least.
    held_until: HashMap<String, u64>,
    /// The phrases of each user, with the time at which each was set.
    pub(crate) phrases: HashMap<String, Vec<(u64, Option<String>)>>,
    /// The promises that were broken.
    pub(crate) broken: Vec<String>,
}

impl Oracle {
    pub(crate) fn breaks(&mut self, promise: String) {
        self.broken.push(promise);
    }

    /// A user was locked or opted out, or this has ended.
    pub(crate) fn restricted(&mut self, user_id: &str, restriction: Restriction, begins: bool) {
        let entry = (user_id.to_owned(), restriction);
        if begins {
            self.restrictions.insert(entry)
        } else {
            self.restrictions.remove(&entry)
        };
    }

    /// Whether a user is locked or has opted out.
    pub(crate) fn is_restricted(&self, user_id: &str) -> bool {
        self.restrictions.iter().any(|(restricted, _)| restricted == user_id)
    }

    /// An attempt has changed a password in D1, which had to hold withdrawals for `hold` milliseconds.
    pub(crate) fn committed(&mut self, attempt: &str, code: &str, hold: u64, commit: Commit) {
        let now = commit.at;
        if self.is_restricted(&commit.user_id) {
            self.breaks(format!(
                "attempt {attempt} committed although user {} may not reset",
                commit.user_id
            ));
        }
        let held_until = self.held_until.entry(commit.user_id.clone()).or_default();
        *held_until = (*held_until).max(now + hold);
        if self.denied.contains(attempt) {
            self.breaks(format!("attempt {attempt} committed after a response that nothing was changed"));
        }
        if let Some(earlier) = self.redeemed.insert(code.to_owned(), attempt.to_owned()) {
            self.breaks(format!("code {code} was redeemed by {earlier} and by {attempt}"));
        }
        self.last_hash.insert(commit.user_id.clone(), commit.hash.clone());
        if let Some(earlier) = self.changed_at.insert(commit.user_id.clone(), now) {
            self.changed_before.insert(commit.user_id.clone(), earlier);
        }
        if self.commits.insert(attempt.to_owned(), commit).is_some() {
            self.breaks(format!("attempt {attempt} committed twice"));
        }
    }

    /// A client got its response.
    pub(crate) fn responded(&mut self, attempts: &[String], outcome: &str) {
        for attempt in attempts {
            let committed = self.commits.contains_key(attempt);
            match outcome {
                "done" if !committed => {
                    self.breaks(format!("attempt {attempt} was reported as done, but did not commit"));
                }
                "done" => {}
                "unclear" => {
                    self.unclear.insert(attempt.clone());
                }
                _ => {
                    if committed {
                        self.breaks(format!("attempt {attempt} was reported as {outcome}, but committed"));
                    }
                    self.denied.insert(attempt.clone());
                }
            }
        }
        if outcome == "done" && attempts.is_empty() {
            self.breaks("a call was reported as done without an attempt".to_owned());
        }
    }

    /// A notice is being sent.
    pub(crate) fn noticed(&mut self, attempt: &str, to: &str) {
        let Some(commit) = self.commits.get_mut(attempt) else {
            return self.breaks(format!("a notice for attempt {attempt}, which did not commit"));
        };
        commit.notices += 1;
        if commit.email.as_deref() != Some(to) {
            let message = format!("the notice for attempt {attempt} went to {to}, not to {:?}", commit.email);
            self.breaks(message);
        }
    }

    /// The mail service refused a notice for good.
    pub(crate) fn refused(&mut self, attempt: &str) {
        if let Some(commit) = self.commits.get_mut(attempt) {
            commit.is_refused = true;
        }
    }

    /// Until when a user's withdrawals are held in D1.
    pub(crate) fn observed_hold(&mut self, user_id: &str, held_until: u64) {
        let at_least = self.held_until.insert(user_id.to_owned(), held_until).unwrap_or_default();
        if held_until < at_least {
            self.breaks(format!(
                "withdrawals of {user_id} are held until {held_until}, which is earlier than {at_least}"
            ));
        }
    }

    /// The state of a user in D1: the hash and the cut-offs.
    pub(crate) fn observed(&mut self, user_id: &str, hash: Option<&str>, codes: u64, sessions: u64) {
        if self.last_hash.get(user_id).map(String::as_str) != hash {
            self.breaks(format!(
                "the stored hash of {user_id} is not that of the last attempt that D1 granted"
            ));
        }
        if sessions + 1_000 < self.changed_at.get(user_id).copied().unwrap_or_default() {
            self.breaks(format!("sessions of {user_id} from before a reset are valid"));
        }
        let earlier = self.cut_offs.insert(user_id.to_owned(), (codes, sessions));
        if earlier.is_some_and(|(earlier_codes, earlier_sessions)| {
            codes < earlier_codes || sessions < earlier_sessions
        }) {
            self.breaks(format!("a cut-off of {user_id} moved back"));
        }
    }

    /// Returns when a user's password was changed before the last time.
    pub(crate) fn second_last_change(&self, user_id: &str) -> Option<u64> {
        self.changed_before.get(user_id).copied()
    }
}
