-- Ends the lease of a mail that was not sent.
UPDATE mails SET lease_until = 0 WHERE mail_id = ?1 AND sent_at IS NULL
