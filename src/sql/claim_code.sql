-- Claims the code, if it has not been used or voided, and the user exists and may reset the password.
--
-- In every statement of the redemption, ?1 is the digest of the code, ?2 the user's id, ?3 the code's IssuedAt, and ?4 the
-- attempt's id. `clock` is D1's own clock: a Worker's clock stands still while it hashes, and a session that was opened in
-- the meantime must not outlive the reset.
INSERT INTO redeemed_codes (code_digest, user_id, attempt_id, redeemed_at, expires_at)
SELECT ?1, users.user_id, ?4, clock.now, ?5
FROM users, clock
WHERE users.user_id = ?2
  AND users.codes_valid_from <= ?3
  AND EXISTS (SELECT 1 FROM user_permissions AS held
              WHERE held.user_id = users.user_id AND held.permission IN ('Operator', 'Trading'))
ON CONFLICT (code_digest) DO NOTHING
