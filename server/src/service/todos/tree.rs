//! The tree of a user's todos (contract, REST 8.5): pure.

use crate::{service::Refusal, store::todos::TodoPlace};
use protocol::{id::TodoId, todo::Todo};
use std::collections::{HashMap, HashSet};

/// Checks whether a todo may have its parent. `all` are the owner's todos as they are stored.
///
/// # Errors
/// The first violated rule, in the contract's order.
pub fn check_parent(todo: &Todo, all: &[TodoPlace]) -> Result<(), Refusal> {
    let Some(parent_id) = todo.parent_id else { return Ok(()) };
    if parent_id == todo.id {
        return Err(Refusal::SelfReference);
    }
    let by_id = by_id(all);
    let parent = by_id.get(&parent_id).ok_or(Refusal::InvalidParent)?;
    if parent.tag_group_id != todo.tag_group_id {
        return Err(Refusal::GroupMismatch);
    }
    if ancestors(parent_id, &by_id).contains(&todo.id) {
        return Err(Refusal::Cycle);
    }
    Ok(())
}

/// The todos by their ids.
pub fn by_id(all: &[TodoPlace]) -> HashMap<TodoId, &TodoPlace> {
    all.iter().map(|todo| (todo.id, todo)).collect()
}

/// The ancestors of a todo, nearest first.
pub fn ancestors(id: TodoId, by_id: &HashMap<TodoId, &TodoPlace>) -> Vec<TodoId> {
    let mut seen = HashSet::from([id]);
    unseen_ancestors(id, by_id, &mut seen)
}

/// The ancestors of several todos. Each is visited once.
pub fn all_ancestors(ids: &HashSet<TodoId>, by_id: &HashMap<TodoId, &TodoPlace>) -> HashSet<TodoId> {
    let mut seen = HashSet::new();
    for id in ids {
        unseen_ancestors(*id, by_id, &mut seen);
    }
    seen
}

/// The ancestors of a todo, nearest first, up to the first that was already seen.
fn unseen_ancestors(id: TodoId, by_id: &HashMap<TodoId, &TodoPlace>, seen: &mut HashSet<TodoId>) -> Vec<TodoId> {
    let mut above = Vec::new();
    let mut next = by_id.get(&id).and_then(|todo| todo.parent_id);
    while let Some(parent) = next.filter(|parent| seen.insert(*parent)) {
        above.push(parent);
        next = by_id.get(&parent).and_then(|todo| todo.parent_id);
    }
    above
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{id::TagGroupId, time::Timestamp, todo::TodoStatus};
    use uuid::Uuid;

    fn places(todos: &[Todo]) -> Vec<TodoPlace> {
        todos.iter().map(TodoPlace::from).collect()
    }

    fn id(number: u128) -> TodoId {
        TodoId(Uuid::from_u128(number))
    }

    fn todo(number: u128, parent: Option<u128>, group: u128) -> Todo {
        Todo {
            id: id(number),
            owner_id: "ada".into(),
            title: String::new(),
            description: None,
            deadline: None,
            tag_group_id: TagGroupId(Uuid::from_u128(group)),
            parent_id: parent.map(id),
            status: TodoStatus::Unscheduled,
            created_at: Timestamp::default(),
        }
    }

    #[test]
    fn the_rules_are_checked_in_the_contracts_order() {
        let all = [
            todo(1, None, 7),
            todo(2, Some(1), 7),
            todo(3, Some(2), 7),
            todo(4, None, 8),
        ];
        let refused = |todo: Todo| check_parent(&todo, &places(&all)).unwrap_err().to_string();
        assert!(refused(todo(1, Some(1), 7)).contains("own parent"));
        assert!(refused(todo(1, Some(9), 7)).contains("parent does not exist"));
        assert!(refused(todo(1, Some(4), 7)).contains("group"));
        assert!(refused(todo(1, Some(3), 8)).contains("group"), "before the cycle");
        assert!(refused(todo(1, Some(3), 7)).contains("cycle"));
        for fine in [todo(1, None, 7), todo(3, Some(1), 7), todo(5, Some(3), 7)] {
            assert!(check_parent(&fine, &places(&all)).is_ok());
        }
    }

    #[test]
    fn ancestors_are_nearest_first_and_finite() {
        let all = [
            todo(1, None, 7),
            todo(2, Some(1), 7),
            todo(3, Some(2), 7),
            todo(4, Some(5), 7),
            todo(5, Some(4), 7),
        ];
        assert_eq!(ancestors(id(3), &by_id(&places(&all))), [id(2), id(1)]);
        let of_both = all_ancestors(&HashSet::from([id(3), id(2)]), &by_id(&places(&all)));
        assert_eq!(of_both, HashSet::from([id(2), id(1)]));
        assert_eq!(
            ancestors(id(4), &by_id(&places(&all))),
            [id(5)],
            "even where there were a cycle"
        );
    }
}
