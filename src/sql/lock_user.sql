-- Locks the account, ends its sessions, and voids its codes. Cut-offs never move back; that for codes is a minute ahead, as in
-- change_password.sql. An attempt that is sent again finds the account locked, or finds its code voided by the unlock.
UPDATE users
SET locked_at = coalesce(locked_at, clock.now),
    codes_valid_from = max(codes_valid_from, clock.now + 60001),
    sessions_valid_from = max(sessions_valid_from, clock.now)
FROM clock
WHERE users.user_id = ?2
  AND (users.locked_at IS NULL OR users.sessions_valid_from < users.locked_at)
  AND users.lock_codes_valid_from <= ?3
  AND EXISTS (SELECT 1 FROM audit_log WHERE attempt_id = ?1)
