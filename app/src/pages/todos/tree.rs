//! Where todos are shown, and where they can be moved: pure.

#![cfg_attr(
    not(feature = "hydrate"),
    allow(dead_code, reason = "nothing is moved on the server")
)]

use super::data::{TodoRow, TodosData};
use protocol::{
    id::{TagGroupId, TodoId},
    todo::{fold_key, sibling_order},
};
use std::collections::HashMap;

/// The deepest level with an indentation of its own.
const DEEPEST: usize = 8;

/// A row of the tree.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TreeRow {
    pub row: TodoRow,
    /// The level, 1 for roots.
    pub level: usize,
    /// Whether todos below it are hidden; `None` if it has none.
    pub folded: Option<bool>,
    /// Its number among its siblings that are shown, from 1, and their number.
    pub place: usize,
    pub siblings: usize,
}

impl TreeRow {
    /// The level of its indentation, 0 for roots.
    pub fn indentation(&self) -> usize {
        (self.level - 1).min(DEEPEST)
    }
}

/// The rows of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub group: TagGroupId,
    pub rows: Vec<TreeRow>,
}

/// The rows by group, those below what is folded left out. `kept` are todos that are still shown, although the server does
/// not list them any more.
pub fn sections(data: &TodosData, folds: &[u32], kept: &[TodoRow]) -> Vec<Section> {
    let all: Vec<&TodoRow> = {
        let kept = kept.iter().filter(|kept| data.rows.iter().all(|row| row.id != kept.id));
        data.rows.iter().chain(kept).collect()
    };
    let ids: HashMap<TodoId, ()> = all.iter().map(|row| (row.id, ())).collect();
    let mut below: HashMap<Option<TodoId>, Vec<&TodoRow>> = HashMap::new();
    for row in &all {
        let parent = row.parent.filter(|parent| ids.contains_key(parent));
        below.entry(parent).or_default().push(row);
    }
    for siblings in below.values_mut() {
        siblings.sort_by_key(|row| sibling_order(row.status, row.deadline, row.created, row.id));
    }
    let is_folded = |id: uuid::Uuid| !data.query.is_search() && folds.contains(&fold_key(id));
    let section = |group: TagGroupId| {
        let mut rows = Vec::new();
        let mut next = Vec::new();
        let enter = |next: &mut Vec<(usize, usize, usize, TodoRow)>, parent: Option<TodoId>, level: usize| {
            let siblings = below.get(&parent).into_iter().flatten();
            let siblings: Vec<_> = siblings.filter(|row| parent.is_some() || row.group == group).collect();
            let count = siblings.len();
            for (index, row) in siblings.into_iter().enumerate().rev() {
                next.push((level, index + 1, count, (*row).clone()));
            }
            count
        };
        if data.query.group == Some(group) || !is_folded(group.0) {
            enter(&mut next, None, 1);
        }
        while let Some((level, place, siblings, row)) = next.pop() {
            let folded = is_folded(row.id.0);
            let count = match folded {
                true => row.children as usize,
                false => enter(&mut next, Some(row.id), level + 1),
            };
            rows.push(TreeRow {
                folded: (count > 0).then_some(folded),
                row,
                level,
                place,
                siblings,
            });
        }
        Section { group, rows }
    };
    data.groups.iter().map(|group| section(group.id)).collect()
}

/// Where a todo is moved to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Below this todo.
    Todo(TodoId),
    /// To the end of this group.
    Group(TagGroupId),
}

/// The direction of a move by keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
    In,
    Out,
}

/// The group and the parent of a moved todo; `None` if it cannot be moved there, or is there.
pub fn moved(data: &TodosData, id: TodoId, target: Target) -> Option<(TagGroupId, Option<TodoId>)> {
    let find = |id: TodoId| data.rows.iter().find(|row| row.id == id);
    let row = find(id)?;
    let there = match target {
        Target::Group(group) => (group, None),
        Target::Todo(parent) => {
            let mut above = Some(parent);
            let mut steps = 0;
            while let Some(one) = above {
                if one == id || steps > data.rows.len() {
                    return None;
                }
                steps += 1;
                above = find(one).and_then(|row| row.parent);
            }
            (find(parent)?.group, Some(parent))
        }
    };
    (there != (row.group, row.parent)).then_some(there)
}

