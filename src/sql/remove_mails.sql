-- Removes at most ?1 mails that were reserved more than two days ago. The mail limit counts one day.
DELETE FROM mails WHERE mail_id IN
  (SELECT mail_id FROM mails, clock WHERE reserved_at < clock.now - 172800000 LIMIT ?1)
