-- Reserves the notice for the attempt ?1, if it committed.
INSERT INTO mails (mail_id, kind, user_id, reserved_at)
SELECT ?1, 'changed', users.user_id, clock.now
FROM audit_log JOIN users ON users.user_id = audit_log.user_id, clock
WHERE audit_log.attempt_id = ?1 AND audit_log.outcome = 'redeemed' AND users.email IS NOT NULL
ON CONFLICT (mail_id) DO NOTHING
