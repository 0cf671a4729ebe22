-- Voids the codes that were issued before the one in the reset mail ?1, now that the mail has been sent.
UPDATE users
SET codes_valid_from = max(users.codes_valid_from, sent.issued_at)
FROM mails AS sent
WHERE sent.mail_id = ?1 AND sent.code_digest = ?2 AND sent.sent_at IS NOT NULL AND users.user_id = sent.user_id
