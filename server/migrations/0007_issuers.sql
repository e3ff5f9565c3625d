-- A user is whom an issuer calls by a subject: the same subject of another issuer is another user.
-- The id stays what the wire and all other tables know; it equals the subject of the first issuer that brought it.
-- Null: a user from before whose issuer is not known yet; the first start with an issuer configured names it.
ALTER TABLE users ADD COLUMN issuer TEXT;
ALTER TABLE users ADD COLUMN subject TEXT NOT NULL DEFAULT '';

UPDATE users SET subject = id;
-- The built-in accounts.
UPDATE users SET issuer = 'lockstep' WHERE id IN (SELECT user_id FROM credentials);

CREATE UNIQUE INDEX users_by_subject ON users (issuer, subject);
