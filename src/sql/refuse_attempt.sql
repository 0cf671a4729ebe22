-- Ends an attempt that was sent twice and has no claim: its first batch may still arrive, and must not commit after the
-- caller was told that nothing was changed. The row makes claim_code.sql refuse the attempt. ?6 is the client's address, and
-- ?7 the id of the request.
INSERT INTO audit_log (at, call, outcome, user_id, attempt_id, address, notice_booked, request_id)
SELECT clock.now, 'ResetPassword2', 'refused', ?2, ?4, ?6, 1, ?7
FROM clock
WHERE NOT EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1 AND attempt_id = ?4)
ON CONFLICT (attempt_id) DO NOTHING
