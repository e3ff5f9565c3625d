//! The changes of the page's data that its user makes.

use super::data::{Group, Planned, TodoRow, TodosData};
use crate::page::Edit;
use protocol::{id::TodoId, todo::TodoStatus};
use serde::{Deserialize, Serialize};

/// A change, with the whole state of what it changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TodoEdit {
    /// A new todo.
    Add(TodoRow),
    /// A changed todo. Earlier releases stored new ones like this as well.
    Put(TodoRow),
    /// Deletes a todo; those below it become roots.
    Remove(TodoId),
    Describe(TodoId, String),
    AddGroup(Group),
    /// A time in the calendar.
    Plan(TodoId, Planned),
}

impl Edit<TodosData> for TodoEdit {
    fn apply(&self, data: &mut TodosData) {
        match self {
            Self::Add(row) => add(data, row),
            Self::Put(row) => put(data, row),
            Self::Remove(id) => remove(data, *id),
            Self::Describe(id, text) => {
                if let Some(detail) = data.detail.as_mut().filter(|detail| detail.row.id == *id) {
                    detail.description.clone_from(text);
                }
            }
            Self::AddGroup(group) => {
                if data.groups.iter().all(|known| known.id != group.id) {
                    data.groups.push(group.clone());
                }
            }
            Self::Plan(id, plan) => {
                if let Some(detail) = data.detail.as_mut().filter(|detail| detail.row.id == *id) {
                    let mut plan = plan.clone();
                    plan.waits = true;
                    detail.plans.retain(|known| known.id != plan.id);
                    detail.plans.push(plan);
                    detail.plans.sort_by_key(|plan| plan.start);
                }
            }
        }
    }
}

/// Adds a todo after all that the server has, whose times are of the server's clock, until it has a time of that as well.
fn add(data: &mut TodosData, row: &TodoRow) {
    if data.rows.iter().all(|known| known.id != row.id) {
        let latest = data.rows.iter().map(|known| known.created.plus_millis(1)).max();
        let created = latest.map_or(row.created, |latest| row.created.max(latest));
        put(data, &TodoRow { created, ..row.clone() });
    }
}

fn put(data: &mut TodosData, row: &TodoRow) {
    let place = data.rows.iter().position(|known| known.id == row.id);
    let mut row = row.clone();
    row.waits = true;
    if let Some(known) = place.and_then(|place| data.rows.get(place)) {
        // What the server counts, and what other edits count; and the time that the server gave it.
        (row.children, row.done, row.seconds) = (known.children, known.done, known.seconds);
        row.created = known.created;
        let known = known.clone();
        count(data, &known, -1);
    }
    count(data, &row, 1);
    if let Some(detail) = data.detail.as_mut().filter(|detail| detail.row.id == row.id) {
        detail.row = row.clone();
    }
    match place.and_then(|place| data.rows.get_mut(place)) {
        Some(known) => *known = row,
        None => data.rows.push(row),
    }
}

fn remove(data: &mut TodosData, id: TodoId) {
    let Some(place) = data.rows.iter().position(|row| row.id == id) else {
        return;
    };
    let row = data.rows.remove(place);
    count(data, &row, -1);
    for child in data.rows.iter_mut().filter(|child| child.parent == Some(id)) {
        child.parent = None;
    }
    if data.detail.as_ref().is_some_and(|detail| detail.row.id == id) {
        data.detail = None;
    }
}

/// Counts a todo in its group and in its parent, or takes it out of there.
fn count(data: &mut TodosData, row: &TodoRow, by: i32) {
    let group = data.groups.iter_mut().find(|group| group.id == row.group);
    if let Some(group) = group.filter(|_| row.is_open()) {
        group.open = group.open.saturating_add_signed(by as isize);
    }
    let parent = data.rows.iter_mut().find(|parent| Some(parent.id) == row.parent);
    if let Some(parent) = parent.filter(|_| row.status != TodoStatus::Cancelled) {
        parent.children = parent.children.saturating_add_signed(by);
        if row.status == TodoStatus::Done {
            parent.done = parent.done.saturating_add_signed(by);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tree::tests::*, *};
    use protocol::time::Timestamp;

    #[test]
    fn a_new_todo_is_counted_where_it_is() {
        let mut data = data(&[(1, None)]);
        TodoEdit::Put(row(2, Some(1))).apply(&mut data);
        assert_eq!(data.rows.len(), 2);
        assert!(data.rows[1].waits && !data.rows[0].waits);
        assert_eq!((data.rows[0].children, data.groups[0].open), (1, 2));
    }

    #[test]
    fn a_new_todo_stays_below_those_that_the_server_has_created_meanwhile() {
        let at = |id, millis| TodoRow {
            created: Timestamp::from_millis(millis),
            ..row(id, None)
        };
        let order = |data: &TodosData| {
            let mut rows: Vec<_> = data.rows.iter().map(|row| (row.created, row.id)).collect();
            rows.sort();
            rows.into_iter().map(|(_, id)| id).collect::<Vec<_>>()
        };
        let (first, second) = (TodoEdit::Add(at(1, 100)), TodoEdit::Add(at(2, 200)));
        // The server gave the first one a time after that of the device for the second one.
        let mut data = data(&[]);
        data.rows = vec![at(1, 300)];
        for edit in [&first, &second, &TodoEdit::Put(at(2, 200))] {
            edit.apply(&mut data);
        }
        assert_eq!(order(&data), [at(1, 0).id, at(2, 0).id]);
        assert_eq!(
            data.rows[0].created,
            Timestamp::from_millis(300),
            "the server's time stays"
        );
    }

    #[test]
    fn a_todo_that_is_done_or_cancelled_is_counted_so() {
        let mut data = data(&[(1, None), (2, Some(1)), (3, Some(1))]);
        let with = |id, status| {
            TodoEdit::Put(TodoRow {
                status,
                ..row(id, Some(1))
            })
        };
        with(2, TodoStatus::Done).apply(&mut data);
        assert_eq!(
            (data.rows[0].children, data.rows[0].done, data.groups[0].open),
            (2, 1, 2)
        );
        with(3, TodoStatus::Cancelled).apply(&mut data);
        assert_eq!(
            (data.rows[0].children, data.rows[0].done, data.groups[0].open),
            (1, 1, 1)
        );
        with(2, TodoStatus::Unscheduled).apply(&mut data);
        assert_eq!(
            (data.rows[0].children, data.rows[0].done, data.groups[0].open),
            (1, 0, 2)
        );
    }

    #[test]
    fn children_of_a_deleted_todo_become_roots() {
        let mut data = data(&[(1, None), (2, Some(1)), (3, Some(2))]);
        TodoEdit::Remove(id(2)).apply(&mut data);
        assert_eq!(data.rows[1].parent, None);
        assert_eq!((data.rows[0].children, data.groups[0].open), (0, 2));
        let before = data.clone();
        TodoEdit::Remove(id(9)).apply(&mut data);
        assert_eq!(data, before, "one that is gone changes nothing");
    }

    #[test]
    fn a_group_is_added_once() {
        let mut data = data(&[]);
        let group = data.groups[0].clone();
        TodoEdit::AddGroup(group).apply(&mut data);
        assert_eq!(data.groups.len(), 1);
    }
}
