-- How the app looks and sounds for a user. Null: the app decides; a user without a row has the defaults.
CREATE TABLE preferences (
    user_id TEXT PRIMARY KEY NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- en or ko.
    language TEXT,
    -- light or dark.
    theme TEXT,
    -- A name of the IANA database.
    time_zone TEXT,
    -- monday, saturday or sunday.
    week_start TEXT,
    -- 12 or 24.
    hour_cycle BIGINT,
    default_minutes BIGINT NOT NULL,
    -- 0 or 1; so is the next one.
    sound BIGINT NOT NULL,
    notifications BIGINT NOT NULL
);
