-- Claims the code, if it has not been used or voided, the user exists and may reset the password, and it is not too late.
-- A user who is locked, or has opted out, may not: a lock counts from the moment at which it is stored.
--
-- In every statement of the redemption, ?1 is the digest of the code, ?2 the user's id, ?3 the code's IssuedAt, ?4 the
-- attempt's id, and ?5 the time by which the attempt must commit. `clock` is D1's own clock: a Worker's clock stands still
-- while it hashes, and a session that was opened in the meantime must not outlive the reset.
INSERT INTO redeemed_codes (code_digest, user_id, attempt_id, redeemed_at, expires_at)
SELECT ?1, users.user_id, ?4, clock.now, ?6
FROM users, clock
WHERE users.user_id = ?2
  AND users.codes_valid_from <= ?3
  AND clock.now < ?5
  AND users.locked_at IS NULL
  AND users.resets_allowed = 1
  AND EXISTS (SELECT 1 FROM user_permissions AS held
              WHERE held.user_id = users.user_id AND held.permission IN ('Operator', 'Trading'))
  AND NOT EXISTS (SELECT 1 FROM audit_log WHERE attempt_id = ?4)
ON CONFLICT (code_digest) DO NOTHING
