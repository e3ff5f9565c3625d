-- Events by stream: a durable, consecutively numbered log with one kind of reader, such as `timers:<user id>`. What an
-- event says is its protocol's business: `kind` and `payload` are opaque here.
-- Words in /*sqlite … */ are for SQLite alone: there small rows are kept in the primary key's tree, so that each is
-- written once.

ALTER TABLE events RENAME TO events_by_user;
ALTER TABLE event_streams RENAME TO event_streams_by_user;
ALTER TABLE command_replies RENAME TO command_replies_by_user;
ALTER TABLE timer_history RENAME TO timer_history_by_row;
DROP INDEX events_by_age;
DROP INDEX command_replies_by_age;

-- The newest seq of each stream.
CREATE TABLE event_streams (
    stream TEXT PRIMARY KEY NOT NULL,
    seq BIGINT NOT NULL
) /*sqlite WITHOUT ROWID*/;

INSERT INTO event_streams (stream, seq) SELECT 'timers:' || user_id, seq FROM event_streams_by_user;

CREATE TABLE events (
    stream TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (stream, seq)
);

-- A whole message, or the number of history entries that belong to it, a space, and the message without its history.
INSERT INTO events (stream, seq, at, kind, payload)
SELECT 'timers:' || user_id, seq, at,
    CASE WHEN history_entries IS NULL THEN 'message' ELSE 'message_without_history' END,
    CASE WHEN history_entries IS NULL THEN message ELSE CAST(history_entries AS TEXT) || ' ' || message END
FROM events_by_user;

-- What a command's id was first answered with, so that it applies once: an event of the protocol's stream of the user, by
-- its number, or else the reply itself.
CREATE TABLE command_replies (
    user_id TEXT NOT NULL,
    protocol TEXT NOT NULL,
    command_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    event_seq BIGINT,
    reply TEXT NOT NULL,
    PRIMARY KEY (user_id, protocol, command_id)
) /*sqlite WITHOUT ROWID*/;

INSERT INTO command_replies (user_id, protocol, command_id, at, event_seq, reply)
SELECT user_id, 'timers', command_id, at, event_seq, reply FROM command_replies_by_user;

CREATE INDEX command_replies_by_age ON command_replies (at);

CREATE TABLE timer_history (
    timer_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('start', 'pause', 'resume', 'stop', 'cancel')),
    at BIGINT NOT NULL,
    -- Whole seconds; on pause, stop and cancel.
    elapsed BIGINT,
    PRIMARY KEY (timer_id, position)
) /*sqlite WITHOUT ROWID*/;

INSERT INTO timer_history (timer_id, position, action, at, elapsed)
SELECT timer_id, position, action, at, elapsed FROM timer_history_by_row;

DROP TABLE events_by_user;
DROP TABLE event_streams_by_user;
DROP TABLE command_replies_by_user;
DROP TABLE timer_history_by_row;

-- A command changes as few indexes as possible: pausing and resuming do not move a timer in one, and a timer without a link
-- or an end is in none of these.
DROP INDEX timers_by_status;
CREATE INDEX timers_active ON timers (owner_id, created_at, id) WHERE status IN ('RUNNING', 'PAUSED');
DROP INDEX timers_by_end;
CREATE INDEX timers_by_end ON timers (owner_id, ended_at) WHERE ended_at IS NOT NULL;
DROP INDEX timers_by_schedule;
CREATE INDEX timers_by_schedule ON timers (schedule_id, owner_id, created_at) WHERE schedule_id IS NOT NULL;
DROP INDEX timers_by_todo;
CREATE INDEX timers_by_todo ON timers (todo_id, owner_id, created_at) WHERE todo_id IS NOT NULL;
