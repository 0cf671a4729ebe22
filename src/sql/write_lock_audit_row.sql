-- Records that the account is locked, if it isn't and the code is valid, and it is not too late. The statements below require
-- this row, so it is what decides. An account that the exchange has locked without ending its sessions counts as not locked.
--
-- In every statement of a lock, ?1 is the attempt's id, ?2 the user's id, ?3 the code's IssuedAt, and ?4 the time by which the
-- attempt must commit. ?5 is the client's address, and ?6 the id of the request.
INSERT INTO audit_log (at, call, outcome, user_id, attempt_id, address, notice_booked, request_id)
SELECT clock.now, 'LockAccount', 'locked', users.user_id, ?1, ?5, 1, ?6
FROM users, clock
WHERE users.user_id = ?2
  AND (users.locked_at IS NULL OR users.sessions_valid_from < users.locked_at)
  AND users.lock_codes_valid_from <= ?3
  AND clock.now < ?4
ON CONFLICT (attempt_id) DO NOTHING
