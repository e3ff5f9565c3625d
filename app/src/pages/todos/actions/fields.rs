//! Changes of a todo's own fields.

use super::{Todos, object, path, seconds, text, toggled};
use crate::{
    pages::todos::{data::TodoRow, edit::TodoEdit},
    writes::Write,
};
use protocol::{
    id::{TagId, TodoId},
    limits,
    time::Timestamp,
    todo::TodoStatus,
};
use serde_json::Value;

impl Todos {
    /// Marks a todo as done, or opens one that is done or cancelled again.
    pub fn toggle(self, id: TodoId) {
        if let Some(row) = self.row_untracked(id) {
            self.set_status(id, toggled(row.status));
        }
    }

    /// Sets the status. The todo stays in sight, also where the filters leave it out from now on.
    pub fn set_status(self, id: TodoId, status: TodoStatus) {
        let Some(row) = self.row_untracked(id).filter(|row| row.status != status) else {
            return;
        };
        let words = match status {
            TodoStatus::Done => self.texts.now_done,
            TodoStatus::Cancelled => self.texts.now_cancelled,
            TodoStatus::Unscheduled | TodoStatus::Scheduled => self.texts.now_open,
        };
        if row.is_open() != (TodoRow { status, ..row.clone() }).is_open() {
            self.say(words(self.title(&row)));
        }
        let row = TodoRow { status, ..row };
        self.keep(&row);
        self.put(row, vec![("status", text(status.as_str()))]);
    }

    pub fn set_title(self, id: TodoId, title: &str) {
        let title: String = title.trim().chars().take(limits::TITLE_CHARS).collect();
        let row = self.row_untracked(id).filter(|row| row.title != title);
        if let Some(row) = row.filter(|_| !title.is_empty()) {
            let body = vec![("title", text(&title))];
            self.put(TodoRow { title, ..row }, body);
        }
    }

    pub fn set_description(self, id: TodoId, description: &str) {
        let description: String = description.chars().take(limits::DESCRIPTION_CHARS).collect();
        let value = match description.trim() {
            "" => Value::Null,
            _ => text(&description),
        };
        let write = Write::patch(path(id), &object(vec![("description", value)]));
        self.data.edit(TodoEdit::Describe(id, description), write);
    }

    pub fn set_deadline(self, id: TodoId, deadline: Option<Timestamp>) {
        let row = self.row_untracked(id).filter(|row| row.deadline != deadline);
        if let Some(row) = row {
            let body = vec![("deadline", deadline.map_or(Value::Null, seconds))];
            self.put(TodoRow { deadline, ..row }, body);
        }
    }

    /// Adds a tag or removes it.
    pub fn toggle_tag(self, id: TodoId, tag: TagId) {
        let Some(mut row) = self.row_untracked(id) else {
            return;
        };
        match row.tags.iter().position(|known| *known == tag) {
            Some(place) => drop(row.tags.remove(place)),
            None => row.tags.push(tag),
        }
        row.tags.sort();
        let body = vec![("tag_ids", row.tags.iter().map(text).collect())];
        self.put(row, body);
    }
}
