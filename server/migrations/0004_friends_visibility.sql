-- Who knows whom, and who may see what. Instants are milliseconds since 1970, UTC.

-- What friends see of the user's timers: their titles, only that something runs, or nothing.
ALTER TABLE users ADD COLUMN friend_activity TEXT NOT NULL DEFAULT 'titles'
    CHECK (friend_activity IN ('titles', 'running', 'nothing'));

CREATE TABLE friendships (
    id TEXT PRIMARY KEY NOT NULL,
    -- The pair whatever its direction, the smaller id by its bytes first: there is at most one record of it.
    low_id TEXT NOT NULL,
    high_id TEXT NOT NULL,
    requester_id TEXT NOT NULL,
    addressee_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'accepted', 'blocked')),
    blocked_by TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (low_id, high_id)
);

CREATE INDEX friendships_by_requester ON friendships (requester_id, status, addressee_id);
CREATE INDEX friendships_by_addressee ON friendships (addressee_id, status, requester_id);

-- Who may see a schedule, a timer or a todo; without one, its owner alone.
CREATE TABLE visibilities (
    id TEXT PRIMARY KEY NOT NULL,
    resource_type TEXT NOT NULL CHECK (resource_type IN ('schedule', 'timer', 'todo')),
    resource_id TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('private', 'friends', 'selected', 'allowed_emails', 'public')),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (resource_type, resource_id)
);

CREATE INDEX visibilities_by_owner ON visibilities (owner_id, resource_type, level);
CREATE INDEX visibilities_by_level ON visibilities (resource_type, level, owner_id);

-- The lists of the levels selected (users) and allowed_emails (emails, domains).
CREATE TABLE visibility_entries (
    visibility_id TEXT NOT NULL REFERENCES visibilities (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('user', 'email', 'domain')),
    -- What a reader must be or have: the id, or the address or domain in lower case.
    match_key TEXT NOT NULL,
    -- As it was given, and its place in its list.
    value TEXT NOT NULL,
    place BIGINT NOT NULL,
    PRIMARY KEY (visibility_id, kind, match_key)
);

CREATE INDEX visibility_entries_by_key ON visibility_entries (kind, match_key, visibility_id);
