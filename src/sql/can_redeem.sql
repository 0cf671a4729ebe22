-- Reports how an attempt would end now: the conditions of claim_code.sql, without the claim.
SELECT NOT EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1)
         AND EXISTS (SELECT 1 FROM users
                     WHERE users.user_id = ?2
                       AND users.codes_valid_from <= ?3
                       AND users.locked_at IS NULL
                       AND users.resets_allowed = 1
                       AND EXISTS (SELECT 1 FROM user_permissions AS held
                                   WHERE held.user_id = users.user_id
                                     AND held.permission IN ('Operator', 'Trading'))) AS granted,
       EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1) AS used,
       EXISTS (SELECT 1 FROM users WHERE user_id = ?2) AS user_exists,
       0 AS late
