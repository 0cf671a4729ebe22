-- Stores the keys of user names, unless a name has changed since. ?1 is a JSON array of objects.
UPDATE users SET user_name_key = named.value ->> 'key'
FROM json_each(?1) AS named
WHERE users.user_id = named.value ->> 'user_id' AND users.user_name = named.value ->> 'user_name' COLLATE BINARY
