-- Returns the recipient of the reserved mail ?1. A reset mail is not sent after a newer one, because it would void the
-- newer link.
SELECT users.user_id, user_name, email, locale, codes_valid_from, audit_log.at AS changed_at, sent_at
FROM mails JOIN users USING (user_id) LEFT JOIN audit_log ON audit_log.attempt_id = mails.mail_id
WHERE mail_id = ?1 AND email IS NOT NULL
  AND NOT (mails.kind = 'reset'
           AND EXISTS (SELECT 1 FROM mails AS newer
                       WHERE newer.user_id = mails.user_id AND newer.kind = 'reset'
                         AND newer.reserved_at > mails.reserved_at AND newer.sent_at IS NOT NULL))
