-- Mails are leased while they are sent, so that two deliveries of one message, or of two messages for one user, can't
-- overtake each other. A notice is booked, with its address, in the redemption's own transaction.
ALTER TABLE mails ADD COLUMN recipient   TEXT    NULL;               -- the address on file when the mail was reserved
ALTER TABLE mails ADD COLUMN lease_until INTEGER NOT NULL DEFAULT 0; -- until then, nobody else sends this mail
ALTER TABLE mails ADD COLUMN code_digest TEXT    NULL;               -- of the code in a reset mail
ALTER TABLE mails ADD COLUMN issued_at   INTEGER NULL;               -- of that code
ALTER TABLE mails ADD COLUMN expires_at  INTEGER NULL;               -- of that code
ALTER TABLE mails ADD COLUMN refused_at  INTEGER NULL;               -- the mail service refused the mail for good

-- 1 for a redemption that has booked its own notice.
ALTER TABLE audit_log ADD COLUMN notice_booked INTEGER NOT NULL DEFAULT 0;