/// The target of a move by keys among what is shown: in, below the todo above it; out, beside its parent; up and down,
/// below the todo before or after its parent, of a root to the group before or after.
pub fn target(data: &TodosData, sections: &[Section], id: TodoId, direction: Direction) -> Option<Target> {
    let index = sections
        .iter()
        .position(|section| section.rows.iter().any(|row| row.row.id == id))?;
    let section = sections.get(index)?;
    let siblings = |parent: Option<TodoId>, level: usize| {
        let rows = section.rows.iter();
        let rows = rows.filter(move |row| row.level == level && (level == 1 || row.row.parent == parent));
        rows.map(|row| row.row.id).collect::<Vec<_>>()
    };
    let row = section.rows.iter().find(|row| row.row.id == id)?;
    let parent = section.rows.iter().find(|other| Some(other.row.id) == row.row.parent);
    let beside = |ids: &[TodoId], id: TodoId, step: isize| {
        let place = ids.iter().position(|other| *other == id)?;
        ids.get(place.checked_add_signed(step)?).copied()
    };
    let step = if direction == Direction::Up { -1 } else { 1 };
    match (direction, parent) {
        (Direction::In, _) => beside(&siblings(row.row.parent, row.level), id, -1).map(Target::Todo),
        (Direction::Out, None) => None,
        (Direction::Out, Some(parent)) => Some(match parent.row.parent {
            Some(above) => Target::Todo(above),
            None => Target::Group(parent.row.group),
        }),
        (_, Some(parent)) => {
            let beside = beside(&siblings(parent.row.parent, parent.level), parent.row.id, step);
            beside.map(Target::Todo)
        }
        (_, None) => {
            let group = data.groups.get(index.checked_add_signed(step)?)?;
            Some(Target::Group(group.id))
        }
    }
}

/// The todo itself and all that are shown below it.
pub fn with_below(data: &TodosData, id: TodoId) -> Vec<TodoId> {
    let mut found = vec![id];
    let mut place = 0;
    while let Some(parent) = found.get(place).copied() {
        let children = data.rows.iter().filter(|row| row.parent == Some(parent));
        let new: Vec<TodoId> = children.map(|row| row.id).filter(|id| !found.contains(id)).collect();
        found.extend(new);
        place += 1;
    }
    found
}

#[cfg(test)]
pub mod tests {
    use super::{super::data::Group, *};
    use protocol::{time::Timestamp, todo::TodoStatus};
    use uuid::Uuid;

    pub fn id(number: u128) -> TodoId {
        TodoId(Uuid::from_u128(number))
    }

    pub fn group(number: u128) -> TagGroupId {
        TagGroupId(Uuid::from_u128(1_000 + number))
    }

    /// A todo of the first group, created at the time of its number.
    pub fn row(number: u128, parent: Option<u128>) -> TodoRow {
        TodoRow {
            id: id(number),
            group: group(1),
            parent: parent.map(id),
            title: number.to_string(),
            status: TodoStatus::Unscheduled,
            deadline: None,
            created: Timestamp::from_millis(number as i64),
            tags: Vec::new(),
            is_context: false,
            children: 0,
            done: 0,
            seconds: 0,
            waits: false,
        }
    }

    /// Todos of one group, each with its children counted.
    pub fn data(todos: &[(u128, Option<u128>)]) -> TodosData {
        let mut rows: Vec<TodoRow> = todos.iter().map(|(number, parent)| row(*number, *parent)).collect();
        for (_, parent) in todos {
            let parent = rows.iter_mut().find(|row| Some(row.id) == parent.map(id));
            if let Some(parent) = parent {
                parent.children += 1;
            }
        }
        TodosData {
            groups: vec![Group {
                id: group(1),
                name: "One".into(),
                color: "#2E7D32".into(),
                open: rows.len(),
                total: rows.len(),
                shown: rows.len(),
            }],
            rows,
            ..TodosData::default()
        }
    }

    fn shown(sections: &[Section]) -> Vec<(u128, usize, Option<bool>)> {
        let rows = sections.iter().flat_map(|section| &section.rows);
        rows.map(|row| (row.row.id.0.as_u128(), row.level, row.folded))
            .collect()
    }

