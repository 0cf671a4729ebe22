//! Bugs that the simulation must catch: each is one edit to the SQL or to the code.

use crate::database::SqlBug;

/// A planted bug.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bug {
    pub(crate) name: &'static str,
    /// The edit to the SQL. Bugs in the code are in `ports`.
    pub(crate) sql: Option<SqlBug>,
    /// What is done to the schema after the migrations.
    pub(crate) schema: &'static str,
}

const fn sql(name: &'static str, correct: &'static str, wrong: &'static str) -> Bug {
    Bug { name, sql: Some((correct, wrong)), schema: "" }
}

const fn code(name: &'static str) -> Bug {
    Bug { name, sql: None, schema: "" }
}

/// The bugs.
pub(crate) const BUGS: [Bug; 49] = [
    sql(
        "older codes survive a newer mail",
        "SET codes_valid_from = max(users.codes_valid_from, sent.issued_at)",
        "SET locale = locale",
    ),
    sql(
        "the claim ignores the cut-off",
        "  AND users.codes_valid_from <= ?3\n  AND clock.now",
        "  AND clock.now",
    ),
    sql("the claim ignores the deadline", "  AND clock.now < ?5\n", ""),
    sql(
        "the claim ignores an ended attempt",
        "  AND NOT EXISTS (SELECT 1 FROM audit_log WHERE attempt_id = ?4)\nON CONFLICT (code_digest)",
        "ON CONFLICT (code_digest)",
    ),
    sql(
        "the change requires no claim",
        "  AND EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1 AND attempt_id = ?4)\n  AND NOT EXISTS (SELECT 1 FROM audit_log WHERE attempt_id = ?4)\n",
        "",
    ),
    sql(
        "a repeated attempt changes the password again",
        "WHERE users.user_id = ?2\n  AND EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1 AND attempt_id = ?4)\n  AND NOT EXISTS (SELECT 1 FROM audit_log WHERE attempt_id = ?4)\n",
        "WHERE users.user_id = ?2\n  AND EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1 AND attempt_id = ?4)\n",
    ),
    sql(
        "a reset voids no code",
        "codes_valid_from = max(codes_valid_from + 2, clock.now + 60002, ?3 + 1),",
        "",
    ),
    sql(
        "the cut-off for codes is assigned",
        "max(codes_valid_from + 2, clock.now + 60002, ?3 + 1)",
        "?3 + 1",
    ),
    sql("the cut-off ignores fast clocks", "clock.now + 60002, ?3 + 1", "clock.now, ?3 + 1"),
    sql(
        "the cut-off for sessions is not moved",
        "sessions_valid_from = max(sessions_valid_from, clock.now)",
        "sessions_valid_from = 0",
    ),
    sql(
        "the verdict only asks whether the code is used",
        "WHERE attempt_id = ?4 AND outcome = 'redeemed') AS granted",
        "WHERE attempt_id <> '') AS granted",
    ),
    sql(
        "an attempt that was refused is reported as granted",
        " AND outcome = 'redeemed') AS granted",
        ") AS granted",
    ),
    sql(
        "the attempt is not ended",
        "'refused', ?2, ?4, ?6, 1, ?7\nFROM clock\nWHERE",
        "'refused', ?2, ?4, ?6, 1, ?7\nFROM clock\nWHERE 0 AND",
    ),
    sql("no notice is recorded", "WHERE users.user_id = ?2\n  AND users.email IS NOT NULL", "WHERE 0"),
    sql(
        "the notice goes to the address at delivery",
        "SELECT notice.user_id, notice.recipient AS email,",
        "SELECT notice.user_id, users.email AS email,",
    ),
    sql(
        "the notice doesn't wait for its attempt",
        "clock.now < ?2 AND audit_log.attempt_id IS NULL AS can_commit",
        "0 AS can_commit",
    ),
    sql(
        "a notice for an attempt without a commit",
        "AND audit_log.outcome = 'redeemed' AND audit_log.notice_booked = 0",
        "AND audit_log.outcome = 'refused'",
    ),
    sql(
        "a mail is due at most 3 times an hour, whatever becomes of its link",
        "  AND (NOT EXISTS (SELECT 1 FROM mails AS newest",
        "  AND (0 AND NOT EXISTS (SELECT 1 FROM mails AS newest",
    ),
    sql("no limit of mails", "AND count(*) < 10", "OR count(*) >= 0"),
    sql(
        "another mail is not waited for",
        "other.sent_at IS NULL AND other.refused_at IS NULL\n                    AND other.lease_until > clock.now",
        "0",
    ),
    sql(
        "a new code is issued before the cut-off",
        "max(clock.now + 60001, users.codes_valid_from + 1)",
        "clock.now",
    ),
    sql(
        "the link of a new mail is void",
        "SET codes_valid_from = max(users.codes_valid_from, sent.issued_at)",
        "SET codes_valid_from = sent.issued_at + 1",
    ),
    sql(
        "a cut-off moves back when a mail is sent",
        "max(users.codes_valid_from, sent.issued_at)",
        "sent.issued_at - 60001",
    ),
    sql(
        "only the stored spelling of a user name is found",
        "user_name = ?6 OR user_name_key = ?6 OR user_name = ?2",
        "user_name = ?2",
    ),
    sql(
        "a mail whose link is void settles later requests",
        "AND later.issued_at >= users.codes_valid_from AND later",
        "AND later",
    ),
    sql("only one user with an address gets a mail", "\nLIMIT 10", "\nLIMIT 1"),
    sql("a change of address settles no request", "  AND users.codes_valid_from <= ?3 + 65000\n", ""),
    sql(
        "the claim ignores a lock",
        "  AND clock.now < ?5\n  AND users.locked_at IS NULL\n",
        "  AND clock.now < ?5\n",
    ),
    sql(
        "the claim ignores an opt-out",
        "  AND users.resets_allowed = 1\n  AND EXISTS (SELECT 1 FROM user_permissions AS held\n              WHERE held.user_id = users.user_id AND held.permission IN ('Operator', 'Trading'))\n  AND NOT EXISTS",
        "  AND EXISTS (SELECT 1 FROM user_permissions AS held\n              WHERE held.user_id = users.user_id AND held.permission IN ('Operator', 'Trading'))\n  AND NOT EXISTS",
    ),
    sql(
        "a user who is locked gets a mail",
        "-- claim_code.sql would refuse the code.\n  AND users.locked_at IS NULL\n",
        "-- claim_code.sql would refuse the code.\n",
    ),
    sql(
        "a hold is assigned",
        "max(withdrawals_held_until, iif(?7 > 0, clock.now + ?7, 0))",
        "clock.now + ?7",
    ),
    sql(
        "a reset holds no withdrawals",
        "max(withdrawals_held_until, iif(?7 > 0, clock.now + ?7, 0))",
        "withdrawals_held_until",
    ),
    sql("the notice does not state the hold", "iif(?6 > 0, users.withdrawals_held_until, NULL)", "NULL"),
    sql("the notice states a hold that is over", "notice.held_until > clock.now AND ", ""),
    sql(
        "the notice does not have the phrase",
        "users.locale, users.mail_phrase,\n",
        "users.locale, NULL AS mail_phrase,\n",
    ),
    sql("a lock ignores an unlock", "  AND users.lock_codes_valid_from <= ?3\n", ""),
    sql(
        "a lock voids no code",
        "    codes_valid_from = max(codes_valid_from + 2, clock.now + 60002),\n    sessions_valid_from = max(sessions_valid_from, clock.now)\nFROM clock\nWHERE users.user_id = ?2\n  AND users.lock_codes",
        "    sessions_valid_from = max(sessions_valid_from, clock.now)\nFROM clock\nWHERE users.user_id = ?2\n  AND users.lock_codes",
    ),
    sql(
        "a lock ignores its deadline",
        "  AND clock.now < ?4\nON CONFLICT (attempt_id)",
        "ON CONFLICT (attempt_id)",
    ),
    sql("only the address on file is told of a lock", "notice.kind = 'changed' AND", "0 AND"),
    sql(
        "the event doesn't wait for its attempt",
        "audit_log.attempt_id IS NULL AND clock.now < ?2 AS can_commit",
        "0 AS can_commit",
    ),
    sql(
        "the event does not state the hold",
        "(SELECT withdrawals_held_until FROM users WHERE user_id = ?2 AND ?7 > 0)",
        "NULL",
    ),
    Bug { name: "an unlock voids no lock code", sql: None, schema: "DROP TRIGGER user_unlocked" },
    Bug { name: "a change of address voids no code", sql: None, schema: "DROP TRIGGER user_address_changed" },
    code("older codes are voided before the mail is sent"),
    code("the notice is enqueued after the redemption"),
    code("the event is enqueued after the redemption"),
    code("an event that was refused is done"),
    code("every D1 error is taken for a rollback"),
    code("breached passwords are not looked up"),
];
