-- Returns the users whose e-mail address is ?1, regardless of the case of ASCII letters and of whitespace at either end, if that
-- is nobody's user name. ?2 is its key as a user name (src/user_name.rs), which is trimmed and in lower case. At most ten: a
-- request must not cause any number of mails. Users who can get none don't count: otherwise, strangers who sign up with an
-- address could take all places.
SELECT user_id FROM users
WHERE email COLLATE NOCASE IN (?1, ?2)
  AND locked_at IS NULL
  AND resets_allowed = 1
  AND EXISTS (SELECT 1 FROM user_permissions AS held
              WHERE held.user_id = users.user_id AND held.permission IN ('Operator', 'Trading'))
  AND NOT EXISTS (SELECT 1 FROM users AS named
                  WHERE named.user_name = ?2 OR named.user_name_key = ?2 OR named.user_name = ?1)
ORDER BY +user_id -- the plus keeps SQLite from reading all users in this order
LIMIT 10
