-- The exchange's users. user_name is compared without regard to the case of ASCII letters.
CREATE TABLE users (
  user_id             TEXT    NOT NULL PRIMARY KEY,
  user_name           TEXT    UNIQUE COLLATE NOCASE,
  email               TEXT,
  locale              TEXT    NULL,
  password_hash       TEXT    NULL,               -- a PHC string
  password_changed_at INTEGER NULL,               -- Unix milliseconds, like every time here
  codes_valid_from    INTEGER NOT NULL DEFAULT 0, -- a code issued before is void
  sessions_valid_from INTEGER NOT NULL DEFAULT 0  -- a session issued before is over
) STRICT;

-- What a user may do: Operator, Trading, Deposit, Withdraw, …
CREATE TABLE user_permissions (
  user_id    TEXT NOT NULL,
  permission TEXT NOT NULL,
  PRIMARY KEY (user_id, permission)
) STRICT, WITHOUT ROWID;

-- The codes that were used. The primary key is what lets a code work once.
CREATE TABLE redeemed_codes (
  code_digest TEXT    NOT NULL PRIMARY KEY,
  user_id     TEXT    NOT NULL,
  attempt_id  TEXT    NOT NULL,
  redeemed_at INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL
) STRICT;

-- Who did what, with what outcome, when, from where. Never a password, a code, a digest or a hash.
CREATE TABLE audit_log (
  audit_id   INTEGER PRIMARY KEY,
  at         INTEGER NOT NULL,
  call       TEXT    NOT NULL,
  outcome    TEXT    NOT NULL,
  user_id    TEXT    NOT NULL,
  attempt_id TEXT    NOT NULL UNIQUE, -- an attempt changes something once
  address    TEXT    NOT NULL
) STRICT;

-- The time in Unix milliseconds, of the one clock that all locations share.
CREATE VIEW clock (now) AS SELECT CAST(round(unixepoch('subsec') * 1000) AS INTEGER);
