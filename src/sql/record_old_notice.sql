-- Records the notice for the attempt ?1 if an older version of the Worker committed it without one.
INSERT INTO mails (mail_id, kind, user_id, recipient, reserved_at)
SELECT ?1, 'changed', users.user_id, users.email, clock.now
FROM audit_log JOIN users ON users.user_id = audit_log.user_id, clock
WHERE audit_log.attempt_id = ?1 AND audit_log.outcome = 'redeemed' AND audit_log.notice_booked = 0
  AND users.email IS NOT NULL
ON CONFLICT (mail_id) DO UPDATE SET recipient = excluded.recipient
WHERE mails.recipient IS NULL AND mails.sent_at IS NULL
