//! What happened to a user, in plain words.

use serde::Deserialize;

use crate::{
    Failure,
    database::{Database, literal},
    printable::printable,
    user::User,
};

/// The most attempts, and the most e-mails, that are shown. Whoever causes many e-mails can't hide an attempt behind them.
const LIMIT: u32 = 50;

/// Something that happened.
#[derive(Deserialize)]
struct Event {
    at: String,
    what: String,
    id: String,
    /// Whether there are more than are shown.
    is_cut: u8,
}

/// Shows a user.
pub(crate) fn show(database: &Database, user: &User) -> Result<String, Failure> {
    let or = |text: &Option<String>, otherwise: &str| printable(text.as_deref().unwrap_or(otherwise));
    let User { permissions, locked_at, held_until, changed_at, .. } = user;
    let mut lines = vec![
        format!(
            "User {}: {}, {}",
            printable(&user.id),
            or(&user.name, "no user name"),
            or(&user.email, "no e-mail address")
        ),
        format!("  Permissions: {}", or(permissions, "none")),
        match locked_at {
            Some(at) => format!("  The account has been locked since {at}."),
            None => "  The account is not locked.".to_owned(),
        },
        format!("  Resets by e-mail are {}.", if user.resets_allowed == 0 { "disabled" } else { "allowed" }),
        match held_until {
            Some(until) if user.is_held == 1 => format!("  Withdrawals are held until {until}."),
            Some(until) => format!("  Withdrawals were held until {until}."),
            None => "  Withdrawals are not held.".to_owned(),
        },
        match changed_at {
            Some(at) => format!("  The password was last reset on {at}."),
            None => "  The password was never reset.".to_owned(),
        },
        String::new(),
    ];
    let events = events(database, &format!("user_id = {}", literal(&user.id)?), "1")?;
    lines.push(if events.is_empty() {
        "No e-mail, no reset and no lock by the owner is on record.".to_owned()
    } else {
        "Newest first:".to_owned()
    });
    lines.extend(events);
    Ok(lines.join("\n"))
}

/// Shows what happened under an id: that of a request (`X-Request-Id`), of an attempt, or of an e-mail.
pub(crate) fn find(database: &Database, id: &str) -> Result<String, Failure> {
    let id = literal(&id.trim().to_ascii_lowercase())?;
    let in_audit_log = format!("{id} IN (attempt_id, request_id)");
    let of_attempt = format!("(SELECT attempt_id FROM audit_log WHERE {in_audit_log})");
    let events = events(
        database,
        &in_audit_log,
        &format!("{id} = substr(mail_id, 1, 36) OR substr(mail_id, 1, 36) IN {of_attempt}"),
    )?;
    if events.is_empty() {
        return Err(format!(
            "Nothing is stored under {id}. What changes nothing is only in the log, and old rows are removed."
        ));
    }
    Ok(events.join("\n"))
}

/// Returns the lines of a history: the attempts that fulfill one condition, and the e-mails that fulfill another one.
fn events(database: &Database, attempts: &str, mails: &str) -> Result<Vec<String>, Failure> {
    let user = if mails == "1" { attempts } else { mails };
    let sql = format!(
        "WITH happened (at, what, id) AS (
           SELECT at,
                  CASE outcome
                    WHEN 'redeemed' THEN 'The password was changed with a link'
                    WHEN 'locked' THEN 'The account was locked with the button in an e-mail'
                    ELSE 'An attempt to change the password failed, and changed nothing'
                  END || ', from ' || address || '.',
                  attempt_id
           FROM (SELECT * FROM audit_log WHERE {attempts} ORDER BY at DESC LIMIT {LIMIT})
           UNION ALL
           SELECT coalesce(sent_at, refused_at, reserved_at),
                  CASE kind WHEN 'reset' THEN 'A link' WHEN 'changed' THEN 'The notice of the new password'
                            ELSE 'The notice of the lock' END
                  || CASE
                       WHEN sent_at IS NOT NULL THEN ' was sent to ' || address || '.'
                       WHEN refused_at IS NOT NULL THEN ' was refused for good by the mail service, for ' || address || '.'
                       WHEN lease_until > now THEN ' is being sent to ' || address || '.'
                       WHEN kind = 'reset'
                            AND (expires_at <= now
                                 OR issued_at < (SELECT codes_valid_from FROM users WHERE users.user_id = mails.user_id))
                         THEN ' was not sent to ' || address || ' before it became void.'
                       ELSE ' has not been sent to ' || coalesce(recipient, 'anybody')
                            || ' yet. Its message waits in the queue or in the dead-letter queue.'
                     END
                  || CASE
                       WHEN kind <> 'reset' OR sent_at IS NULL THEN ''
                       WHEN EXISTS (SELECT 1 FROM redeemed_codes WHERE redeemed_codes.code_digest = mails.code_digest)
                         THEN ' It was used.'
                       -- The clean-up has forgotten which codes were used.
                       WHEN expires_at <= now - 86400000 THEN ' It was used, or has expired.'
                       WHEN expires_at <= now THEN ' It has expired.'
                       WHEN issued_at < (SELECT codes_valid_from FROM users WHERE users.user_id = mails.user_id)
                         THEN ' It is void: a newer link, a reset, a lock or a new address followed.'
                       WHEN NOT EXISTS
                              (SELECT 1 FROM users JOIN user_permissions USING (user_id)
                               WHERE users.user_id = mails.user_id AND locked_at IS NULL AND resets_allowed = 1
                                 AND permission IN ('Operator', 'Trading'))
                         THEN ' It does not work, because the user cannot reset the password by e-mail.'
                       ELSE coalesce(' It works until ' || strftime('%Y-%m-%d %H:%M UTC', expires_at / 1000, 'unixepoch') || '.', '')
                     END,
                  substr(mail_id, 1, 36)
           -- Version 0.1.0 recorded neither the address nor the lifetime of the link.
           FROM (SELECT *, coalesce(recipient, 'an address that was not recorded') AS address
                 FROM mails WHERE {user} ORDER BY reserved_at DESC LIMIT {LIMIT}) AS mails, clock)
         SELECT strftime('%Y-%m-%d %H:%M UTC', at / 1000, 'unixepoch') AS at, what, id,
                (SELECT count(*) FROM audit_log WHERE {attempts}) > {LIMIT}
                OR (SELECT count(*) FROM mails WHERE {user}) > {LIMIT} AS is_cut
         FROM happened ORDER BY happened.at DESC"
    );
    let events: Vec<Event> = database.run(&sql)?;
    let is_cut = events.iter().any(|event| event.is_cut == 1);
    let line = |Event { at, what, id, .. }| format!("  {at}  {} ({})", printable(&what), printable(&id));
    let mut lines: Vec<_> = events.into_iter().map(line).collect();
    if is_cut {
        lines.push(format!("Only the newest {LIMIT} e-mails and {LIMIT} attempts are shown."));
    }
    Ok(lines)
}
