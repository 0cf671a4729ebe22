-- Records who redeemed the code, when, from which address (?6), and by which request (?8). If withdrawals are held (?7 is for how many milliseconds),
-- also records until when. It must run after change_password.sql and record_notice.sql, which require that the row is not there
-- yet.
INSERT INTO audit_log (at, call, outcome, user_id, attempt_id, address, notice_booked, held_until, request_id)
SELECT clock.now, 'ResetPassword2', 'redeemed', ?2, ?4, ?6, 1,
       (SELECT withdrawals_held_until FROM users WHERE user_id = ?2 AND ?7 > 0), ?8
FROM clock
WHERE EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1 AND attempt_id = ?4)
ON CONFLICT (attempt_id) DO NOTHING
