//! docs/fault-matrix.md: each external step × each fault → what the client is told, what is stored, whether the link still
//! works, and who is notified. The table is what these scenarios show, and each row is checked against the promises.

mod delivery;
mod faults;
mod ports;
mod promises;
mod scenario;
mod table;

use std::{env, fs, path::Path};

use faults::{
    Fault::{Late, Refused, RefusedForGood, RequestLost, ResponseLost, TooLate},
    Step,
};
use promises::check;
use scenario::{Action, run};
use table::Table;

/// The file.
const FILE: &str = "docs/fault-matrix.md";

/// The tables: their title, what the user does, and the steps.
const TABLES: [(&str, Action, &[Step]); 6] = [
    (
        "ResetPassword2",
        Action::ResetPassword2,
        &[
            Step::CallLimit,
            Step::Find,
            Step::CodeLimit,
            Step::BreachCheck,
            Step::SendNotice,
            Step::Redeem,
            Step::RedeemAgain,
            Step::RemoveRedeemed,
        ],
    ),
    ("ResetPassword2 with a password that the policy rejects", Action::WeakPassword, &[Step::Check]),
    (
        "Delivery of the notice",
        Action::ResetPassword2,
        &[
            Step::DeliverNotice,
            Step::LeaseNotice,
            Step::StoreLockCode,
            Step::MailNotice,
            Step::ReleaseNotice,
            Step::RefuseNotice,
            Step::MarkNotice,
        ],
    ),
    (
        "Delivery of the event",
        Action::ResetPassword2,
        &[Step::DeliverEvent, Step::FindEvent, Step::PostEvent, Step::RecordEvent],
    ),
    ("ResetPassword", Action::ResetPassword, &[Step::CallLimit, Step::SendRequest]),
    (
        "Delivery of the e-mail with the link",
        Action::ResetPassword,
        &[
            Step::DeliverRequest,
            Step::IndexNames,
            Step::LeaseMail,
            Step::StoreCode,
            Step::MailLink,
            Step::ReleaseMail,
            Step::RefuseMail,
            Step::MarkMail,
            Step::RemoveSuperseded,
        ],
    ),
];

/// The steps that are reached only after other faults, and those.
fn leading(step: Step) -> &'static [(Step, faults::Fault)] {
    match step {
        Step::ReleaseNotice => &[(Step::MailNotice, Refused)],
        Step::RefuseNotice => &[(Step::MailNotice, RefusedForGood)],
        Step::ReleaseMail => &[(Step::MailLink, Refused)],
        Step::RefuseMail => &[(Step::MailLink, RefusedForGood)],
        _ => &[],
    }
}

#[test]
fn each_fault_of_each_step_ends_as_the_fault_matrix_says() {
    let mut document = String::from(table::INTRODUCTION);
    for (title, action, steps) in TABLES {
        let mut table = Table::new(title, action);
        let undisturbed = run(action, &[]);
        check(action, &[], &undisturbed);
        table.add("none", "none", &undisturbed);
        for &step in steps {
            if step == Step::RedeemAgain {
                // The first try may still commit, or has committed, or never will.
                for first in [RequestLost, ResponseLost, Late, TooLate] {
                    for &fault in step.faults() {
                        let faults = [(Step::Redeem, first), (step, fault)];
                        let observed = run(action, &faults);
                        check(action, &faults, &observed);
                        table.add(&format!("D1: redeem {}; again", first.text()), fault.text(), &observed);
                    }
                }
                continue;
            }
            for &fault in step.faults() {
                let mut faults = leading(step).to_vec();
                faults.push((step, fault));
                let observed = run(action, &faults);
                check(action, &faults, &observed);
                table.add(step.text(), fault.text(), &observed);
            }
        }
        // Every step that the call reaches has rows in some table.
        for step in &undisturbed.reached {
            assert!(TABLES.iter().any(|(.., steps)| steps.contains(step)), "{step:?}");
        }
        document.push_str(&table.render());
    }

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if env::var_os("WRITE_FAULT_MATRIX").is_some() {
        fs::write(&path, &document).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let differs = committed.lines().zip(document.lines()).find(|(committed, current)| committed != current);
    assert!(committed == document, "{FILE} differs: run `make fault-matrix`. {differs:#?}");
}
