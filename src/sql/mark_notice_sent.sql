-- Records that the notice ?1 was sent.
UPDATE mails SET sent_at = clock.now, lease_until = 0 FROM clock WHERE mail_id = ?1
