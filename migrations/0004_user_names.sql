-- User names match regardless of letter case, Unicode normalization, and whitespace at either end. SQLite folds ASCII only,
-- so for a name that contains anything but visible ASCII, the Worker stores the key by which it is compared. Until it has,
-- and for all other names, the key is NULL. Names of more than 256 characters get no key, and SQLite alone compares them.
ALTER TABLE users ADD COLUMN user_name_key TEXT NULL;

CREATE INDEX users_by_name_key ON users (user_name_key) WHERE user_name_key IS NOT NULL;
CREATE INDEX users_without_name_key ON users (user_id)
WHERE user_name_key IS NULL AND user_name GLOB '*[^!-~]*' AND length(user_name) <= 256;

CREATE TRIGGER user_renamed AFTER UPDATE OF user_name ON users
WHEN OLD.user_name IS NOT NEW.user_name COLLATE BINARY
BEGIN
  UPDATE users SET user_name_key = NULL WHERE user_id = NEW.user_id;
END;

-- INSERT OR REPLACE may copy the key from an old row that had another name.
CREATE TRIGGER user_inserted_with_name_key AFTER INSERT ON users
WHEN NEW.user_name_key IS NOT NULL
BEGIN
  UPDATE users SET user_name_key = NULL WHERE user_id = NEW.user_id;
END;

-- Whoever reads the former mailbox must not reset the password. A minute ahead, as after a reset (change_password.sql).
CREATE TRIGGER user_address_changed AFTER UPDATE OF email ON users
WHEN OLD.email IS NOT NEW.email
BEGIN
  UPDATE users SET codes_valid_from = max(codes_valid_from, (SELECT now + 60001 FROM clock)) WHERE user_id = NEW.user_id;
END;
