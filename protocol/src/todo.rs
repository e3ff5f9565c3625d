//! Stored todos (contract, REST 8).

use crate::{
    id::{TagGroupId, TodoId, UserId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantNames};
use uuid::Uuid;

/// The status of a todo. Any may follow any other.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantNames,
)]
#[serde(rename_all = "UPPERCASE")]
#[strum(serialize_all = "UPPERCASE")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum TodoStatus {
    /// Without a time.
    #[default]
    Unscheduled,
    /// With a time.
    Scheduled,
    /// Done.
    Done,
    /// Cancelled.
    Cancelled,
}

crate::rest::input::word_input!(TodoStatus);

impl TodoStatus {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Why a todo is in a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum IncludeReason {
    /// It matches the filter.
    #[default]
    Match,
    /// One of its descendants matches.
    Ancestor,
}

/// A todo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Todo {
    pub id: TodoId,
    pub owner_id: UserId,
    pub title: String,
    pub description: Option<String>,
    pub deadline: Option<Timestamp>,
    pub tag_group_id: TagGroupId,
    pub parent_id: Option<TodoId>,
    pub status: TodoStatus,
    pub created_at: Timestamp,
}

impl Todo {
    /// The order of todos in lists (contract, REST 8.3): by status, then with a deadline before without, then
    /// the earlier deadline, then the newest.
    pub fn order(&self, other: &Self) -> std::cmp::Ordering {
        let key = |todo: &Self| (todo.status, todo.deadline.is_none(), todo.deadline);
        let newest = (other.created_at, other.id).cmp(&(self.created_at, self.id));
        key(self).cmp(&key(other)).then(newest)
    }
}

/// The order of siblings in an outline: the open ones first, then those that are done, then those that are cancelled;
/// among these by deadline, those without one last; then as they were created.
pub fn sibling_order(
    status: TodoStatus,
    deadline: Option<Timestamp>,
    created_at: Timestamp,
    id: TodoId,
) -> (u8, bool, Option<Timestamp>, Timestamp, TodoId) {
    let rank = match status {
        TodoStatus::Unscheduled | TodoStatus::Scheduled => 0,
        TodoStatus::Done => 1,
        TodoStatus::Cancelled => 2,
    };
    (rank, deadline.is_none(), deadline, created_at, id)
}

/// By what a device remembers that a todo or a group is folded: the last 32 bits of its id, which are random. Should two
/// ids have the same, the two are folded together.
pub fn fold_key(id: Uuid) -> u32 {
    id.as_u128() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn todos_are_ordered_as_in_the_contract() {
        let todo = |status, deadline: Option<i64>, created| Todo {
            id: TodoId(Uuid::nil()),
            owner_id: "ada".into(),
            title: String::new(),
            description: None,
            deadline: deadline.map(Timestamp::from_millis),
            tag_group_id: TagGroupId(Uuid::nil()),
            parent_id: None,
            status,
            created_at: Timestamp::from_millis(created),
        };
        let expected = [
            todo(TodoStatus::Unscheduled, Some(5), 1),
            todo(TodoStatus::Unscheduled, Some(6), 9),
            todo(TodoStatus::Unscheduled, Some(6), 1),
            todo(TodoStatus::Unscheduled, None, 2),
            todo(TodoStatus::Unscheduled, None, 1),
            todo(TodoStatus::Scheduled, None, 3),
            todo(TodoStatus::Done, Some(1), 3),
            todo(TodoStatus::Cancelled, Some(1), 3),
        ];
        let mut sorted = expected.clone();
        sorted.reverse();
        sorted.sort_by(Todo::order);
        assert_eq!(sorted, expected);
    }

    #[test]
    fn siblings_are_ordered_by_what_is_due() {
        let key = |status, deadline: Option<i64>, created| {
            let deadline = deadline.map(Timestamp::from_millis);
            sibling_order(status, deadline, Timestamp::from_millis(created), TodoId(Uuid::nil()))
        };
        let expected = [
            key(TodoStatus::Scheduled, Some(5), 9),
            key(TodoStatus::Unscheduled, Some(6), 1),
            key(TodoStatus::Unscheduled, None, 1),
            key(TodoStatus::Scheduled, None, 2),
            key(TodoStatus::Done, Some(1), 1),
            key(TodoStatus::Cancelled, Some(1), 1),
        ];
        assert!(expected.is_sorted());
    }

    #[test]
    fn fold_keys_are_the_random_end_of_an_id() {
        assert_eq!(fold_key(Uuid::from_u128(0xffff_0000_1234_5678)), 0x1234_5678);
    }
}
