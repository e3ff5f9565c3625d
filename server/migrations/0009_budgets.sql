-- Bounds of what is read and kept for one user.

-- The newest public things first: a read takes a few of them, however many there are.
CREATE INDEX visibilities_public ON visibilities (resource_type, updated_at, id) WHERE level = 'public';

-- The requests that a user has sent or received and that wait, to be counted.
CREATE INDEX friendships_pending_sent ON friendships (requester_id) WHERE status = 'pending';
CREATE INDEX friendships_pending_received ON friendships (addressee_id) WHERE status = 'pending';

-- What a user keeps, maintained by each transaction that changes it. Tags are tags and groups; bytes are those of the
-- texts of timers, schedules, exceptions, todos, tags and groups.
CREATE TABLE user_usage (
    user_id TEXT PRIMARY KEY NOT NULL,
    timers BIGINT NOT NULL,
    schedules BIGINT NOT NULL,
    todos BIGINT NOT NULL,
    tags BIGINT NOT NULL,
    bytes BIGINT NOT NULL
);

INSERT INTO user_usage (user_id, timers, schedules, todos, tags, bytes)
SELECT owner_id, CAST(SUM(timers) AS BIGINT), CAST(SUM(schedules) AS BIGINT), CAST(SUM(todos) AS BIGINT),
    CAST(SUM(tags) AS BIGINT), CAST(SUM(bytes) AS BIGINT)
FROM (
    SELECT owner_id, 1 AS timers, 0 AS schedules, 0 AS todos, 0 AS tags,
        octet_length(COALESCE(title, '')) + octet_length(COALESCE(description, '')) AS bytes FROM timers
    UNION ALL
    SELECT owner_id, 0, 1, 0, 0, octet_length(title) + octet_length(COALESCE(description, ''))
        + octet_length(COALESCE(recurrence_rule, '')) FROM schedules
    UNION ALL
    SELECT schedules.owner_id, 0, 0, 0, 0, octet_length(COALESCE(schedule_exceptions.title, ''))
        + octet_length(COALESCE(schedule_exceptions.description, ''))
        FROM schedule_exceptions JOIN schedules ON schedules.id = schedule_exceptions.schedule_id
    UNION ALL
    SELECT owner_id, 0, 0, 1, 0, octet_length(title) + octet_length(COALESCE(description, '')) FROM todos
    UNION ALL
    SELECT owner_id, 0, 0, 0, 1, octet_length(name) + octet_length(COALESCE(description, '')) FROM tags
    UNION ALL
    SELECT owner_id, 0, 0, 0, 1, octet_length(name) + octet_length(COALESCE(description, ''))
        + octet_length(COALESCE(goal_ratios, '')) FROM tag_groups
) AS kept
GROUP BY owner_id;
