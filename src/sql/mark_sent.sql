UPDATE mails SET sent_at = clock.now FROM clock WHERE mail_id = ?1
