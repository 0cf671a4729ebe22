//! A user, and what support can do to the account.

use reset_password2::user_name::user_name_key;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    Failure,
    database::{Database, literal},
    printable::printable,
};

/// A user of the exchange.
#[derive(Deserialize)]
pub(crate) struct User {
    #[serde(rename = "user_id")]
    pub(crate) id: String,
    #[serde(rename = "user_name")]
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) permissions: Option<String>,
    pub(crate) locked_at: Option<String>,
    pub(crate) resets_allowed: u8,
    /// Whether a permission allows resets.
    pub(crate) may_reset: u8,
    /// Whether the Worker sends no link because the cut-off for codes is in the future.
    pub(crate) is_cut_off: u8,
    pub(crate) held_until: Option<String>,
    pub(crate) is_held: u8,
    pub(crate) changed_at: Option<String>,
}

impl User {
    /// Finds a user by name, by address, or by `id:` and the id.
    pub(crate) fn find(database: &Database, user: &str) -> Result<Self, Failure> {
        let condition = match user.strip_prefix("id:") {
            Some(id) => format!("user_id = {}", literal(id)?),
            None => format!(
                "user_name = {0} OR {1} IN (user_name, user_name_key) OR email COLLATE NOCASE IN ({0}, {1})",
                literal(user.trim())?,
                literal(&user_name_key(user))?,
            ),
        };
        let minute = |column| {
            format!(
                "CASE WHEN {column} IS NOT NULL
                   THEN coalesce(strftime('%Y-%m-%d %H:%M UTC', {column} / 1000, 'unixepoch'), 'the end of time')
                 END AS {column}"
            )
        };
        let sql = format!(
            "SELECT user_id, user_name, email, resets_allowed, {}, {}, {},
                    withdrawals_held_until > now AS is_held,
                    codes_valid_from > now + 64000 AS is_cut_off,
                    EXISTS (SELECT 1 FROM user_permissions
                            WHERE user_id = found.user_id AND permission IN ('Operator', 'Trading')) AS may_reset,
                    (SELECT group_concat(permission, ', ') FROM user_permissions WHERE user_id = found.user_id) AS permissions
             FROM (SELECT *, password_changed_at AS changed_at, nullif(withdrawals_held_until, 0) AS held_until
                   FROM users WHERE {condition}) AS found, clock
             ORDER BY user_id",
            minute("locked_at"),
            minute("held_until"),
            minute("changed_at"),
        );
        let mut found: Vec<Self> = database.run(&sql)?;
        match found.len() {
            0 => Err(format!(
                "There is no user {user:?}. Give a user name, an e-mail address, or id: and the user id."
            )),
            1 => Ok(found.remove(0)),
            _ => {
                let users: Vec<_> = found
                    .iter()
                    .map(|user| format!("  id:{}  {}", printable(&user.id), user.title()))
                    .collect();
                Err(format!("Several users match {user:?}. Give one of them by id:\n{}", users.join("\n")))
            }
        }
    }

    /// Returns how to address the user in a sentence.
    pub(crate) fn title(&self) -> String {
        printable(self.name.as_deref().unwrap_or(&self.id))
    }

    /// Locks the account, ends its sessions, and voids its codes, as the Worker does (`src/sql/lock_user.sql`).
    pub(crate) fn lock(&self, database: &Database) -> Result<String, Failure> {
        self.update(
            database,
            "locked_at = min(coalesce(locked_at, clock.now), clock.now),
             sessions_valid_from = max(sessions_valid_from, clock.now),
             codes_valid_from = max(codes_valid_from + 2, clock.now + 61000)",
        )?;
        Ok(format!(
            "The account of {} is locked. Nobody can log in or reset the password, and all sessions have ended.",
            self.title()
        ))
    }

    /// Unlocks the account, and voids the lock codes in earlier e-mails. The password may be a thief's, who could log in until the
    /// owner has used a link, so it is removed, unless `keep_password`.
    pub(crate) fn unlock(&self, database: &Database, keep_password: bool) -> Result<String, Failure> {
        if self.locked_at.is_none() {
            return Err(format!("The account of {} is not locked. Nothing was changed.", self.title()));
        }
        let hash = if keep_password { "password_hash" } else { "NULL" };
        self.update(
            database,
            &format!(
                "locked_at = NULL, password_hash = {hash},
                 sessions_valid_from = max(sessions_valid_from, clock.now),
                 lock_codes_valid_from = max(lock_codes_valid_from, clock.now + 1)"
            ),
        )?;
        let title = self.title();
        let unlocked = format!(
            "The account of {title} is unlocked. The buttons in earlier e-mails cannot lock it again."
        );
        if keep_password {
            return Ok(unlocked);
        }
        let next = match &self.email {
            Some(email) => format!("If {} is still the owner's address, send a link.", printable(email)),
            None => "It has no e-mail address. Set the owner's, and send a link.".to_owned(),
        };
        Ok(format!("{unlocked}\nIts password is removed, because somebody else may know it. {next}"))
    }

    /// Allows resets by e-mail, or not.
    pub(crate) fn allow_resets(&self, database: &Database, are_allowed: bool) -> Result<String, Failure> {
        self.update(database, if are_allowed { "resets_allowed = 1" } else { "resets_allowed = 0" })?;
        let can = if are_allowed { "can" } else { "cannot" };
        Ok(format!("{} {can} reset the password by e-mail.", self.title()))
    }

    /// Changes columns of the user.
    pub(crate) fn update(&self, database: &Database, changes: &str) -> Result<(), Failure> {
        let id = literal(&self.id)?;
        database
            .run::<Value>(&format!("UPDATE users SET {changes} FROM clock WHERE user_id = {id}"))
            .map(|_| ())
    }
}
