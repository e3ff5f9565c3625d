-- The refresh tokens of a session carry its family: one that was exchanged long ago is known by it, although only those
-- exchanged in the last seconds are kept. Sessions of older releases have none until their next refresh.
ALTER TABLE sessions ADD COLUMN family_hash TEXT;

CREATE UNIQUE INDEX sessions_by_family ON sessions (family_hash);

-- 1: the token carries its session's family.
ALTER TABLE refresh_tokens ADD COLUMN has_family BIGINT NOT NULL DEFAULT 0;

CREATE INDEX refresh_tokens_by_use ON refresh_tokens (used_at);

-- With SIGNUPS=invite each is good for one account. Only a hash of the code is kept.
CREATE TABLE invitations (
    code_hash TEXT PRIMARY KEY NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    used_by TEXT REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX invitations_by_user ON invitations (used_by);
