-- All-day schedules: 1; their times are midnights of their dates in UTC.
ALTER TABLE schedules ADD COLUMN all_day BIGINT NOT NULL DEFAULT 0;

-- The earliest start of a schedule and of its occurrences, which may have been moved to before the first one: a list of a
-- window finds recurring schedules by it.
ALTER TABLE schedules ADD COLUMN earliest_start BIGINT;

UPDATE schedules SET earliest_start = COALESCE(
    (SELECT MIN(e.start_time) FROM schedule_exceptions AS e
     WHERE e.schedule_id = schedules.id AND e.start_time < schedules.start_time),
    schedules.start_time);

DROP INDEX schedules_recurring;
CREATE INDEX schedules_recurring ON schedules (owner_id, earliest_start) WHERE recurrence_rule <> '';
