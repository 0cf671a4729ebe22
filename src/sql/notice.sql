-- Returns the notice ?1, and whether the attempt that it is about can still commit: its deadline is ?2. A notice has the id of
-- its attempt, a GUID of 36 characters, or that id with a suffix (record_lock_notices.sql).
--
-- A notice may be delivered days later, and must be true then. So the hold is left out once it is over, or if the exchange has
-- ended it. The offer to lock the account is left out if it is locked, or was unlocked since: then the lock code would be void.
-- A lock code is valid for seven days.
SELECT notice.user_id, notice.recipient AS email, users.user_name, users.locale, users.mail_phrase,
       audit_log.at AS changed_at,
       iif(notice.held_until > clock.now AND users.withdrawals_held_until >= notice.held_until,
           notice.held_until, NULL) AS held_until,
       iif(users.locked_at IS NULL AND users.lock_codes_valid_from <= audit_log.at,
           clock.now + 604800000, NULL) AS lock_code_expires_at,
       notice.sent_at IS NOT NULL OR notice.refused_at IS NOT NULL AS is_settled,
       clock.now < ?2 AND audit_log.attempt_id IS NULL AS can_commit
FROM clock
LEFT JOIN mails AS notice ON notice.mail_id = ?1 AND notice.recipient IS NOT NULL
LEFT JOIN users ON users.user_id = notice.user_id
LEFT JOIN audit_log ON audit_log.attempt_id = substr(?1, 1, 36)
