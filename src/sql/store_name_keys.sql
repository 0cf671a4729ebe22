-- Stores the keys of user names, unless a name has changed since. ?1 is a JSON array of
-- objects with the keys id, name_hex and key.
UPDATE users SET user_name_key = named.value ->> 'key'
FROM json_each(?1) AS named
WHERE users.rowid = named.value ->> 'id' AND hex(users.user_name) = named.value ->> 'name_hex'
  AND users.user_name_key IS NULL
