-- Who may sign in. Instants are milliseconds since 1970, UTC; ids are text.
-- Only types and statements that SQLite and PostgreSQL share.

-- Everybody who was ever here, by the sub of their tokens. Name, avatar and address follow the newest token.
CREATE TABLE users (
    id TEXT PRIMARY KEY NOT NULL,
    display_name TEXT,
    avatar_url TEXT,
    -- Verified by the issuer, in lower case; an unverified one is not kept.
    email TEXT,
    -- Made once, then stable.
    friend_code TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

CREATE INDEX users_by_email ON users (email);

-- A built-in account: the address signs in, it is not verified.
CREATE TABLE credentials (
    email TEXT PRIMARY KEY NOT NULL,
    user_id TEXT NOT NULL UNIQUE REFERENCES users (id) ON DELETE CASCADE,
    password_hash TEXT NOT NULL
);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Each refresh token is for one use; used_at tells a second one. Only a hash is kept.
CREATE TABLE refresh_tokens (
    token_hash TEXT PRIMARY KEY NOT NULL,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    used_at BIGINT
);

CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);
