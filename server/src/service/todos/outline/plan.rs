//! Which todos an outline shows: pure.

use crate::store::todos::TodoPlace;
use protocol::{
    id::{TagGroupId, TodoId},
    todo::{TodoStatus, fold_key, sibling_order},
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The number of rows of an outline.
pub const ROWS: usize = 200;
/// How many todos above the first row are shown where an outline continues.
const CONTEXT: usize = 20;

/// A user's todos and what is asked of them.
pub struct Plan<'p> {
    pub places: &'p [TodoPlace],
    /// Those that match the filters.
    pub matches: &'p HashSet<TodoId>,
    /// The groups in their order.
    pub groups: &'p [TagGroupId],
    /// The keys of what is folded.
    pub folded: &'p HashSet<u32>,
    /// Only this group.
    pub group: Option<TagGroupId>,
    /// The number of that group's rows that are left out at its start.
    pub from: usize,
}

/// What is shown.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Planned {
    /// The todos, each after its parent, group by group.
    pub rows: Vec<TodoId>,
    pub groups: Vec<PlannedGroup>,
    pub counts: HashMap<TodoId, Counts>,
}

/// A group's rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlannedGroup {
    /// Its open todos, whatever the filters.
    pub open: usize,
    /// The rows that it has, of which the outline shows a part.
    pub total: usize,
    /// The number of rows up to the last one that is shown.
    pub shown: usize,
}

/// The todos right below one, whatever the filters, without cancelled ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub children: u32,
    pub done: u32,
}

impl Plan<'_> {
    /// Decides what is shown. A matching todo is shown below all todos above it.
    pub fn make(&self) -> Planned {
        let by_id: HashMap<TodoId, &TodoPlace> = self.places.iter().map(|place| (place.id, place)).collect();
        let above = super::super::tree::all_ancestors(self.matches, &by_id);
        let mut below: HashMap<Option<TodoId>, Vec<&TodoPlace>> = HashMap::new();
        let mut counts: HashMap<TodoId, Counts> = HashMap::new();
        let mut open: HashMap<TagGroupId, usize> = HashMap::new();
        for place in self.places {
            let parent = place.parent_id.filter(|parent| by_id.contains_key(parent));
            let is_done = place.status == TodoStatus::Done;
            if let Some(parent) = parent.filter(|_| place.status != TodoStatus::Cancelled) {
                let counts = counts.entry(parent).or_default();
                counts.children += 1;
                counts.done += u32::from(is_done);
            }
            if !is_done && place.status != TodoStatus::Cancelled {
                *open.entry(place.tag_group_id).or_default() += 1;
            }
            if self.matches.contains(&place.id) || above.contains(&place.id) {
                below.entry(parent).or_default().push(place);
            }
        }
        for siblings in below.values_mut() {
            siblings.sort_by_key(|place| sibling_order(place.status, place.deadline, place.created_at, place.id));
        }
        let rows: Vec<Vec<TodoId>> = self.groups.iter().map(|group| self.rows_of(*group, &below)).collect();
        let lengths: Vec<usize> = rows.iter().map(Vec::len).collect();
        let mut planned = Planned {
            counts,
            ..Planned::default()
        };
        for ((group, rows), share) in self.groups.iter().zip(rows).zip(shares(&lengths, ROWS)) {
            let from = match self.group {
                Some(_) => self.from.min(rows.len()),
                None => 0,
            };
            let until = (from + share).min(rows.len());
            planned.groups.push(PlannedGroup {
                open: open.get(group).copied().unwrap_or_default(),
                total: rows.len(),
                shown: until,
            });
            let window = &rows[from..until];
            if let Some(first) = window.first().filter(|_| from > 0) {
                let mut context = super::super::tree::ancestors(*first, &by_id);
                context.truncate(CONTEXT);
                planned.rows.extend(context.into_iter().rev());
            }
            planned.rows.extend(window);
        }
        planned
    }

    /// All rows of a group: none if another one is asked for, or if it is folded.
    fn rows_of(&self, group: TagGroupId, below: &HashMap<Option<TodoId>, Vec<&TodoPlace>>) -> Vec<TodoId> {
        let is_hidden = match self.group {
            Some(asked) => asked != group,
            None => self.is_folded(group.0),
        };
        if is_hidden {
            return Vec::new();
        }
        let roots = below.get(&None).into_iter().flatten();
        let mut next: Vec<&TodoPlace> = roots.filter(|place| place.tag_group_id == group).copied().collect();
        next.reverse();
        let mut rows = Vec::new();
        while let Some(place) = next.pop() {
            rows.push(place.id);
            if !self.is_folded(place.id.0) {
                next.extend(below.get(&Some(place.id)).into_iter().flatten().rev().copied());
            }
        }
        rows
    }

    fn is_folded(&self, id: Uuid) -> bool {
        self.folded.contains(&fold_key(id))
    }
}

