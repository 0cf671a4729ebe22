-- Voids the codes of the user ?1 that were issued before ?2, unless the cut-off is there already, or later.
UPDATE users SET codes_valid_from = ?2 WHERE user_id = ?1 AND codes_valid_from < ?2 RETURNING 1
