-- Records the notice for an attempt that holds the claim, with the address on file now: a thief who changes the address
-- later doesn't get it. It must run before write_audit_row.sql.
INSERT INTO mails (mail_id, kind, user_id, recipient, reserved_at)
SELECT ?4, 'changed', users.user_id, users.email, clock.now
FROM users, clock
WHERE users.user_id = ?2
  AND users.email IS NOT NULL
  AND EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1 AND attempt_id = ?4)
  AND NOT EXISTS (SELECT 1 FROM audit_log WHERE attempt_id = ?4)
ON CONFLICT (mail_id) DO NOTHING
