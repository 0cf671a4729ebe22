-- Removes at most ?1 codes that expired more than a day ago. An expired code is refused before D1 is asked; the day allows
-- for clocks that differ.
DELETE FROM redeemed_codes WHERE code_digest IN
  (SELECT code_digest FROM redeemed_codes, clock WHERE expires_at < clock.now - 86400000 LIMIT ?1)
