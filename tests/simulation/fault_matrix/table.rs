//! The tables of docs/fault-matrix.md.

use std::{collections::BTreeMap, fmt::Write as _};

use super::scenario::{Action, Observed};

/// What precedes the tables.
pub(super) const INTRODUCTION: &str = "# Fault matrix

What happens if a request to another service fails. `make fault-matrix` writes this file: it runs the gateway, the calls, the
consumer of the queue and the SQL in the simulated world of [tests/simulation](../tests/simulation/fault_matrix.rs), one
scenario per row, and notes what came of it ten minutes later. `cargo test` fails if a row changes, or breaks a promise:

- If the response says that the password was changed, it was. If it says that it was not changed, it never will be, and the
  link still works.
- A code is used up if and only if the password is changed.
- If the password is changed, a notice goes to the address on file, unless the mail service refuses it for good. Otherwise
  nobody gets one.
- If the password is changed, the exchange gets the event, perhaps more than once. Otherwise it doesn't.
- The newest link in the mailbox works until it is used, and only a newer e-mail voids it.

In each scenario, the user has a link from an e-mail, and exactly one fault happens, unless the step names another that comes
before it. After the ten minutes, the link is used, to see whether it works. *New hash* means the whole transaction: the claim
of the code, the hash, the cut-offs, the notice and the row in the audit log. If the isolate dies, there is no response from
the Worker.

One response can be untrue: as long as KV does not find a new code at the user's location, which takes about a minute at most,
`not_authorized` says that the link is invalid.
";

/// A table.
pub(super) struct Table {
    action: Action,
    text: String,
    /// What each outcome's `detail` says.
    details: BTreeMap<String, String>,
    last_step: String,
}

impl Table {
    pub(super) fn new(title: &str, action: Action) -> Self {
        let mut text = format!("\n## {title}\n\n");
        text.push_str(match action {
            Action::ResetPassword2 | Action::WeakPassword => {
                "| step | fault | response | stored | the link | notified |\n"
            }
            Action::ResetPassword => {
                "| step | fault | response | e-mails | the newest link | the older link |\n"
            }
        });
        text.push_str("| --- | --- | --- | --- | --- | --- |\n");
        Self { action, text, details: BTreeMap::new(), last_step: String::new() }
    }

    pub(super) fn add(&mut self, step: &str, fault: &str, observed: &Observed) {
        let answer = match &observed.answer {
            None => "none".to_owned(),
            Some(answer) => {
                if let Some(detail) = &answer.detail {
                    self.details.insert(answer.outcome.clone(), detail.clone());
                }
                let after = answer.waited / 1000;
                let after = if after >= 5 { format!(", after {after} s") } else { String::new() };
                format!("{} `{}`{after}", answer.error_code, answer.outcome)
            }
        };
        let works = |works: bool| if works { "works" } else { "void" };
        let rest = match self.action {
            Action::ResetPassword2 | Action::WeakPassword => [
                if observed.is_changed { "new hash" } else { "nothing" }.to_owned(),
                if observed.is_changed { "used" } else { works(observed.old_link_works) }.to_owned(),
                match (observed.notices, observed.events) {
                    (0, 0) => "nobody".to_owned(),
                    (0, events) => times("the exchange", events),
                    (notices, 0) => times("the address on file", notices),
                    (notices, events) => {
                        times("the address on file", notices) + " and " + &times("the exchange", events)
                    }
                },
            ],
            Action::ResetPassword => [
                observed.links.to_string(),
                works(observed.newest_link_works).to_owned(),
                if observed.links == 0 { "is the newest" } else { works(observed.old_link_works) }.to_owned(),
            ],
        };
        let step_cell = if step == self.last_step { "" } else { step };
        let row = [step_cell, fault, &answer, &rest[0], &rest[1], &rest[2]].join(" | ");
        writeln!(self.text, "| {} |", row.trim_start()).unwrap();
        step.clone_into(&mut self.last_step);
    }

    pub(super) fn render(self) -> String {
        let mut text = self.text;
        if !self.details.is_empty() {
            text.push_str("\nWhat the responses say:\n\n");
            for (outcome, detail) in self.details {
                writeln!(text, "- `{outcome}`: {detail}").unwrap();
            }
        }
        text
    }
}

fn times(who: &str, number: u32) -> String {
    if number == 1 { who.to_owned() } else { format!("{who} ({number} times)") }
}
