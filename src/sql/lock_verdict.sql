-- Reports whether the code is valid, and whether the account is locked, by this attempt or otherwise.
SELECT EXISTS (SELECT 1 FROM users WHERE user_id = ?2 AND lock_codes_valid_from <= ?3) AS code_is_valid,
       EXISTS (SELECT 1 FROM users WHERE user_id = ?2 AND locked_at IS NOT NULL) AS is_locked
