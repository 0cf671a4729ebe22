-- Returns at most ?1 users whose name needs a key and has none.
SELECT user_id, user_name FROM users WHERE user_name_key IS NULL AND user_name GLOB '*[^!-~]*' LIMIT ?1
