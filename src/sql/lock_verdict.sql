-- Reports whether the code is valid, and whether the account is locked: by this attempt, or it was locked already and this attempt
-- was not too late to complete that.
SELECT EXISTS (SELECT 1 FROM users WHERE user_id = ?2 AND lock_codes_valid_from <= ?3) AS code_is_valid,
       EXISTS (SELECT 1 FROM audit_log WHERE attempt_id = ?1)
         OR EXISTS (SELECT 1 FROM users, clock WHERE user_id = ?2 AND locked_at IS NOT NULL AND clock.now < ?4) AS is_locked
