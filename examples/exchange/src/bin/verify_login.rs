//! Verifies a password against a stored hash, as the exchange's login does.
//!
//! ```sh
//! printf '%s\n%s' "$password_hash" "$password" | cargo run --package exchange --bin verify_login
//! ```
//!
//! The first line of standard input is the PHC string from the column `password_hash`; everything after it is the
//! password. Neither is an argument, because every user of a machine can read the arguments of its processes.
//!
//! It prints `match`, `match, needs rehash` or `mismatch`. The exit status is 0 only for a match.

use std::{
    error::Error,
    io::{self, Read as _, Write as _},
    process::ExitCode,
};

use reset_password2::password::{Verification, verify};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut input = String::new();
    io::stdin().read_to_string(&mut input)?;
    let (stored, password) = input.split_once('\n').ok_or("the password is missing")?;

    // An error says nothing about the password: the stored string is not a hash.
    let verification = verify(password, stored).map_err(|error| error.to_string())?;
    let (text, exit_code) = match verification {
        Verification::Match { needs_rehash: false } => ("match", ExitCode::SUCCESS),
        // The hash was made with weaker parameters than today's. Hash the password again while it is known.
        Verification::Match { needs_rehash: true } => ("match, needs rehash", ExitCode::SUCCESS),
        Verification::Mismatch => ("mismatch", ExitCode::FAILURE),
    };
    writeln!(io::stdout(), "{text}")?;
    Ok(exit_code)
}