    #[test]
    fn children_follow_their_parent_unless_it_is_folded() {
        let data = data(&[(1, None), (2, None), (3, Some(1)), (4, Some(3)), (5, Some(1))]);
        let all = [
            (1, 1, Some(false)),
            (3, 2, Some(false)),
            (4, 3, None),
            (5, 2, None),
            (2, 1, None),
        ];
        assert_eq!(shown(&sections(&data, &[], &[])), all);
        assert_eq!(shown(&sections(&data, &[1], &[])), [(1, 1, Some(true)), (2, 1, None)]);
        let folded = [fold_key(group(1).0)];
        assert!(shown(&sections(&data, &folded, &[])).is_empty());
        let mut searched = data;
        searched.query.text = "a".into();
        assert_eq!(
            shown(&sections(&searched, &folded, &[])).len(),
            5,
            "what is found shows"
        );
    }

    #[test]
    fn places_are_those_among_siblings() {
        let sections = sections(&data(&[(1, None), (2, None), (3, Some(1))]), &[], &[]);
        let places: Vec<_> = sections[0].rows.iter().map(|row| (row.place, row.siblings)).collect();
        assert_eq!(places, [(1, 2), (1, 1), (2, 2)]);
    }

    #[test]
    fn a_todo_that_the_server_left_out_is_kept_as_it_was() {
        let data = data(&[(1, None), (2, None)]);
        let done = TodoRow {
            status: TodoStatus::Done,
            ..row(0, None)
        };
        let sections = sections(&data, &[], &[done, row(2, None)]);
        assert_eq!(shown(&sections).iter().map(|row| row.0).collect::<Vec<_>>(), [1, 2, 0]);
    }

    #[test]
    fn a_child_without_its_parent_is_a_root() {
        assert_eq!(shown(&sections(&data(&[(2, Some(9))]), &[], &[])), [(2, 1, None)]);
    }

    #[test]
    fn no_todo_is_moved_below_itself() {
        let data = data(&[(1, None), (2, Some(1)), (3, Some(2)), (4, None)]);
        for target in [1, 2, 3] {
            assert_eq!(moved(&data, id(1), Target::Todo(id(target))), None, "{target}");
        }
        assert_eq!(moved(&data, id(2), Target::Todo(id(1))), None, "it is there");
        assert_eq!(moved(&data, id(2), Target::Todo(id(4))), Some((group(1), Some(id(4)))));
        assert_eq!(moved(&data, id(4), Target::Group(group(1))), None);
        assert_eq!(moved(&data, id(4), Target::Group(group(2))), Some((group(2), None)));
        assert_eq!(moved(&data, id(9), Target::Group(group(2))), None);
    }

    #[test]
    fn keys_move_by_what_is_shown() {
        use Direction::{Down, In, Out, Up};
        let mut data = data(&[(1, None), (2, Some(1)), (3, Some(2)), (4, None), (5, Some(1))]);
        let other = Group {
            id: group(2),
            ..data.groups[0].clone()
        };
        data.groups.push(other);
        let sections = sections(&data, &[], &[]);
        let target = |number, direction| target(&data, &sections, id(number), direction);
        assert_eq!(target(4, In), Some(Target::Todo(id(1))));
        assert_eq!(target(5, In), Some(Target::Todo(id(2))));
        assert_eq!(target(1, In), None);
        assert_eq!(target(3, Out), Some(Target::Todo(id(1))));
        assert_eq!(target(2, Out), Some(Target::Group(group(1))));
        assert_eq!(target(1, Out), None);
        assert_eq!(target(3, Down), Some(Target::Todo(id(5))));
        assert_eq!(target(2, Down), Some(Target::Todo(id(4))));
        assert_eq!(target(2, Up), None);
        assert_eq!(target(4, Down), Some(Target::Group(group(2))));
        assert_eq!(target(4, Up), None);
    }

    #[test]
    fn all_below_a_todo_are_found() {
        let data = data(&[(1, None), (2, Some(1)), (3, Some(2)), (4, None)]);
        assert_eq!(with_below(&data, id(1)), [1, 2, 3].map(id));
    }
}
