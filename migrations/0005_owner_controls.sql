-- What protects the owner of an account: the hold on withdrawals, the lock, the opt-out, and the anti-phishing phrase.
-- docs/contract.md, section 5, says who writes and who reads each column.
--
-- ALTER TABLE checks existing rows against a constraint. They have the defaults, which fulfill these.
ALTER TABLE users ADD COLUMN withdrawals_held_until INTEGER NOT NULL DEFAULT 0 -- no withdrawals before; never moves back
  CONSTRAINT withdrawals_held_until_is_a_time CHECK (withdrawals_held_until BETWEEN 0 AND 8640000000000000);
ALTER TABLE users ADD COLUMN locked_at INTEGER NULL;                           -- if set: no login, and no reset
ALTER TABLE users ADD COLUMN resets_allowed INTEGER NOT NULL DEFAULT 1         -- 0: no reset
  CONSTRAINT resets_allowed_is_0_or_1 CHECK (resets_allowed IN (0, 1));
ALTER TABLE users ADD COLUMN mail_phrase TEXT NULL                             -- in every mail to the user
  CONSTRAINT mail_phrase_has_at_most_100_characters CHECK (length(mail_phrase) <= 100);

-- The hold that the attempt has set, for its notice. The name differs from that of the user's column, so that a statement of
-- an older version that joins the two tables is not ambiguous.
ALTER TABLE mails ADD COLUMN held_until INTEGER NULL;
