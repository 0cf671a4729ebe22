-- Reports how the attempt ended.
SELECT EXISTS (SELECT 1 FROM audit_log WHERE attempt_id = ?4 AND outcome = 'redeemed') AS granted,
       EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1) AS used,
       EXISTS (SELECT 1 FROM users WHERE user_id = ?2) AS user_exists,
       clock.now >= ?5 AS late
FROM clock
