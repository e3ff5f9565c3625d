//! What the page of todos shows, and the query of its address.

use crate::{links::TagLink, query::Query};
use protocol::{
    id::{ScheduleId, TagGroupId, TagId, TodoId},
    time::Timestamp,
    todo::TodoStatus,
};
use serde::{Deserialize, Serialize};

/// The page's path.
pub const PATH: &str = "/todos";
/// The number of rows that a page shows at once.
pub const ROWS: usize = 200;

/// A part of the user's todos as a tree by groups.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TodosData {
    pub query: TodosQuery,
    /// All groups, by name.
    pub groups: Vec<Group>,
    /// All tags, by name.
    pub tags: Vec<TagLink>,
    /// The todos that are shown; where each is shown is derived.
    pub rows: Vec<TodoRow>,
    /// The keys of what is folded on this device.
    pub folds: Vec<u32>,
    /// The todo whose panel is open.
    pub detail: Option<Detail>,
}

/// A tag group as a section of the page.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Group {
    pub id: TagGroupId,
    pub name: String,
    pub color: String,
    /// Its open todos, whatever the filters.
    pub open: usize,
    /// The rows that it has with these filters.
    pub total: usize,
    /// The number of rows up to the last one that is shown.
    pub shown: usize,
}

/// A todo.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TodoRow {
    pub id: TodoId,
    pub group: TagGroupId,
    pub parent: Option<TodoId>,
    pub title: String,
    pub status: TodoStatus,
    pub deadline: Option<Timestamp>,
    pub created: Timestamp,
    pub tags: Vec<TagId>,
    /// Whether it is shown only for a todo below it.
    pub is_context: bool,
    /// The todos right below it, without cancelled ones, and how many of them are done; whatever the filters.
    pub children: u32,
    pub done: u32,
    /// The time spent on it and on all todos below it, in seconds.
    pub seconds: i64,
    /// Whether the server does not have it like this yet.
    #[serde(default)]
    pub waits: bool,
}

impl TodoRow {
    /// Whether it is neither done nor cancelled.
    pub fn is_open(&self) -> bool {
        !matches!(self.status, TodoStatus::Done | TodoStatus::Cancelled)
    }
}

/// What the panel of a todo shows besides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    pub row: TodoRow,
    pub description: String,
    /// Its times in the calendar, by start.
    pub plans: Vec<Planned>,
}

/// A time in the calendar.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Planned {
    pub id: ScheduleId,
    pub start: Timestamp,
    pub end: Timestamp,
    pub recurs: bool,
    #[serde(default)]
    pub waits: bool,
}

/// Which todos are shown by their status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown {
    #[default]
    Open,
    Done,
    Cancelled,
    All,
}

impl Shown {
    pub const ALL: [Self; 4] = [Self::Open, Self::Done, Self::Cancelled, Self::All];

    /// The word in the address.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::All => "all",
        }
    }

    /// The value of a word; open ones for any other.
    pub fn of(word: &str) -> Self {
        let is = |shown: &Self| shown.word() == word;
        Self::ALL.into_iter().find(is).unwrap_or_default()
    }
}

/// The query of the page's address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodosQuery {
    /// A part of the title or the description.
    pub text: String,
    pub group: Option<TagGroupId>,
    pub tag: Option<TagId>,
    pub shown: Shown,
    /// With a group: the number of its rows that are left out at its start.
    pub from: usize,
    /// The todo whose panel is open.
    pub todo: Option<TodoId>,
}

impl TodosQuery {
    /// Whether only some of the todos are shown, besides that those done are not.
    pub fn is_filtered(&self) -> bool {
        !self.text.is_empty() || self.group.is_some() || self.tag.is_some() || self.shown != Shown::Open
    }

    /// Whether todos are searched, so that those found show, folded or not.
    pub fn is_search(&self) -> bool {
        !self.text.is_empty() || self.tag.is_some()
    }

    /// The same query with a group's rows from the one of a number.
    pub fn within(&self, group: TagGroupId, from: usize) -> Self {
        Self {
            group: Some(group),
            from,
            todo: None,
            ..self.clone()
        }
    }

    /// The same query with the panel of a todo.
    pub fn with_todo(&self, todo: Option<TodoId>) -> Self {
        Self { todo, ..self.clone() }
    }

    /// The query without `?`.
    pub fn text(&self) -> String {
        self.query().into_text()
    }

    /// The address of the page with this query.
    pub fn address(&self) -> String {
        self.query().address(PATH)
    }

    fn query(&self) -> Query {
        let mut query = Query::default();
        let mut add = |name: &str, value: &str| query.add(name, value);
        let id = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        add("q", &self.text);
        add("group", &id(self.group.map(|group| group.0)));
        add("tag", &id(self.tag.map(|tag| tag.0)));
        if self.shown != Shown::Open {
            add("status", self.shown.word());
        }
        if self.from > 0 {
            add("from", &self.from.to_string());
        }
        add("todo", &id(self.todo.map(|todo| todo.0)));
        query
    }
}

#[cfg(feature = "ssr")]
impl TodosQuery {
    /// The query of a request; what cannot be read counts as absent.
    pub fn of(request: &crate::page::PageRequest<'_>) -> Self {
        let value = |name: &str| request.query(name).unwrap_or_default();
        let text: String = value("q").chars().take(protocol::limits::TITLE_CHARS).collect();
        Self {
            // U+0000 is no part of any text in PostgreSQL.
            text: text.replace('\0', "").trim().to_owned(),
            group: value("group").parse().ok(),
            tag: value("tag").parse().ok(),
            shown: Shown::of(&value("status")),
            from: value("from").parse().unwrap_or_default(),
            todo: value("todo").parse().ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_query_has_what_differs_from_the_default() {
        assert_eq!(TodosQuery::default().address(), "/todos");
        let query = TodosQuery {
            text: "a&b 집".to_owned(),
            shown: Shown::All,
            from: 200,
            group: Some(TagGroupId(Uuid::nil())),
            ..TodosQuery::default()
        };
        let expected = "q=a%26b%20%EC%A7%91&group=00000000-0000-0000-0000-000000000000&status=all&from=200";
        assert_eq!(query.text(), expected);
        assert!(query.is_filtered() && query.is_search());
    }

    #[test]
    fn unknown_statuses_are_open() {
        assert_eq!(Shown::of("done"), Shown::Done);
        assert_eq!(Shown::of("DONE"), Shown::Open);
    }
}
