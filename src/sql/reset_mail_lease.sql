-- Reports the lease of the reset mail ?1 with the code whose digest is ?4, for the user whose name is ?2. The key of that
-- name is ?6 (src/user_name.rs). If ?2 is an e-mail address, ?7 is the id of the user. The request was made at ?3. ?5 is the
-- lifetime of the code, in milliseconds.
WITH matching AS (SELECT * FROM users WHERE user_name = ?6 OR user_name_key = ?6 OR user_name = ?2),
     named AS (SELECT * FROM matching
               WHERE ?7 = '' AND (user_name = ?2 OR (SELECT count(*) FROM matching) = 1)
               UNION ALL
               SELECT * FROM users
               WHERE user_id = ?7 AND email COLLATE NOCASE IN (?2, ?6))
SELECT leased.user_id, leased.recipient AS email, leased.issued_at, leased.expires_at, users.user_name, users.locale,
       users.mail_phrase,
       -- Another delivery is sending a mail to this user.
       clock.now < ?3 + ?5
         AND EXISTS (SELECT 1 FROM named JOIN mails AS other USING (user_id)
                     WHERE other.kind = 'reset' AND other.sent_at IS NULL
                       AND other.refused_at IS NULL
                       AND other.lease_until > clock.now AND other.lease_until <= clock.now + 180000) AS is_blocked,
       -- Every code would be refused.
       EXISTS (SELECT 1 FROM named WHERE locked_at IS NOT NULL) AS is_locked,
       EXISTS (SELECT 1 FROM named WHERE resets_allowed = 0) AS is_opted_out,
       -- Every code would be void: the cut-off is in the future.
       EXISTS (SELECT 1 FROM named WHERE codes_valid_from > clock.now + 65000) AS is_cut_off
FROM clock
LEFT JOIN mails AS leased
  ON leased.mail_id = ?1 AND leased.code_digest = ?4 AND leased.sent_at IS NULL AND leased.lease_until > clock.now
LEFT JOIN users ON users.user_id = leased.user_id
