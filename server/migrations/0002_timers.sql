CREATE TABLE timers (
    id TEXT PRIMARY KEY NOT NULL,
    owner_id TEXT NOT NULL,
    title TEXT,
    description TEXT,
    schedule_id TEXT,
    todo_id TEXT,
    allocated_seconds BIGINT NOT NULL,
    -- The finished running spans; what a running timer shows is derived when it is read.
    elapsed_millis BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('RUNNING', 'PAUSED', 'COMPLETED', 'CANCELLED')),
    started_at BIGINT NOT NULL,
    paused_at BIGINT,
    ended_at BIGINT,
    -- JSON: what happened to it, oldest first.
    history TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX timers_by_owner ON timers (owner_id, created_at);
CREATE INDEX timers_by_status ON timers (owner_id, status, created_at);
CREATE INDEX timers_by_end ON timers (owner_id, ended_at);

-- The newest seq of each user's events.
CREATE TABLE event_streams (
    user_id TEXT PRIMARY KEY NOT NULL,
    seq BIGINT NOT NULL
);

CREATE TABLE events (
    user_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (user_id, seq)
);

CREATE INDEX events_by_age ON events (at);

-- What a command's id was first answered with, so that it applies once.
CREATE TABLE command_replies (
    user_id TEXT NOT NULL,
    command_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    reply TEXT NOT NULL,
    PRIMARY KEY (user_id, command_id)
);

CREATE INDEX command_replies_by_age ON command_replies (at);

CREATE TABLE server_meta (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);
