//! The database of an exchange after a year in which each user has reset the password once.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use rusqlite::Connection;
use test_support::{account::Account, clock::now, worker::Worker};

const YEAR: u64 = 365 * DAY;
const DAY: u64 = 24 * HOUR;
const HOUR: u64 = 3_600_000;

/// The user at this place, in the order in which they last reset their passwords. The ids have no order, so that an index
/// grows everywhere, and not only at its end.
pub(crate) fn user(place: u64) -> Account {
    let user_id = (place * 2_654_435_761 % (1 << 32)).to_string();
    Account { user_id, ..Account::new() }
}

/// Fills D1 by writing to its file. D1 must not have opened it yet.
pub(crate) fn fill(worker: &Worker, users: u64) {
    let file = file(&worker.state_folder());
    let database = Connection::open(&file).unwrap();
    // Nobody else reads the file, and if this fails, it is worthless.
    database
        .execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -2000000; BEGIN",
        )
        .unwrap();
    for statement in statements(users) {
        database.execute_batch(&statement).unwrap();
    }
    database.execute_batch("COMMIT; PRAGMA journal_mode = WAL").unwrap();
    // Otherwise the kernel is still writing while D1 is measured.
    File::open(file).unwrap().sync_all().unwrap();
}

/// The file of the local D1 that has the tables.
fn file(state: &Path) -> PathBuf {
    let files = fs::read_dir(state.join("v3/d1/miniflare-D1DatabaseObject")).unwrap();
    let mut paths = files.map(|file| file.unwrap().path());
    let is_database = |path: &PathBuf| {
        path.extension().is_some_and(|extension| extension == "sqlite") && !path.ends_with("metadata.sqlite")
    };
    paths.find(is_database).unwrap()
}

/// What is kept: a year of audit rows, nine days of mails, and a day of redeemed codes. The oldest would be removed in an hour.
fn statements(users: u64) -> [String; 6] {
    const HEX: &str = "lower(hex(randomblob(16)))";
    // As long as a PHC string of ours.
    const HASH: &str = "'$pbkdf2-sha512$i=220000,l=64$' || substr(hex(randomblob(16)), 1, 22) || '$' || substr(hex(randomblob(64)), 1, 86)";
    let uuid = "substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-4' || substr(h, 14, 3) || '-a' || substr(h, 18, 3) || '-' || substr(h, 21)";
    let now = now();
    let id = "(n * 2654435761 % 4294967296)";
    let reset = |since: u64| {
        let first = users - users * since / YEAR;
        format!(
            "WITH RECURSIVE number(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM number WHERE n + 1 < {users}),
             reset AS (SELECT n, {id} AS id, {now} - {YEAR} + CAST(n * ({YEAR}.0 / {users}) AS INTEGER) AS at, {HEX} AS h
                       FROM number)"
        )
    };
    let (year, nine_days, day) = (reset(YEAR), reset(9 * DAY - HOUR), reset(DAY - HOUR));
    [
        format!(
            "{year} INSERT INTO users (user_id, user_name, email, locale, password_hash, password_changed_at,
                                       codes_valid_from, sessions_valid_from, withdrawals_held_until)
             SELECT id, 'name' || id, id || '@example.com', 'en', {HASH}, at, at + 60001, at, at + {DAY} FROM reset"
        ),
        format!("{year} INSERT INTO user_permissions SELECT id, 'Trading' FROM reset"),
        format!(
            "{year} INSERT INTO audit_log (at, call, outcome, user_id, attempt_id, address, notice_booked, held_until, request_id)
             SELECT at, 'ResetPassword2', 'redeemed', id, {uuid}, '203.0.113.' || (n % 256), 1, at + {DAY}, {HEX} FROM reset"
        ),
        format!(
            "{nine_days} INSERT INTO mails (mail_id, kind, user_id, reserved_at, sent_at, recipient, code_digest, issued_at,
                                            expires_at)
             SELECT {uuid}, 'reset', id, at - 60000, at - 59000, id || '@example.com', {HEX} || {HEX}, at, at + 1740000
             FROM reset"
        ),
        format!(
            "{nine_days} INSERT INTO mails (mail_id, kind, user_id, reserved_at, sent_at, recipient, held_until)
             SELECT {uuid}, 'changed', id, at, at + 1000, id || '@example.com', at + {DAY} FROM reset"
        ),
        format!(
            "{day} INSERT INTO redeemed_codes SELECT {HEX} || {HEX}, id, {uuid}, at, at + 1740000 FROM reset"
        ),
    ]
}
