-- Changes the password once, for an attempt that holds the claim. Voids this code and all codes issued before now, and
-- ends all sessions. Holds withdrawals for ?7 milliseconds from now; 0 changes nothing. Cut-offs and the hold never move back.
--
-- An issuer's clock may be a minute ahead of D1's (MAX_CLOCK_SKEW_MILLIS), so the cut-off for codes is a minute ahead, too:
-- otherwise an older code from such an issuer would survive. The code of a mail may be dated a millisecond after a cut-off
-- that is even further ahead (lease_reset_mail.sql), so the cut-off moves by more than that.
UPDATE users
SET password_hash = ?6,
    password_changed_at = clock.now,
    codes_valid_from = max(codes_valid_from + 2, clock.now + 60002, ?3 + 1),
    sessions_valid_from = max(sessions_valid_from, clock.now),
    withdrawals_held_until = max(withdrawals_held_until, iif(?7 > 0, clock.now + ?7, 0))
FROM clock
WHERE users.user_id = ?2
  AND EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1 AND attempt_id = ?4)
  AND NOT EXISTS (SELECT 1 FROM audit_log WHERE attempt_id = ?4)
