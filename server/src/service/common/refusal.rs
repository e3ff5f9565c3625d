//! Why something about tags, schedules or todos was not done. Nothing was changed then.

use super::quotas::QuotaExceeded;
use crate::{
    service::{schedules::RuleError, timers::UnknownLink},
    store::StoreError,
};
use protocol::id::{TagGroupId, TagId, TodoId};
use thiserror::Error;

/// A rule that said no, in words for people.
#[derive(Debug, Error)]
pub enum Refusal {
    /// There is none, or it is somebody else's (contract, REST 4.9).
    #[error("Tag group not found: {0}")]
    TagGroupNotFound(TagGroupId),
    /// There is none, or it is somebody else's.
    #[error("Tag not found: {0}")]
    TagNotFound(TagId),
    /// Contract, REST 6.3.
    #[error("This group has a tag named \"{0}\" already")]
    DuplicateTagName(String),
    /// There is none, or it is somebody else's.
    #[error("Schedule not found")]
    ScheduleNotFound,
    /// There is none, or it is somebody else's.
    #[error("Todo not found")]
    TodoNotFound,
    /// The todo that a request names.
    #[error("Todo not found: {0}")]
    UnknownTodo(TodoId),
    /// None of the caller's timers is active there.
    #[error("Timer not found")]
    TimerNotFound,
    /// It is there, but not for this reader.
    #[error("This {0} belongs to somebody else and is not shared with you")]
    AccessDenied(&'static str),
    /// Together with what is kept, it would end before it starts.
    #[error("end_time must be later than start_time")]
    EndBeforeStart,
    /// Contract, REST 7.2.
    #[error("Invalid recurrence end: recurrence_end must be after start_time")]
    RecurrenceEnd,
    /// Contract, REST 7.2 and 12.10.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// Contract, REST 7.6.
    #[error("This schedule is not a recurring schedule")]
    NotRecurring,
    /// Contract, REST 7.5.
    #[error("This schedule is already linked to a todo")]
    AlreadyLinked,
    /// Contract, REST 8.5; so are the next three.
    #[error("Cannot set Todo as its own parent")]
    SelfReference,
    /// Not the caller's, either.
    #[error("Invalid parent Todo: parent does not exist")]
    InvalidParent,
    /// The groups that count are those after the change.
    #[error("Parent and child Todo must belong to the same tag group")]
    GroupMismatch,
    /// It would be above itself.
    #[error("Cannot create cycle in Todo hierarchy")]
    Cycle,
    /// A timer is to be linked to what does not exist, or is another user's.
    #[error(transparent)]
    UnknownLink(#[from] UnknownLink),
    /// The user keeps too much.
    #[error(transparent)]
    Quota(#[from] QuotaExceeded),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
