-- Removes at most ?1 mails that were reserved more than two days ago: the mail limits look back only one day. A notice
-- that was not sent stays for 30 days, longer than its message can wait in the queue and in the dead-letter queue.
DELETE FROM mails WHERE mail_id IN
  (SELECT mail_id FROM mails, clock
   WHERE reserved_at < clock.now - 172800000
     AND (kind = 'reset' OR sent_at IS NOT NULL OR refused_at IS NOT NULL OR reserved_at < clock.now - 2592000000)
   LIMIT ?1)
