-- Reports whether the code is valid, whether the account is locked, and whether this attempt has acted: it has locked the account,
-- or was in time to complete an earlier lock.
SELECT EXISTS (SELECT 1 FROM users WHERE user_id = ?2 AND lock_codes_valid_from <= ?3) AS code_is_valid,
       EXISTS (SELECT 1 FROM users WHERE user_id = ?2 AND locked_at IS NOT NULL) AS is_locked,
       EXISTS (SELECT 1 FROM audit_log WHERE attempt_id = ?1)
         OR EXISTS (SELECT 1 FROM clock WHERE now < ?4) AS has_acted
