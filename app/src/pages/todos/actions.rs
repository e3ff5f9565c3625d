//! The state of the page besides its data, and what can be done on it, as a context.

#![cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "nothing is done on the server"))]

use super::{
    data::{TodoRow, TodosData, TodosQuery},
    edit::TodoEdit,
    folds,
    tree::{self, Direction, Section, Target},
};
use crate::{
    locale::Locale,
    navigation::Navigator,
    page::PageData,
    state::{Clock, Commands},
    texts::TodosTexts,
    writes::Write,
};
use leptos::prelude::*;
use protocol::{
    id::{TagGroupId, TodoId},
    time::Timestamp,
    todo::{TodoStatus, fold_key},
};
use serde_json::{Map, Value};
use uuid::Uuid;

mod create;
mod fields;

/// The page.
#[derive(Clone, Copy)]
pub struct Todos {
    pub data: PageData<TodosData, TodoEdit>,
    /// What the address says; the data follows.
    pub query: RwSignal<TodosQuery>,
    pub folds: RwSignal<Vec<u32>>,
    /// Todos that were changed here so that the filters leave them out: they are shown until the filters change.
    pub kept: RwSignal<Vec<TodoRow>>,
    /// The rows as they are shown.
    pub sections: Memo<Vec<Section>>,
    /// The row that the keyboard enters.
    pub chosen: RwSignal<Option<TodoId>>,
    /// The row whose menu is open.
    pub menu: RwSignal<Option<TodoId>>,
    /// The todo whose panel is open.
    pub panel: RwSignal<Option<TodoId>>,
    /// The todo below which new ones are added.
    pub below: RwSignal<Option<TodoId>>,
    /// The group to which new ones are added.
    pub into: RwSignal<Option<TagGroupId>>,
    pub dragged: RwSignal<Option<TodoId>>,
    /// Where the dragged todo would be dropped.
    pub target: RwSignal<Option<Target>>,
    /// The latest text for screen readers.
    pub spoken: RwSignal<String>,
    /// The row that has the focus, which it keeps when it is built anew.
    pub focused: StoredValue<Option<TodoId>>,
    pub clock: Clock,
    pub locale: Locale,
    pub texts: &'static TodosTexts,
    commands: Commands,
    navigator: Navigator,
}

impl Todos {
    pub fn new(data: PageData<TodosData, TodoEdit>) -> Self {
        let (query, folds) = data.with_untracked(|data| (data.query.clone(), data.folds.clone()));
        let panel = data.with_untracked(|data| data.detail.as_ref().map(|detail| detail.row.id));
        let (folds, kept) = (RwSignal::new(folds), RwSignal::new(Vec::new()));
        let locale = Locale::current();
        Self {
            data,
            query: RwSignal::new(query),
            sections: Memo::new(move |_| {
                data.with(|data| folds.with(|folds| kept.with(|kept| tree::sections(data, folds, kept))))
            }),
            folds,
            kept,
            chosen: RwSignal::new(panel),
            menu: RwSignal::new(None),
            panel: RwSignal::new(panel),
            below: RwSignal::new(None),
            into: RwSignal::new(None),
            dragged: RwSignal::new(None),
            target: RwSignal::new(None),
            spoken: RwSignal::new(String::new()),
            focused: StoredValue::new(None),
            clock: expect_context(),
            commands: expect_context(),
            navigator: expect_context(),
            locale,
            texts: locale.texts(),
        }
    }

    /// A todo.
    pub fn row(self, id: TodoId) -> Option<TodoRow> {
        let listed = self.data.with(|data| {
            let of_panel = data.detail.as_ref().map(|detail| &detail.row);
            let mut rows = data.rows.iter().chain(of_panel);
            rows.find(|row| row.id == id).cloned()
        });
        listed.or_else(|| self.kept.with(|kept| kept.iter().find(|row| row.id == id).cloned()))
    }

    fn row_untracked(self, id: TodoId) -> Option<TodoRow> {
        untrack(|| self.row(id))
    }

    /// A title, or a placeholder.
    pub fn title(self, row: &TodoRow) -> &str {
        match row.title.trim() {
            "" => self.texts.untitled,
            title => title,
        }
    }

    pub fn say(self, text: String) {
        self.spoken.set(text);
    }

    /// Shows other todos. What was kept goes.
    pub fn show(self, query: TodosQuery) {
        self.kept.set(Vec::new());
        let text = query.text();
        self.query.set(query);
        self.navigator.set_query(&text);
    }

    /// Opens the panel of a todo.
    pub fn open(self, id: TodoId) {
        self.menu.set(None);
        self.chosen.set(Some(id));
        self.set_panel(Some(id));
    }

    pub fn close(self) {
        let open = self.panel.get_untracked();
        self.set_panel(None);
        self.focus(open);
    }

    fn set_panel(self, todo: Option<TodoId>) {
        if self.panel.get_untracked() != todo {
            self.panel.set(todo);
            self.query.update(|query| query.todo = todo);
            let text = self.query.with_untracked(TodosQuery::text);
            self.navigator.set_query(&text);
        }
    }

    /// Chooses a row, which gets the focus.
    pub fn focus(self, id: Option<TodoId>) {
        if let Some(id) = id {
            self.chosen.set(Some(id));
            self.focused.set_value(Some(id));
            #[cfg(feature = "hydrate")]
            super::input::focus_row(id);
        }
    }

    /// Folds a group or a todo, or unfolds it, and reads what is shown then.
    pub fn fold(self, id: Uuid) {
        self.folds.update(|folds| folds::toggle(folds, fold_key(id)));
        self.folds.with_untracked(|folds| folds::store(folds));
        self.navigator.refresh();
    }

