-- Removes at most ?1 mails that were reserved, and sent, more than nine days ago. The mail limits look back one day, and a lock
-- looks for the address that the notice went to, whose lock code is valid for seven days from then. A notice that was not sent stays for 30 days,
-- longer than its message can wait in the queue and in the dead-letter queue.
DELETE FROM mails WHERE mail_id IN
  (SELECT mail_id FROM mails, clock
   WHERE reserved_at < clock.now - 777600000
     AND (kind = 'reset' OR coalesce(sent_at, refused_at) < clock.now - 777600000
          OR reserved_at < clock.now - 2592000000)
   LIMIT ?1)
