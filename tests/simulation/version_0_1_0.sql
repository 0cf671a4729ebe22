-- The statements of version 0.1.0. It may run on the newest schema: during a deployment, and after one is rolled back.

-- CLAIM
INSERT INTO redeemed_codes (code_digest, user_id, attempt_id, redeemed_at, expires_at)
SELECT ?1, users.user_id, ?4, clock.now, ?5
FROM users, clock
WHERE users.user_id = ?2
  AND users.codes_valid_from <= ?3
  AND EXISTS (SELECT 1 FROM user_permissions AS held
              WHERE held.user_id = users.user_id AND held.permission IN ('Operator', 'Trading'))
ON CONFLICT (code_digest) DO NOTHING;

-- CHANGE
UPDATE users
SET password_hash = ?5,
    password_changed_at = clock.now,
    codes_valid_from = max(codes_valid_from, clock.now, ?6),
    sessions_valid_from = max(sessions_valid_from, clock.now)
FROM clock
WHERE users.user_id = ?2
  AND EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1 AND attempt_id = ?4)
  AND NOT EXISTS (SELECT 1 FROM audit_log WHERE attempt_id = ?4);

-- AUDIT
INSERT INTO audit_log (at, call, outcome, user_id, attempt_id, address)
SELECT clock.now, 'ResetPassword2', 'redeemed', ?2, ?4, ?5
FROM clock
WHERE EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1 AND attempt_id = ?4)
ON CONFLICT (attempt_id) DO NOTHING;

-- VERDICT
SELECT EXISTS (SELECT 1 FROM audit_log WHERE attempt_id = ?4) AS granted,
       EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1) AS used,
       EXISTS (SELECT 1 FROM users WHERE user_id = ?2) AS user_exists;

-- EXAMINE
SELECT NOT EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1)
         AND EXISTS (SELECT 1 FROM users
                     WHERE users.user_id = ?2
                       AND users.codes_valid_from <= ?3
                       AND EXISTS (SELECT 1 FROM user_permissions AS held
                                   WHERE held.user_id = users.user_id
                                     AND held.permission IN ('Operator', 'Trading'))) AS granted,
       EXISTS (SELECT 1 FROM redeemed_codes WHERE code_digest = ?1) AS used,
       EXISTS (SELECT 1 FROM users WHERE user_id = ?2) AS user_exists;

-- RESERVE_RESET
INSERT INTO mails (mail_id, kind, user_id, reserved_at)
SELECT ?1, 'reset', users.user_id, clock.now
FROM users, clock
WHERE users.user_name = ?2
  AND users.email IS NOT NULL
  AND EXISTS (SELECT 1 FROM user_permissions AS held
              WHERE held.user_id = users.user_id AND held.permission IN ('Operator', 'Trading'))
  AND (SELECT count(*) FROM mails AS earlier
       WHERE earlier.user_id = users.user_id AND earlier.kind = 'reset' AND earlier.reserved_at > clock.now - 3600000) < 3
  AND (SELECT count(*) FROM mails AS earlier
       WHERE earlier.user_id = users.user_id AND earlier.kind = 'reset' AND earlier.reserved_at > clock.now - 86400000) < 10
ON CONFLICT (mail_id) DO NOTHING;

-- RESERVE_CHANGED
INSERT INTO mails (mail_id, kind, user_id, reserved_at)
SELECT ?1, 'changed', users.user_id, clock.now
FROM audit_log JOIN users ON users.user_id = audit_log.user_id, clock
WHERE audit_log.attempt_id = ?1 AND audit_log.outcome = 'redeemed' AND users.email IS NOT NULL
ON CONFLICT (mail_id) DO NOTHING;

-- RECIPIENT
SELECT users.user_id, user_name, email, locale, codes_valid_from, audit_log.at AS changed_at, sent_at
FROM mails JOIN users USING (user_id) LEFT JOIN audit_log ON audit_log.attempt_id = mails.mail_id
WHERE mail_id = ?1 AND email IS NOT NULL
  AND NOT (mails.kind = 'reset'
           AND EXISTS (SELECT 1 FROM mails AS newer
                       WHERE newer.user_id = mails.user_id AND newer.kind = 'reset'
                         AND newer.reserved_at > mails.reserved_at AND newer.sent_at IS NOT NULL));

-- SUPERSEDE
UPDATE users SET codes_valid_from = ?2 WHERE user_id = ?1 AND codes_valid_from < ?2 RETURNING 1;

-- MARK_SENT
UPDATE mails SET sent_at = clock.now FROM clock WHERE mail_id = ?1;

-- REDEEMED_CODES
DELETE FROM redeemed_codes WHERE code_digest IN
  (SELECT code_digest FROM redeemed_codes, clock WHERE expires_at < clock.now - 86400000 LIMIT ?1);

-- MAILS
DELETE FROM mails WHERE mail_id IN
  (SELECT mail_id FROM mails, clock WHERE reserved_at < clock.now - 172800000 LIMIT ?1);

-- AUDIT_LOG
DELETE FROM audit_log WHERE audit_id IN
  (SELECT audit_id FROM audit_log, clock WHERE at < clock.now - ?2 * 86400000 LIMIT ?1);