/// Shares room fairly: what one does not need is for the others.
fn shares(wanted: &[usize], room: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|index| wanted[*index]);
    let (mut room, mut shares) = (room, vec![0; wanted.len()]);
    for (taken, index) in order.into_iter().enumerate() {
        let share = wanted[index].min(room / (wanted.len() - taken));
        shares[index] = share;
        room -= share;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::time::Timestamp;

    fn id(number: u128) -> TodoId {
        TodoId(Uuid::from_u128(number))
    }

    fn group(number: u128) -> TagGroupId {
        TagGroupId(Uuid::from_u128(1_000_000 + number))
    }

    /// Its number is also the time of its creation.
    fn place(number: u128, parent: Option<u128>, of: u128, status: TodoStatus) -> TodoPlace {
        TodoPlace {
            id: id(number),
            parent_id: parent.map(id),
            tag_group_id: group(of),
            status,
            deadline: None,
            created_at: Timestamp::from_millis(number as i64),
        }
    }

    fn tree() -> Vec<TodoPlace> {
        use TodoStatus::{Cancelled, Done, Scheduled, Unscheduled};
        vec![
            place(5, Some(2), 1, Unscheduled),
            place(1, None, 1, Done),
            place(2, None, 1, Unscheduled),
            place(3, Some(1), 1, Scheduled),
            place(4, Some(2), 1, Done),
            place(6, None, 2, Unscheduled),
            place(7, Some(2), 1, Cancelled),
        ]
    }

    fn make(places: &[TodoPlace], folded: &HashSet<u32>, change: impl FnOnce(&mut Plan<'_>)) -> Planned {
        let matches = places
            .iter()
            .filter(|place| place.status != TodoStatus::Done && place.status != TodoStatus::Cancelled);
        let matches = matches.map(|place| place.id).collect();
        let mut plan = Plan {
            places,
            matches: &matches,
            groups: &[group(1), group(2), group(3)],
            folded,
            group: None,
            from: 0,
        };
        change(&mut plan);
        plan.make()
    }

    #[test]
    fn a_match_is_shown_below_its_parents_and_counts_ignore_the_filter() {
        let planned = make(&tree(), &HashSet::new(), |_| ());
        assert_eq!(
            planned.rows,
            [2, 5, 1, 3, 6].map(id),
            "the done parent comes last in its group"
        );
        assert_eq!(planned.counts[&id(2)], Counts { children: 2, done: 1 });
        let groups: Vec<_> = planned.groups.iter().map(|group| (group.open, group.total)).collect();
        assert_eq!(groups, [(3, 4), (1, 1), (0, 0)]);
    }

    #[test]
    fn folded_parents_and_groups_have_no_rows_below_them() {
        let folded = HashSet::from([2, fold_key(group(2).0)]);
        let planned = make(&tree(), &folded, |_| ());
        assert_eq!(planned.rows, [2, 1, 3].map(id));
        assert_eq!(
            planned.groups[1],
            PlannedGroup {
                open: 1,
                total: 0,
                shown: 0
            }
        );
    }

    #[test]
    fn a_long_outline_shares_its_rows_and_continues_in_one_group() {
        let mut places: Vec<_> = (1..=300)
            .map(|number| place(number, (number > 1).then_some(1), 1, TodoStatus::Unscheduled))
            .collect();
        places.extend((301..=310).map(|number| place(number, None, 2, TodoStatus::Unscheduled)));
        let planned = make(&places, &HashSet::new(), |_| ());
        assert_eq!(planned.rows.len(), ROWS);
        let shown: Vec<_> = planned.groups.iter().map(|group| (group.shown, group.total)).collect();
        assert_eq!(shown, [(190, 300), (10, 10), (0, 0)]);
        let planned = make(&places, &HashSet::new(), |plan| {
            (plan.group, plan.from) = (Some(group(1)), 200)
        });
        assert_eq!(planned.rows.len(), 101, "with the parent of the first row");
        assert_eq!(planned.rows[..2], [1, 201].map(id));
        assert_eq!(
            planned.groups[0],
            PlannedGroup {
                open: 300,
                total: 300,
                shown: 300
            }
        );
    }

    #[test]
    fn shares_add_up_to_the_room() {
        assert_eq!(shares(&[500, 10, 500], 200), [95, 10, 95]);
        assert_eq!(shares(&[1, 2], 200), [1, 2]);
        assert!(shares(&[], 200).is_empty());
    }
}
