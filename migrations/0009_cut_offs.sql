-- A change of address voids the codes in the former mailbox (migration 0004). The code of a mail may be dated a millisecond after
-- the cut-off, however far ahead that is, so the cut-off moves by more than that.
DROP TRIGGER user_address_changed;

CREATE TRIGGER user_address_changed AFTER UPDATE OF email ON users
WHEN OLD.email IS NOT NEW.email
BEGIN
  UPDATE users SET codes_valid_from = max(codes_valid_from + 2, (SELECT now + 60002 FROM clock)) WHERE user_id = NEW.user_id;
END;
