-- The exchange gets an event for each reset and each lock (docs/contract.md, section 7).
ALTER TABLE audit_log ADD COLUMN held_until INTEGER NULL; -- the hold on withdrawals that the attempt set
ALTER TABLE audit_log ADD COLUMN request_id TEXT    NULL; -- X-Request-Id, by which support finds the attempt

-- When an event was last delivered: one row, for the health check.
CREATE TABLE event_deliveries (
  only_row          INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
  last_delivered_at INTEGER NULL
) STRICT;

INSERT INTO event_deliveries (only_row) VALUES (1);
