-- Returns at most ?1 users whose name needs a key and has none. The name's bytes identify it, because a name that isn't
-- UTF-8 doesn't reach the Worker unchanged.
SELECT rowid AS id, user_name, hex(user_name) AS name_hex FROM users
WHERE user_name_key IS NULL AND user_name GLOB '*[^!-~]*' AND length(user_name) <= 256
LIMIT ?1
