-- Leases the reset mail that the request ?1 asks for, with the code whose digest is ?4, to the user whose name is ?2. The
-- key of that name is ?6 (src/user_name.rs). The request was made at ?3. ?5 is the lifetime of the code, in milliseconds.
--
-- docs/contract.md, section 3, states when a mail is due. D1 has a single writer, so two concurrent requests can't both
-- pass. Mails to another address than the one on file are in another mailbox and don't count. Neither do mails whose
-- times are more than a minute in the future, because a clock has stepped back since.
--
-- If several names match by their keys, only the user whose name is the same but for the case of ASCII letters counts:
-- otherwise, a stranger who signs up with a similar name could lock that user out.
--
-- If ?2 is an e-mail address (users_with_address.sql), ?7 is the id of the user, and otherwise it is empty. The address must
-- still be that user's: it may have been changed since.
WITH matching AS (SELECT * FROM users WHERE user_name = ?6 OR user_name_key = ?6 OR user_name = ?2),
     named AS (SELECT * FROM matching
               WHERE ?7 = '' AND (user_name = ?2 OR (SELECT count(*) FROM matching) = 1)
               UNION ALL
               SELECT * FROM users
               WHERE user_id = ?7 AND email COLLATE NOCASE IN (?2, ?6))
INSERT INTO mails (mail_id, kind, user_id, recipient, reserved_at, lease_until, code_digest, issued_at, expires_at)
SELECT ?1, 'reset', users.user_id, users.email, clock.now, clock.now + 120000, ?4,
       -- Later than the cut-off, and a minute ahead: marking the mail as sent moves the cut-off here, and must void the
       -- codes of issuers whose clocks are a minute ahead (MAX_CLOCK_SKEW_MILLIS).
       max(clock.now + 60001, users.codes_valid_from + 1), clock.now + ?5
FROM named AS users, clock
WHERE users.email IS NOT NULL
  -- claim_code.sql would refuse the code.
  AND users.locked_at IS NULL
  AND users.resets_allowed = 1
  AND EXISTS (SELECT 1 FROM user_permissions AS held
              WHERE held.user_id = users.user_id AND held.permission IN ('Operator', 'Trading'))
  -- A request that is older than a code's lifetime is settled. So is one that a reset, a newer mail, or a cut-off has
  -- overtaken: when support moves the cut-off, a retry must not hand out a code that survives it. A change of the address
  -- moves the cut-off, too. The clocks of D1 and the queue may differ by five seconds.
  AND clock.now < ?3 + ?5
  AND coalesce(users.password_changed_at, 0) < ?3 + 5000
  AND users.codes_valid_from <= ?3 + 65000
  AND NOT EXISTS (SELECT 1 FROM mails AS later
                  WHERE later.user_id = users.user_id AND later.kind = 'reset' AND later.mail_id <> ?1
                    AND later.recipient = users.email
                    -- Its link may have been voided, or have become old, while it was being sent.
                    AND later.issued_at >= users.codes_valid_from AND later.expires_at >= clock.now + 300000
                    AND later.sent_at >= ?3 AND later.sent_at <= clock.now + 60000)
  -- Another mail to this user is being sent.
  AND NOT EXISTS (SELECT 1 FROM mails AS other
                  WHERE other.user_id = users.user_id AND other.kind = 'reset' AND other.mail_id <> ?1
                    AND other.sent_at IS NULL AND other.refused_at IS NULL
                    AND other.lease_until > clock.now AND other.lease_until <= clock.now + 180000)
  -- Either the link in the newest mail doesn't work for five more minutes, ...
  AND (NOT EXISTS (SELECT 1 FROM mails AS newest
                   WHERE newest.user_id = users.user_id AND newest.kind = 'reset' AND newest.sent_at IS NOT NULL
                     AND newest.recipient = users.email
                     AND newest.expires_at >= clock.now + 300000 AND newest.issued_at >= users.codes_valid_from)
       -- ... or the user hasn't had a mail within a minute, 3 within an hour, or 10 within a day since the last reset.
       OR (SELECT count(CASE WHEN earlier.sent_at > clock.now - 60000 THEN 1 END) = 0
                  AND count(CASE WHEN earlier.sent_at > clock.now - 3600000 THEN 1 END) < 3
                  AND count(*) < 10
           FROM mails AS earlier
           WHERE earlier.user_id = users.user_id AND earlier.kind = 'reset' AND earlier.recipient = users.email
             AND earlier.sent_at > max(clock.now - 86400000, coalesce(users.password_changed_at, 0))
             AND earlier.sent_at <= clock.now + 60000))
-- The message is delivered again. If the name or the address now belongs to somebody else, the request is settled. A row of
-- an older version has no recipient yet.
ON CONFLICT (mail_id) DO UPDATE
SET recipient = excluded.recipient, lease_until = excluded.lease_until, code_digest = excluded.code_digest,
    issued_at = excluded.issued_at, expires_at = excluded.expires_at
WHERE mails.sent_at IS NULL AND mails.refused_at IS NULL
  AND mails.user_id = excluded.user_id AND coalesce(mails.recipient, excluded.recipient) = excluded.recipient
  AND mails.lease_until NOT BETWEEN excluded.reserved_at + 1 AND excluded.lease_until + 60000
