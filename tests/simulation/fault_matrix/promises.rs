//! What docs/contract.md promises about every row.

use super::{
    faults::{Fault, Step},
    scenario::{Action, Observed},
};

/// Checks the promises after these faults.
pub(super) fn check(action: Action, faults: &[(Step, Fault)], observed: &Observed) {
    let outcome = observed.answer.as_ref().map(|answer| answer.outcome.as_str());
    let row = format!("{action:?} {faults:?}: {observed:#?}");
    let is_refused = faults.iter().any(|(_, fault)| *fault == Fault::RefusedForGood);

    // A code is used up if and only if the password is changed, and then the user is notified.
    assert_eq!(observed.is_changed, observed.redeemed == 1, "{row}");
    assert_eq!(observed.is_changed && !is_refused, observed.notices > 0, "{row}");
    assert!(observed.notices <= 2, "{row}");
    // So is the exchange, perhaps more than once.
    assert_eq!(observed.is_changed, observed.events > 0, "{row}");
    // The answer is true, if there is one and it knows.
    match (action, outcome) {
        (Action::ResetPassword2 | Action::ResetPassword, Some("unclear") | None) => {}
        (Action::ResetPassword2, Some("done")) => assert!(observed.is_changed, "{row}"),
        (Action::ResetPassword2, Some(_)) | (Action::WeakPassword, _) => {
            assert!(!observed.is_changed, "{row}");
        }
        (Action::ResetPassword, Some("done")) => assert_eq!(observed.links > 0, !is_refused, "{row}"),
        (Action::ResetPassword, Some(_)) => assert_eq!(observed.links, 0, "{row}"),
    }
    if action == Action::ResetPassword {
        // A newer mail voids the older link, and nothing else does.
        assert!(!observed.is_changed, "{row}");
        assert!(observed.newest_link_works, "{row}");
        assert_eq!(observed.old_link_works, observed.links == 0, "{row}");
    } else {
        assert_eq!(observed.old_link_works, !observed.is_changed, "{row}");
        assert_eq!(observed.links, 0, "{row}");
    }
}
