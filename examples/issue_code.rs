//! How an exchange issues a code of its own: it makes a GUID, writes what the Worker needs to know of it into KV, and
//! sends the GUID to the user.
//!
//! ```sh
//! cargo run --example issue_code -- <UserId> <UserName> <seconds>
//! ```

use std::{
    env,
    error::Error,
    io::{self, Write as _},
    time::{SystemTime, UNIX_EPOCH},
};

use reset_password2::pending_code::PendingCode;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [user_id, user_name, seconds] = arguments.as_slice() else {
        return Err("give a UserId, a UserName, and for how many seconds the code is good".into());
    };
    let lifetime = seconds.parse::<u64>()? * 1000;

    let mut random = [0; 16];
    getrandom::fill(&mut random)?;
    let guid = uuid::Builder::from_random_bytes(random).into_uuid();

    let issued_at = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?;
    let record = serde_json::json!({
        "UserId": user_id,
        "UserName": user_name,
        "IssuedAt": issued_at,
        "ExpiresAt": issued_at + lifetime,
    });

    let mut output = io::stdout();
    writeln!(output, "{guid}")?; // to the user
    writeln!(output, "{}", PendingCode::from(guid).digest().kv_key())?; // to KV, as the key
    writeln!(output, "{record}")?; // to KV, as the value
    Ok(())
}
