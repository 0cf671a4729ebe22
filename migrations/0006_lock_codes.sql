-- The owner of an account can lock it with a code from the notice that the password was changed (docs/contract.md, section 4).
ALTER TABLE users ADD COLUMN lock_codes_valid_from INTEGER NOT NULL DEFAULT 0; -- a lock code issued before is void

-- Whoever unlocks an account has heard its owner, so the lock codes of earlier resets end with the lock. The IssuedAt of a lock
-- code is the time of the reset by D1's clock, so no margin is needed for clocks that differ.
CREATE TRIGGER user_unlocked AFTER UPDATE OF locked_at ON users
WHEN OLD.locked_at IS NOT NULL AND NEW.locked_at IS NULL
BEGIN
  UPDATE users SET lock_codes_valid_from = max(lock_codes_valid_from, (SELECT now + 1 FROM clock))
  WHERE user_id = NEW.user_id;
END;

-- A third kind of mail, 'locked'. SQLite can't change a constraint, so the table is copied.
CREATE TABLE mails_with_locks (
  mail_id     TEXT    NOT NULL PRIMARY KEY,       -- the id of the request for a reset mail, or of the attempt that a notice is about
  kind        TEXT    NOT NULL CHECK (kind IN ('reset', 'changed', 'locked')),
  user_id     TEXT    NOT NULL,
  reserved_at INTEGER NOT NULL,
  sent_at     INTEGER NULL,
  recipient   TEXT    NULL,                       -- the address on file when the mail was reserved
  lease_until INTEGER NOT NULL DEFAULT 0,         -- until then, nobody else sends this mail
  code_digest TEXT    NULL,                       -- of the code in a reset mail
  issued_at   INTEGER NULL,                       -- of that code
  expires_at  INTEGER NULL,                       -- of that code
  refused_at  INTEGER NULL,                       -- the mail service refused the mail for good
  held_until  INTEGER NULL                        -- the hold on withdrawals that the attempt set
) STRICT;

INSERT INTO mails_with_locks (mail_id, kind, user_id, reserved_at, sent_at, recipient, lease_until, code_digest, issued_at,
                              expires_at, refused_at, held_until)
SELECT mail_id, kind, user_id, reserved_at, sent_at, recipient, lease_until, code_digest, issued_at, expires_at, refused_at,
       held_until
FROM mails;

DROP TABLE mails;
ALTER TABLE mails_with_locks RENAME TO mails;

CREATE INDEX mails_of_user ON mails (user_id, kind, reserved_at);
CREATE INDEX mails_by_age ON mails (reserved_at);
