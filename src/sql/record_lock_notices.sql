-- Records the mails about the lock: one to the address on file, and one to where the notice about the reset ?5 went, if that is
-- another address. A thief may have changed the one on file. It must run before lock_user.sql.
INSERT INTO mails (mail_id, kind, user_id, recipient, reserved_at)
SELECT told.mail_id, 'locked', users.user_id, told.recipient, clock.now
FROM users, clock,
     (SELECT ?1 AS mail_id, user_id, email AS recipient FROM users
      UNION ALL
      SELECT ?1 || '/reset', notice.user_id, notice.recipient
      FROM mails AS notice JOIN users USING (user_id)
      WHERE notice.mail_id = ?5 AND notice.kind = 'changed' AND notice.recipient IS NOT users.email) AS told
WHERE users.user_id = ?2 AND told.user_id = ?2
  AND told.recipient IS NOT NULL
  AND (users.locked_at IS NULL OR users.sessions_valid_from < users.locked_at)
  AND users.lock_codes_valid_from <= ?3
  AND EXISTS (SELECT 1 FROM audit_log WHERE attempt_id = ?1)
ON CONFLICT (mail_id) DO NOTHING
