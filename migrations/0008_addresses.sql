-- A user name that contains @ and is nobody's is looked up as an e-mail address (docs/contract.md, section 3).
CREATE INDEX users_by_email ON users (email COLLATE NOCASE);
