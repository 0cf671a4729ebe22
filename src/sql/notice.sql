-- Returns the notice for the attempt ?1, and whether the attempt can still commit: its deadline is ?2. The hold is left out
-- once it is over, or if the exchange has ended it: a notice may be delivered days later, and must be true then.
SELECT notice.user_id, notice.recipient AS email, users.user_name, users.locale, users.mail_phrase,
       audit_log.at AS changed_at,
       iif(notice.held_until > clock.now AND users.withdrawals_held_until >= notice.held_until,
           notice.held_until, NULL) AS held_until,
       notice.sent_at IS NOT NULL OR notice.refused_at IS NOT NULL AS is_settled,
       clock.now < ?2 AND audit_log.attempt_id IS NULL AS can_commit
FROM clock
LEFT JOIN mails AS notice ON notice.mail_id = ?1 AND notice.recipient IS NOT NULL
LEFT JOIN users ON users.user_id = notice.user_id
LEFT JOIN audit_log ON audit_log.attempt_id = ?1