    fn unfold(self, id: Uuid) {
        if self.folds.with_untracked(|folds| folds.contains(&fold_key(id))) {
            self.fold(id);
        }
    }

    /// Moves a todo with all below it.
    pub fn move_to(self, id: TodoId, target: Target) {
        let moved = self.data.with_untracked(|data| tree::moved(data, id, target));
        let (Some((group, parent)), Some(row)) = (moved, self.row_untracked(id)) else {
            self.say(self.texts.not_movable.to_owned());
            return;
        };
        let title = self.title(&row).to_owned();
        let changes_group = group != row.group;
        let below = self.data.with_untracked(|data| tree::with_below(data, id));
        let mut body = vec![("parent_id", text_or_null(parent))];
        if changes_group {
            body.push(("tag_group_id", text(group)));
        }
        self.put(TodoRow { group, parent, ..row }, body);
        // The contract moves no more than the todo itself.
        for child in below.into_iter().skip(1).filter(|_| changes_group) {
            if let Some(row) = self.row_untracked(child) {
                self.put(TodoRow { group, ..row }, vec![("tag_group_id", text(group))]);
            }
        }
        match parent {
            Some(parent) => {
                self.unfold(parent.0);
                let parent = self.row_untracked(parent);
                let parent = parent.as_ref().map(|row| self.title(row)).unwrap_or_default();
                self.say((self.texts.moved_below)(&title, parent));
            }
            None => {
                self.unfold(group.0);
                let name = self.data.with_untracked(|data| {
                    let group = data.groups.iter().find(|known| known.id == group);
                    group.map(|group| group.name.clone()).unwrap_or_default()
                });
                self.say((self.texts.moved_to)(&title, &name));
            }
        }
    }

    /// Moves a todo by keys.
    pub fn move_by(self, id: TodoId, direction: Direction) {
        let target = self.sections.with_untracked(|sections| {
            self.data
                .with_untracked(|data| tree::target(data, sections, id, direction))
        });
        match target {
            Some(target) => self.move_to(id, target),
            None => self.say(self.texts.not_movable.to_owned()),
        }
        self.focus(Some(id));
    }

    /// Deletes a todo; for some seconds that can be undone.
    pub fn remove(self, id: TodoId) {
        let Some(row) = self.row_untracked(id) else {
            return;
        };
        self.menu.set(None);
        let next = self.beside(id, 1).or_else(|| self.beside(id, -1));
        if self.panel.get_untracked() == Some(id) {
            self.set_panel(None);
        }
        self.kept.update(|kept| kept.retain(|row| row.id != id));
        let sentence = (self.texts.deleted)(self.title(&row));
        let write = Write::delete(path(id)).undoable(sentence);
        self.data.edit(TodoEdit::Remove(id), write);
        self.focus(next);
    }

    /// The row so many rows after another one.
    pub fn beside(self, id: TodoId, step: isize) -> Option<TodoId> {
        self.sections.with_untracked(|sections| {
            let rows: Vec<TodoId> = sections
                .iter()
                .flat_map(|section| section.rows.iter().map(|row| row.row.id))
                .collect();
            let place = rows.iter().position(|other| *other == id)?;
            rows.get(place.checked_add_signed(step)?).copied()
        })
    }

    /// Shows a todo as it is changed, and sends the changed members.
    fn put(self, row: TodoRow, members: Vec<(&str, Value)>) {
        if self
            .kept
            .with_untracked(|kept| kept.iter().any(|known| known.id == row.id))
        {
            self.keep(&row);
        }
        let write = Write::patch(path(row.id), &object(members));
        self.data.edit(TodoEdit::Put(row), write);
    }

    /// Keeps a todo shown that the filters may leave out.
    fn keep(self, row: &TodoRow) {
        self.kept.update(|kept| {
            kept.retain(|known| known.id != row.id);
            kept.push(TodoRow {
                waits: false,
                ..row.clone()
            });
        });
    }

    /// A time that is later than the creation of all todos that are shown.
    fn created_now(self) -> Timestamp {
        let latest = self
            .data
            .with_untracked(|data| data.rows.iter().map(|row| row.created).max());
        let now = untrack(|| self.clock.now());
        latest.map_or(now, |latest| now.max(latest.plus_millis(1)))
    }
}

/// The status that the checkbox gives.
fn toggled(status: TodoStatus) -> TodoStatus {
    match status {
        TodoStatus::Done | TodoStatus::Cancelled => TodoStatus::Unscheduled,
        TodoStatus::Unscheduled | TodoStatus::Scheduled => TodoStatus::Done,
    }
}

fn path(id: TodoId) -> String {
    format!("/v1/todos/{id}")
}

fn object(members: Vec<(&str, Value)>) -> Value {
    let members = members.into_iter().map(|(name, value)| (name.to_owned(), value));
    Value::Object(members.collect::<Map<_, _>>())
}

fn text(value: impl ToString) -> Value {
    Value::String(value.to_string())
}

fn text_or_null(id: Option<TodoId>) -> Value {
    id.map_or(Value::Null, text)
}

/// Unix seconds (contract, REST 4.2).
fn seconds(instant: Timestamp) -> Value {
    Value::from(instant.millis().div_euclid(1_000))
}

/// A new id; nothing is created on the server.
fn new_id() -> Uuid {
    #[cfg(feature = "hydrate")]
    return crate::browser::random_uuid();
    #[cfg(not(feature = "hydrate"))]
    Uuid::nil()
}
