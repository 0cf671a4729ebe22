-- Records that the mail service refused a mail for good.
UPDATE mails SET refused_at = clock.now, lease_until = 0 FROM clock WHERE mail_id = ?1 AND sent_at IS NULL
