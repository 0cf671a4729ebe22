-- Removes at most ?1 audit rows that are older than ?2 days.
DELETE FROM audit_log WHERE audit_id IN
  (SELECT audit_id FROM audit_log, clock WHERE at < clock.now - ?2 * 86400000 LIMIT ?1)
