-- What happened to a timer, a row for each entry, oldest first from position 0. Rows are only added; those of a deleted
-- timer stay while logged events refer to them.
CREATE TABLE timer_history (
    timer_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('start', 'pause', 'resume', 'stop', 'cancel')),
    at BIGINT NOT NULL,
    -- Whole seconds; on pause, stop and cancel.
    elapsed BIGINT,
    PRIMARY KEY (timer_id, position)
);

-- Until now the history was JSON in the timer. When the database is opened it is moved to rows, and the column is empty
-- from then on.
CREATE INDEX timers_with_json_history ON timers (id) WHERE history <> '';

-- An event about a timer is logged without the history: this many entries of this timer belong to it. Earlier events
-- have neither, and the whole history in their message.
ALTER TABLE events ADD COLUMN timer_id TEXT;
ALTER TABLE events ADD COLUMN history_entries BIGINT;

-- Timers that are gone and whose history may still be referred to: by events of their owner up to this one.
CREATE TABLE deleted_timers (
    timer_id TEXT PRIMARY KEY NOT NULL,
    owner_id TEXT NOT NULL,
    seq BIGINT NOT NULL
);
