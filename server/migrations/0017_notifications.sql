-- What a user is told about, until it is read and for 90 days after (contract, WebSocket "Notifications").
CREATE TABLE notifications (
    id TEXT PRIMARY KEY NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    -- The user who caused it, who need not exist any more.
    actor_id TEXT NOT NULL,
    entity_type TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Null: unread.
    read_at BIGINT
);

-- Lists are ordered by id, whose first part is a time.
CREATE INDEX notifications_of_user ON notifications (user_id, id);
-- The same is told once until it is read.
CREATE UNIQUE INDEX notifications_unread ON notifications (user_id, kind, actor_id, entity_id) WHERE read_at IS NULL;
CREATE INDEX notifications_by_read ON notifications (read_at) WHERE read_at IS NOT NULL;
CREATE INDEX notifications_of_entity ON notifications (entity_id);

-- The kinds that a user has switched off.
CREATE TABLE muted_notifications (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    PRIMARY KEY (user_id, kind)
);
