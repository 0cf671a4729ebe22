-- Leases the reset mail that the request ?1 asks for, with a code of the digest ?4, to the user whose name is ?2. The
-- request was made at ?3. ?5 is the lifetime of the code, in milliseconds.
--
-- docs/contract.md, section 3, has the rule for whether a mail is due. D1 has a single writer, so two concurrent requests
-- can't both pass. Times in the future, from before a clock stepped back, don't count.
INSERT INTO mails (mail_id, kind, user_id, email, reserved_at, lease_until, code_digest, issued_at, expires_at)
SELECT ?1, 'reset', users.user_id, users.email, clock.now, clock.now + 120000, ?4,
       -- Later than the cut-off, and a minute ahead: marking the mail as sent moves the cut-off here, and must void the
       -- codes of issuers whose clocks are a minute ahead (MAX_CLOCK_SKEW_MILLIS).
       max(clock.now + 60001, users.codes_valid_from + 1), clock.now + ?5
FROM users, clock
WHERE users.user_name = ?2
  AND users.email IS NOT NULL
  AND EXISTS (SELECT 1 FROM user_permissions AS held
              WHERE held.user_id = users.user_id AND held.permission IN ('Operator', 'Trading'))
  -- A code that would be void or too far in the future.
  AND users.codes_valid_from <= clock.now + 60001
  -- A request that is older than a code's lifetime, or that a reset or a newer mail has settled.
  AND clock.now < ?3 + ?5
  AND coalesce(users.password_changed_at, 0) < ?3 + 5000 -- the clocks of D1 and the queue differ
  AND NOT EXISTS (SELECT 1 FROM mails AS later
                  WHERE later.user_id = users.user_id AND later.kind = 'reset' AND later.mail_id <> ?1
                    AND later.sent_at >= ?3 AND later.sent_at <= clock.now + 60000)
  -- Another mail to this user is being sent.
  AND NOT EXISTS (SELECT 1 FROM mails AS other
                  WHERE other.user_id = users.user_id AND other.kind = 'reset' AND other.mail_id <> ?1
                    AND other.sent_at IS NULL AND other.refused_at IS NULL
                    AND other.lease_until > clock.now AND other.lease_until <= clock.now + 120000)
  -- Either the link in the newest mail doesn't work for five more minutes, ...
  AND (NOT EXISTS (SELECT 1 FROM mails AS newest
                   WHERE newest.user_id = users.user_id AND newest.kind = 'reset' AND newest.sent_at IS NOT NULL
                     AND newest.expires_at >= clock.now + 300000 AND newest.issued_at >= users.codes_valid_from)
       -- ... or the user hasn't had a mail within a minute, 3 within an hour, or 10 within a day since the last reset.
       OR (SELECT count(CASE WHEN earlier.sent_at > clock.now - 60000 THEN 1 END) = 0
                  AND count(CASE WHEN earlier.sent_at > clock.now - 3600000 THEN 1 END) < 3
                  AND count(*) < 10
           FROM mails AS earlier
           WHERE earlier.user_id = users.user_id AND earlier.kind = 'reset'
             AND earlier.sent_at > max(clock.now - 86400000, coalesce(users.password_changed_at, 0))
             AND earlier.sent_at <= clock.now + 60000))
ON CONFLICT (mail_id) DO UPDATE
SET lease_until = excluded.lease_until, code_digest = excluded.code_digest,
    issued_at = excluded.issued_at, expires_at = excluded.expires_at
WHERE mails.sent_at IS NULL AND mails.refused_at IS NULL AND mails.lease_until NOT BETWEEN excluded.reserved_at + 1 AND excluded.lease_until
