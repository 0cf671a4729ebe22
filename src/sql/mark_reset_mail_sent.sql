-- Records that the reset mail ?1 with the code whose digest is ?2 was sent.
UPDATE mails SET sent_at = clock.now, lease_until = 0
FROM clock
WHERE mail_id = ?1 AND code_digest = ?2 AND sent_at IS NULL
