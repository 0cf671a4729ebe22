-- Returns the digests of the user's older codes that may still be in KV. They are void, so KV need not keep them. At most 20, those
-- that were sent and the newest first: an outage of the mail service may leave thousands, and a queue consumer may make only 1,000
-- requests. KV forgets the others when they expire.
SELECT older.code_digest AS digest
FROM clock, mails AS sent
JOIN mails AS older ON older.user_id = sent.user_id AND older.kind = 'reset' AND older.mail_id <> sent.mail_id
WHERE sent.mail_id = ?1 AND sent.code_digest = ?2 AND sent.sent_at IS NOT NULL
  AND older.issued_at < sent.issued_at AND older.expires_at > clock.now
ORDER BY older.sent_at IS NULL, older.issued_at DESC
LIMIT 20
