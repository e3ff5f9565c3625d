-- Lists are read page by page. What decides where a todo stands in its list is in the index, so that titles and
-- descriptions are read of one page alone.
CREATE INDEX todos_in_order ON todos (owner_id, status, deadline, created_at, id, parent_id, tag_group_id);

CREATE INDEX friendships_sent_by_time ON friendships (requester_id, status, updated_at, id);
CREATE INDEX friendships_received_by_time ON friendships (addressee_id, status, updated_at, id);
