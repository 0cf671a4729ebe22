-- Locks the account, ends its sessions, and voids its codes. If the account is locked already, the exchange may have done only a
-- part of this, and its time may be in the future. Cut-offs never move back; that for codes is as in change_password.sql. After an
-- unlock, the code is void.
UPDATE users
SET locked_at = min(coalesce(locked_at, clock.now), clock.now),
    codes_valid_from = max(codes_valid_from + 2, clock.now + 60002),
    sessions_valid_from = max(sessions_valid_from, clock.now)
FROM clock
WHERE users.user_id = ?2
  AND users.lock_codes_valid_from <= ?3
  -- The first statement has decided. D1's clock goes on between two statements.
  AND (EXISTS (SELECT 1 FROM audit_log WHERE attempt_id = ?1) OR users.locked_at IS NOT NULL AND clock.now < ?4)
