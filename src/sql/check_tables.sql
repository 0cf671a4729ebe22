-- Reads at most one row of each table that the calls need. Fails on a database that lacks a migration.
SELECT EXISTS (SELECT user_name_key, withdrawals_held_until, locked_at, resets_allowed, mail_phrase FROM users),
       EXISTS (SELECT 1 FROM user_permissions),
       EXISTS (SELECT 1 FROM redeemed_codes), EXISTS (SELECT notice_booked FROM audit_log),
       EXISTS (SELECT recipient, lease_until, held_until FROM mails)
FROM clock
