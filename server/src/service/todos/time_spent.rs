//! Time spent on todos: a timer counts for the todo that it is linked to, and for all todos above that.

use super::Todos;
use crate::{
    clock,
    paging::{Listed, Page, PageRequest},
    service::Refusal,
    store::timer_totals::{self, OwnTime},
};
use protocol::{
    id::{TagGroupId, TodoId, UserId},
    rest::TodoTime,
};
use std::collections::HashMap;
use uuid::Uuid;

/// The size of an entry in an answer, in bytes.
const ENTRY_BYTES: usize = 130;

impl Listed for TodoTime {
    type Key = Uuid;

    fn key(&self) -> Uuid {
        self.todo_id.0
    }

    fn weigh(&self) -> usize {
        ENTRY_BYTES
    }
}

impl Todos {
    /// A page of the times spent on a user's todos, or on those of a group, ordered by id; todos without time are left
    /// out. One statement.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub async fn time_spent(
        &self,
        owner: &UserId,
        group: Option<TagGroupId>,
        page: &PageRequest<Uuid>,
    ) -> Result<Page<TodoTime>, Refusal> {
        let mut times = self.all_times(owner, group).await?;
        times.retain(|time| page.after.is_none_or(|after| time.todo_id.0 > after));
        let mut room = page.room();
        let fitting = times.iter().take_while(|time| room.take(time.weigh())).count();
        let has_more = fitting < times.len();
        times.truncate(fitting);
        Ok(Page { items: times, has_more })
    }

    /// All of them, whose number the quota of todos bounds.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub async fn all_times(&self, owner: &UserId, group: Option<TagGroupId>) -> Result<Vec<TodoTime>, Refusal> {
        let now = clock::now();
        let own = self
            .store
            .query_for(owner, async |conn| timer_totals::by_todo(conn, owner, now).await)
            .await?;
        let sums = with_children(&own);
        let in_group = own
            .iter()
            .filter(|todo| group.is_none_or(|group| todo.group_id == group));
        let time = |todo: &OwnTime| TodoTime {
            todo_id: todo.id,
            own_seconds: todo.seconds,
            seconds_with_children: sums.get(&todo.id).copied().unwrap_or(todo.seconds),
        };
        let mut times: Vec<TodoTime> = in_group.map(time).collect();
        times.retain(|time| time.seconds_with_children > 0);
        times.sort_by_key(|time| time.todo_id.0);
        Ok(times)
    }
}

/// The seconds of each todo with those below it. Sums go from the leaves upward, each todo once. A todo in a cycle, which
/// changes of the tree exclude, is never a leaf: it has its own seconds and those of todos below it outside of the cycle.
pub fn with_children(todos: &[OwnTime]) -> HashMap<TodoId, i64> {
    let parents: HashMap<TodoId, Option<TodoId>> = todos.iter().map(|todo| (todo.id, todo.parent_id)).collect();
    let mut sums: HashMap<TodoId, i64> = todos.iter().map(|todo| (todo.id, todo.seconds)).collect();
    let mut children: HashMap<TodoId, usize> = HashMap::new();
    for parent in parents.values().flatten() {
        *children.entry(*parent).or_default() += 1;
    }
    let mut leaves: Vec<TodoId> = parents
        .keys()
        .filter(|id| !children.contains_key(*id))
        .copied()
        .collect();
    while let Some(leaf) = leaves.pop() {
        let Some(parent) = parents.get(&leaf).copied().flatten() else {
            continue;
        };
        let seconds = sums.get(&leaf).copied().unwrap_or_default();
        // A parent that is not the user's has no sum.
        if let Some(sum) = sums.get_mut(&parent) {
            *sum += seconds;
        }
        if let Some(left) = children.get_mut(&parent) {
            *left -= 1;
            if *left == 0 {
                leaves.push(parent);
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> TodoId {
        TodoId(Uuid::from_u128(number))
    }

    fn sums(todos: &[(u128, Option<u128>, i64)]) -> Vec<i64> {
        let own = |(number, parent, seconds): &(u128, Option<u128>, i64)| OwnTime {
            id: id(*number),
            parent_id: parent.map(id),
            group_id: TagGroupId(Uuid::nil()),
            seconds: *seconds,
        };
        let sums = with_children(&todos.iter().map(own).collect::<Vec<_>>());
        todos.iter().map(|(number, ..)| sums[&id(*number)]).collect()
    }

    #[test]
    fn a_todo_has_the_time_of_all_todos_below_it() {
        let tree = [
            (4, Some(2), 8),
            (1, None, 1),
            (2, Some(1), 2),
            (3, Some(1), 4),
            (5, None, 16),
            (6, Some(4), 32),
        ];
        assert_eq!(sums(&tree), [40, 47, 42, 4, 16, 32]);
    }

    #[test]
    fn cycles_and_unknown_parents_end_the_sums() {
        let cycle = [
            (1, Some(2), 1),
            (2, Some(3), 2),
            (3, Some(1), 4),
            (4, Some(1), 8),
            (5, Some(5), 16),
        ];
        assert_eq!(sums(&cycle), [9, 2, 4, 8, 16]);
        assert_eq!(sums(&[(1, Some(9), 1)]), [1]);
    }

    #[test]
    fn a_chain_of_the_quotas_length_is_summed() {
        let chain: Vec<_> = (0..20_000)
            .map(|place: u128| (place, place.checked_sub(1), 1))
            .collect();
        assert_eq!(sums(&chain)[0], 20_000);
    }
}
