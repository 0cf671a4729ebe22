-- Leases the notice for the attempt ?1, unless it was sent or is being sent.
UPDATE mails SET lease_until = clock.now + 120000
FROM clock
WHERE mail_id = ?1 AND kind = 'changed' AND recipient IS NOT NULL
  AND sent_at IS NULL AND refused_at IS NULL AND lease_until NOT BETWEEN clock.now + 1 AND clock.now + 120000
RETURNING user_id
