-- Reads at most one row of each table that the calls need, and when an event was last delivered. Fails on a database that lacks
-- a migration.
SELECT (SELECT last_delivered_at FROM event_deliveries) AS last_event_delivered_at,
       EXISTS (SELECT user_name_key, withdrawals_held_until, locked_at, resets_allowed, mail_phrase, lock_codes_valid_from
               FROM users),
       EXISTS (SELECT 1 FROM user_permissions),
       EXISTS (SELECT 1 FROM redeemed_codes), EXISTS (SELECT notice_booked, held_until, request_id FROM audit_log),
       EXISTS (SELECT recipient, lease_until, held_until FROM mails)
FROM clock
