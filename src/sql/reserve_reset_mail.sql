-- Reserves a reset mail for the user named ?2 under the request's id, ?1, unless the user has had 3 within an hour or 10
-- within a day. D1 has a single writer, so two concurrent requests can't both be the third. A user without an e-mail
-- address gets none.
INSERT INTO mails (mail_id, kind, user_id, reserved_at)
SELECT ?1, 'reset', users.user_id, clock.now
FROM users, clock
WHERE users.user_name = ?2
  AND users.email IS NOT NULL
  AND EXISTS (SELECT 1 FROM user_permissions AS held
              WHERE held.user_id = users.user_id AND held.permission IN ('Operator', 'Trading'))
  AND (SELECT count(*) FROM mails AS earlier
       WHERE earlier.user_id = users.user_id AND earlier.kind = 'reset'
         AND earlier.reserved_at > clock.now - 3600000) < 3
  AND (SELECT count(*) FROM mails AS earlier
       WHERE earlier.user_id = users.user_id AND earlier.kind = 'reset'
         AND earlier.reserved_at > clock.now - 86400000) < 10
ON CONFLICT (mail_id) DO NOTHING
