-- What timers are for. Booleans are 0 and 1; instants are milliseconds since 1970, UTC.
CREATE TABLE tag_groups (
    id TEXT PRIMARY KEY NOT NULL,
    owner_id TEXT NOT NULL,
    name TEXT NOT NULL,
    color TEXT NOT NULL,
    description TEXT,
    -- JSON: an object of numbers.
    goal_ratios TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX tag_groups_by_owner ON tag_groups (owner_id);

CREATE TABLE tags (
    id TEXT PRIMARY KEY NOT NULL,
    owner_id TEXT NOT NULL,
    group_id TEXT NOT NULL REFERENCES tag_groups (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    color TEXT NOT NULL,
    description TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (group_id, name)
);

CREATE INDEX tags_by_owner ON tags (owner_id);

CREATE TABLE todos (
    id TEXT PRIMARY KEY NOT NULL,
    owner_id TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT,
    deadline BIGINT,
    tag_group_id TEXT NOT NULL REFERENCES tag_groups (id) ON DELETE CASCADE,
    parent_id TEXT REFERENCES todos (id) ON DELETE SET NULL,
    status TEXT NOT NULL CHECK (status IN ('UNSCHEDULED', 'SCHEDULED', 'DONE', 'CANCELLED')),
    created_at BIGINT NOT NULL
);

CREATE INDEX todos_by_owner ON todos (owner_id, tag_group_id);
CREATE INDEX todos_by_group ON todos (tag_group_id);
CREATE INDEX todos_by_parent ON todos (parent_id);

CREATE TABLE schedules (
    id TEXT PRIMARY KEY NOT NULL,
    owner_id TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT,
    start_time BIGINT NOT NULL,
    end_time BIGINT NOT NULL,
    -- RFC 5545 text as given; null and empty: it does not recur.
    recurrence_rule TEXT,
    recurrence_end BIGINT,
    tag_group_id TEXT REFERENCES tag_groups (id) ON DELETE SET NULL,
    source_todo_id TEXT REFERENCES todos (id) ON DELETE CASCADE,
    -- The todo's deadline made it, and moves it.
    from_deadline BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('PLANNED', 'CONFIRMED', 'CANCELLED')),
    created_at BIGINT NOT NULL
);

CREATE INDEX schedules_by_start ON schedules (owner_id, start_time);
CREATE INDEX schedules_by_end ON schedules (owner_id, end_time);
CREATE INDEX schedules_recurring ON schedules (owner_id, start_time) WHERE recurrence_rule <> '';
CREATE INDEX schedules_by_todo ON schedules (source_todo_id, start_time);
CREATE INDEX schedules_by_group ON schedules (tag_group_id);

-- Occurrences of a recurring schedule that are not as the rule says.
CREATE TABLE schedule_exceptions (
    id TEXT PRIMARY KEY NOT NULL,
    schedule_id TEXT NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    -- When the rule has it start.
    instance_start BIGINT NOT NULL,
    removed BIGINT NOT NULL,
    -- Null: as the schedule.
    title TEXT,
    description TEXT,
    start_time BIGINT,
    end_time BIGINT,
    UNIQUE (schedule_id, instance_start)
);

CREATE TABLE schedule_tags (
    schedule_id TEXT NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    tag_id TEXT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    PRIMARY KEY (schedule_id, tag_id)
);

CREATE INDEX schedule_tags_by_tag ON schedule_tags (tag_id);

CREATE TABLE schedule_exception_tags (
    exception_id TEXT NOT NULL REFERENCES schedule_exceptions (id) ON DELETE CASCADE,
    tag_id TEXT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    PRIMARY KEY (exception_id, tag_id)
);

CREATE INDEX schedule_exception_tags_by_tag ON schedule_exception_tags (tag_id);

CREATE TABLE todo_tags (
    todo_id TEXT NOT NULL REFERENCES todos (id) ON DELETE CASCADE,
    tag_id TEXT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    PRIMARY KEY (todo_id, tag_id)
);

CREATE INDEX todo_tags_by_tag ON todo_tags (tag_id);

CREATE TABLE timer_tags (
    timer_id TEXT NOT NULL REFERENCES timers (id) ON DELETE CASCADE,
    tag_id TEXT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    PRIMARY KEY (timer_id, tag_id)
);

CREATE INDEX timer_tags_by_tag ON timer_tags (tag_id);

CREATE INDEX timers_by_schedule ON timers (schedule_id, owner_id, created_at);
CREATE INDEX timers_by_todo ON timers (todo_id, owner_id, created_at);
