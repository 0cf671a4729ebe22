-- Records the notice for an attempt that holds the claim, with the address on file now: a thief who changes the address
-- later doesn't get it. If withdrawals are held (?6 is for how many milliseconds), also records until when. It must run after
-- change_password.sql, which sets the hold, and before write_audit_row.sql.
INSERT INTO mails (mail_id, kind, user_id, recipient, reserved_at, held_until)
SELECT ?4, 'changed', users.user_id, users.email, clock.now, iif(?6 > 0, users.withdrawals_held_until, NULL)
FROM users, clock
WHERE users.user_id = ?2
  AND users.email IS NOT NULL
  AND EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1 AND attempt_id = ?4)
  AND NOT EXISTS (SELECT 1 FROM audit_log WHERE attempt_id = ?4)
ON CONFLICT (mail_id) DO NOTHING
