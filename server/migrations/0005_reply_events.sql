-- Most commands are answered with their event, which is kept already: then the reply is a number, not a copy.
ALTER TABLE command_replies ADD COLUMN event_seq BIGINT;
