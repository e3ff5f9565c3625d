-- A block belongs to the user who made it. The other user's block of the same pair is a row of its own.
CREATE TABLE blocks (
    id TEXT PRIMARY KEY NOT NULL,
    blocker_id TEXT NOT NULL,
    blocked_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (blocker_id, blocked_id)
);

CREATE INDEX blocks_by_blocked ON blocks (blocked_id, blocker_id);

INSERT INTO blocks (id, blocker_id, blocked_id, created_at)
    SELECT id, blocked_by, CASE WHEN blocked_by = requester_id THEN addressee_id ELSE requester_id END, updated_at
    FROM friendships WHERE status = 'blocked' AND blocked_by IS NOT NULL;

-- From here on friendships holds requests and friends only.
DELETE FROM friendships WHERE status = 'blocked';
ALTER TABLE friendships DROP COLUMN blocked_by;
