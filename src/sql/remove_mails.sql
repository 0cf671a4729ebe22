-- Removes at most ?1 mails that were reserved more than nine days ago. The mail limits look back one day, and a lock looks for
-- the address that the notice went to, whose lock code is valid for seven days. A notice that was not sent stays for 30 days,
-- longer than its message can wait in the queue and in the dead-letter queue.
DELETE FROM mails WHERE mail_id IN
  (SELECT mail_id FROM mails, clock
   WHERE reserved_at < clock.now - 777600000
     AND (kind = 'reset' OR sent_at IS NOT NULL OR refused_at IS NOT NULL OR reserved_at < clock.now - 2592000000)
   LIMIT ?1)
