//! What the exchange's support needs, on the command line: docs/support-desk.md.
//!
//! The program runs `wrangler d1 execute`, with the rights of whoever runs it. It knows no password, no code and no hash, and can
//! set none: it can send a link, but never see it.

mod database;
mod history;
mod link;
mod printable;
mod queue;
mod user;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

use database::Database;
use user::User;

/// Looks after users who reset their passwords.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

/// Which database to use.
#[derive(Args)]
struct Place {
    /// The database of `wrangler dev` on this machine
    #[arg(long, global = true)]
    local: bool,
    /// The exchange's database
    #[arg(long, global = true, conflicts_with = "local")]
    remote: bool,
    /// Where the Worker is; otherwise, that of `make dev`, or the `PUBLIC_URL` in wrangler.toml
    #[arg(long, global = true)]
    url: Option<String>,
    /// Where `wrangler dev` keeps its state; otherwise, its default
    #[arg(long, global = true)]
    persist_to: Option<PathBuf>,
}

/// A user is given by user name, e-mail address, or `id:` and the user id.
#[derive(Subcommand)]
enum Command {
    /// Show a user, and what happened to the account
    Show { user: String },
    /// Show what an attempt or a request did, by the id in the log or in a history
    Find { id: String },
    /// Send a user a link to choose a new password, and void the links in earlier e-mails
    SendLink { user: String },
    /// Lock an account: no login, no session and no reset until it is unlocked
    Lock { user: String },
    /// Unlock an account, remove its password, and void the lock codes in earlier e-mails
    Unlock {
        user: String,
        /// Keep the password: nobody but the owner has ever known it
        #[arg(long)]
        keep_password: bool,
    },
    /// Exclude a user from the reset by e-mail, such as an operator
    DisableResets { user: String },
    /// Allow a user the reset by e-mail again
    EnableResets { user: String },
    /// Deliver the messages in the dead-letter queue again
    ReplayDeadLetters,
    /// End the replay of the dead-letter queue
    EndReplay,
}

/// Why a command failed, and what to do.
type Failure = String;

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(text) => {
            println!("{}", text.trim_end());
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<String, Failure> {
    if !cli.place.local && !cli.place.remote {
        return Err("Say which database: --local or --remote.".to_owned());
    }
    let database = Database::new(cli.place.remote, cli.place.persist_to.clone());
    let find = |user: &str| User::find(&database, user);
    match &cli.command {
        Command::Show { user } => history::show(&database, &find(user)?),
        Command::Find { id } => history::find(&database, id),
        Command::SendLink { user } => link::send(&database, &find(user)?, &cli.place),
        Command::Lock { user } => find(user)?.lock(&database),
        Command::Unlock { user, keep_password } => find(user)?.unlock(&database, *keep_password),
        Command::DisableResets { user } => find(user)?.allow_resets(&database, false),
        Command::EnableResets { user } => find(user)?.allow_resets(&database, true),
        Command::ReplayDeadLetters => queue::replay(cli.place.remote),
        Command::EndReplay => queue::end_replay(cli.place.remote),
    }
}
