//! Why an operation on tags, schedules or todos was refused. Nothing was changed then.

use super::quotas::QuotaExceeded;
use crate::{
    service::{schedules::RuleError, timers::UnknownLink},
    store::StoreError,
};
use protocol::id::{TagGroupId, TagId, TodoId};
use thiserror::Error;

/// The reason, as a message for people.
#[derive(Debug, Error)]
pub enum Refusal {
    /// It does not exist or belongs to another user (contract, REST 4.9).
    #[error("Tag group not found: {0}")]
    TagGroupNotFound(TagGroupId),
    /// It does not exist or belongs to another user.
    #[error("Tag not found: {0}")]
    TagNotFound(TagId),
    /// Contract, REST 6.3.
    #[error("This group has a tag named \"{0}\" already")]
    DuplicateTagName(String),
    /// It does not exist or belongs to another user.
    #[error("Schedule not found")]
    ScheduleNotFound,
    /// It does not exist or belongs to another user.
    #[error("Todo not found")]
    TodoNotFound,
    /// The todo named in a request.
    #[error("Todo not found: {0}")]
    UnknownTodo(TodoId),
    /// The caller has no active timer of it.
    #[error("Timer not found")]
    TimerNotFound,
    /// It exists, but the reader has no access.
    #[error("This {0} belongs to somebody else and is not shared with you")]
    AccessDenied(&'static str),
    /// With the stored values it would end before it starts.
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
    /// Contract, REST 7.6.
    #[error("No occurrence of this schedule starts at {0}. Lists name each by its original_start.")]
    OccurrenceNotFound(String),
    /// Whole days do not recur by hours, minutes or seconds.
    #[error("Invalid recurrence rule: an all-day schedule recurs DAILY, WEEKLY, MONTHLY or YEARLY")]
    DaysWithHours,
    /// An occurrence of an all-day schedule lasts whole days as well.
    #[error(
        "This schedule lasts whole days: give start_date and end_date, or midnights in the timezone of the request"
    )]
    WholeDays,
    /// An occurrence of a timed schedule has times.
    #[error("This schedule does not last whole days: give start_time and end_time, or change the schedule first")]
    NoWholeDays,
    /// Contract, REST 7.5.
    #[error("This schedule is already linked to a todo")]
    AlreadyLinked,
    /// Contract, REST 8.5; likewise the next three.
    #[error("Cannot set Todo as its own parent")]
    SelfReference,
    /// Nor may it belong to another user.
    #[error("Invalid parent Todo: parent does not exist")]
    InvalidParent,
    /// Compares the groups after the change.
    #[error("Parent and child Todo must belong to the same tag group")]
    GroupMismatch,
    /// It would be its own ancestor.
    #[error("Cannot create cycle in Todo hierarchy")]
    Cycle,
    /// A link of a timer to a resource that does not exist or belongs to another user.
    #[error(transparent)]
    UnknownLink(#[from] UnknownLink),
    /// The id that the client chose belongs to another user's row.
    #[error("This id is taken: choose another one, such as a new random UUID")]
    IdTaken,
    /// A quota is exceeded.
    #[error(transparent)]
    Quota(#[from] QuotaExceeded),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Refusal {
    /// Why a new row was not stored. All its unique values but the id are checked before, and so are the user's own ids.
    pub fn of_insert(error: StoreError) -> Self {
        match error.is_unique_violation() {
            true => Self::IdTaken,
            false => Self::Store(error),
        }
    }
}
