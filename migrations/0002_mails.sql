-- The mails that were asked for: what counts them, and what keeps a second try from sending a second one.
CREATE TABLE mails (
  mail_id     TEXT    NOT NULL PRIMARY KEY,           -- of a request for a reset mail, or of the attempt that is told of
  kind        TEXT    NOT NULL CHECK (kind IN ('reset', 'changed')),
  user_id     TEXT    NOT NULL,
  reserved_at INTEGER NOT NULL,
  sent_at     INTEGER NULL
) STRICT;

CREATE INDEX mails_of_user ON mails (user_id, kind, reserved_at);
CREATE INDEX mails_by_age ON mails (reserved_at);

-- The clean-up looks for what is old.
CREATE INDEX audit_log_by_age ON audit_log (at);
CREATE INDEX redeemed_codes_by_expiry ON redeemed_codes (expires_at);
