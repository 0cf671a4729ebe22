//! The dead-letter queue.
//!
//! A dead letter is replayed by the Worker itself: it becomes the consumer of the dead-letter queue. What it delivers depends on
//! what is true then: a link that nobody waits for any more is not sent, and a notice is.

use crate::{
    Failure,
    database::{output, wrangler},
};

const DEAD_LETTERS: &str = "reset-password2-mail-dead";
const WORKER: &str = "reset-password2";

pub(crate) fn replay(is_remote: bool) -> Result<String, Failure> {
    change(
        is_remote,
        &["consumer", "add", DEAD_LETTERS, WORKER, "--batch-size", "10", "--message-retries", "100"],
    )?;
    Ok(format!(
        "The Worker delivers what is in {DEAD_LETTERS}. Look at its log. When no more errors appear, end the replay:\n\
         a message that fails again is retried for four days, and then lost."
    ))
}

pub(crate) fn end_replay(is_remote: bool) -> Result<String, Failure> {
    change(is_remote, &["consumer", "remove", DEAD_LETTERS, WORKER])?;
    Ok(format!("What comes into {DEAD_LETTERS} stays there again."))
}

fn change(is_remote: bool, arguments: &[&str]) -> Result<(), Failure> {
    if !is_remote {
        return Err("`wrangler dev` keeps no dead letters: a message that fails for good is in its log. Use --remote.".to_owned());
    }
    output(wrangler().arg("queues").args(arguments)).map(|_| ())
}
