-- The name that a person chose in the settings; it replaces the one in their tokens. Null: the token's.
ALTER TABLE users ADD COLUMN chosen_name TEXT;
