//! What a mail must say when it arrives.

use crate::world::World;

/// How long ago the mail may have been rendered, in milliseconds: a mail that arrives late.
const RENDERED_BEFORE: u64 = 120_000;

const PHRASE: &str = "\nYour anti-phishing phrase:\n";

const HOLD: &str = "withdrawals are paused until: ";

/// Checks that a mail shows a phrase that the user had when it was rendered, or none if there was none.
pub(crate) fn check_phrase(world: &World, user_id: &str, text: &str) {
    let shown = text.split_once(PHRASE).and_then(|(_, rest)| rest.split_once('\n')).map(|(shown, _)| shown);
    let is_right = {
        let oracle = world.oracle.borrow();
        let phrases = oracle.phrases.get(user_id).map_or(&[][..], Vec::as_slice);
        let rendered = world.now() - RENDERED_BEFORE;
        let was_replaced = |index: usize| phrases.get(index).is_some_and(|(at, _)| *at < rendered);
        let had = [None].into_iter().chain(phrases.iter().map(|(_, phrase)| phrase.as_deref()));
        had.enumerate().any(|(index, phrase)| !was_replaced(index) && phrase == shown)
    };
    if shown.is_some() {
        world.coverage.sometimes("a mail showed a phrase");
    }
    if !is_right {
        world.oracle.borrow_mut().breaks(format!("a mail to user {user_id} shows the phrase {shown:?}"));
    }
}

/// Checks that a notice states the hold that its attempt has set, as long as it lasts.
pub(crate) fn check_hold(world: &World, attempt: &str, text: &str) {
    let oracle = world.oracle.borrow();
    let Some(held_until) = oracle.commits.get(attempt).map(|commit| commit.held_until) else { return };
    drop(oracle);
    let stated = text.split_once(HOLD).and_then(|(_, rest)| rest.split_once('\n')).map(|(stated, _)| stated);
    let minute = world.database.borrow().row(
        "SELECT strftime('%Y-%m-%d %H:%M UTC', CAST(?1 AS INTEGER) / 1000, 'unixepoch')",
        &held_until.to_string(),
    );
    let expected = minute.as_ref().and_then(|row| row[0].as_str());
    let is_over = held_until + RENDERED_BEFORE < world.now();
    if is_over {
        world.coverage.sometimes("a notice arrived after its hold was over");
    }
    if if is_over { stated.is_some() } else { held_until > world.now() && stated != expected } {
        let message =
            format!("the notice for attempt {attempt} states the hold {stated:?}, not {expected:?}");
        world.oracle.borrow_mut().breaks(message);
    }
}
