-- User names match regardless of letter case, Unicode composition and surrounding whitespace. SQLite folds only ASCII, so
-- the Worker stores the key by which it compares any other name. It is NULL until then, and for names of printable ASCII.
ALTER TABLE users ADD COLUMN user_name_key TEXT NULL;

CREATE INDEX users_by_name_key ON users (user_name_key) WHERE user_name_key IS NOT NULL;
CREATE INDEX users_without_name_key ON users (user_id) WHERE user_name_key IS NULL AND user_name GLOB '*[^!-~]*';

CREATE TRIGGER user_name_changed AFTER UPDATE OF user_name ON users
WHEN OLD.user_name IS NOT NEW.user_name COLLATE BINARY
BEGIN
  UPDATE users SET user_name_key = NULL WHERE user_id = NEW.user_id;
END;

-- A reset mail goes to the address that was on file when it was requested, or nowhere.
ALTER TABLE users ADD COLUMN email_changed_at INTEGER NULL;

CREATE TRIGGER user_email_changed AFTER UPDATE OF email ON users
WHEN OLD.email IS NOT NEW.email
BEGIN
  UPDATE users SET email_changed_at = (SELECT now FROM clock) WHERE user_id = NEW.user_id;
END;
