-- Returns what the attempt ?1 has done, for its event, and whether it can still commit: its deadline is ?2.
SELECT audit_log.outcome, audit_log.user_id, audit_log.at, audit_log.held_until,
       audit_log.attempt_id IS NULL AND clock.now < ?2 AS can_commit
FROM clock LEFT JOIN audit_log ON audit_log.attempt_id = ?1
