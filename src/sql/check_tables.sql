-- Reads at most one row of each table that the calls need. Fails on a database that was not migrated.
SELECT EXISTS (SELECT 1 FROM users), EXISTS (SELECT 1 FROM user_permissions), EXISTS (SELECT 1 FROM redeemed_codes),
       EXISTS (SELECT 1 FROM audit_log), EXISTS (SELECT 1 FROM mails)
FROM clock
