//! Issues a pending code, as an exchange that sends its own reset e-mails does.
//!
//! ```sh
//! cargo run --package exchange --bin issue_code -- <UserId> <UserName> <lifetime in seconds> [<codes_valid_from>]
//! ```
//!
//! `codes_valid_from` is the column of the user in D1. A code that was issued before it is void, and for a minute after every
//! reset and every e-mail of the Worker, it is ahead of a correct clock. To void the code in the Worker's newest e-mail as well,
//! pass `codes_valid_from` + 1.
//!
//! It prints three lines: the code, which only the user may see, and the key and the value of the KV entry that makes the
//! code valid. It writes nothing itself. docs/issuing-codes.md describes the entry and a complete call.

use std::{
    env,
    error::Error,
    io::{self, Write as _},
    time::{SystemTime, UNIX_EPOCH},
};

use reset_password2::{
    pending_code::{PendingCode, PendingCodeRecord},
    unix_millis::UnixMillis,
    user_id::UserId,
};
use uuid::Uuid;

const USAGE: &str = "usage: issue_code <UserId> <UserName> <lifetime in seconds> [<codes_valid_from>]
codes_valid_from is the user's cut-off in D1, in Unix milliseconds. IssuedAt is the later of now and this time.";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (user_id, user_name, lifetime_seconds, codes_valid_from) = match arguments.as_slice() {
        [user_id, user_name, lifetime] => (user_id, user_name, lifetime, "0"),
        [user_id, user_name, lifetime, cut_off] => (user_id, user_name, lifetime, cut_off.as_str()),
        _ => return Err(USAGE.into()),
    };
    let lifetime_seconds: u64 = lifetime_seconds.parse().map_err(|_| USAGE)?;
    let codes_valid_from: u64 = codes_valid_from.parse().map_err(|_| USAGE)?;

    // 122 bits from the operating system's random number generator. Any other source must be cryptographic too.
    let code = Uuid::new_v4();

    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let now = UnixMillis::try_from(u64::try_from(now.as_millis())?)?;
    let issued_at = now.max(UnixMillis::try_from(codes_valid_from)?);
    let record = PendingCodeRecord {
        user_id: UserId::try_from(user_id.clone())?,
        // Optional. The password policy rejects passwords that contain this name.
        user_name: Some(user_name.clone()),
        issued_at,
        expires_at: now.plus(lifetime_seconds.saturating_mul(1000)),
    };

    let mut output = io::stdout();
    writeln!(output, "{code}")?;
    writeln!(output, "{}", PendingCode::from(code).digest().kv_key())?;
    writeln!(output, "{}", serde_json::to_string(&record)?)?;
    Ok(())
}
