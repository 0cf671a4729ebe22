-- Records that an event was delivered now.
UPDATE event_deliveries SET last_delivered_at = clock.now FROM clock WHERE only_row = 1
