-- When a change happened and when the server received it: the two differ for what was done offline. Milliseconds since 1970.

-- Null: at the moment itself.
ALTER TABLE timer_history ADD COLUMN received_at BIGINT;
-- The end that a correction replaced; on stop.
ALTER TABLE timer_history ADD COLUMN corrected_from BIGINT;
