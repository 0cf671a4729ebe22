-- Leases the notice ?1, unless it was sent or is being sent. A lease lasts two minutes. One that ends more than
-- three minutes from now was made before D1's clock stepped back, and doesn't count.
UPDATE mails SET lease_until = clock.now + 120000
FROM clock
WHERE mail_id = ?1 AND kind IN ('changed', 'locked') AND recipient IS NOT NULL
  AND sent_at IS NULL AND refused_at IS NULL AND lease_until NOT BETWEEN clock.now + 1 AND clock.now + 180000
RETURNING user_id
