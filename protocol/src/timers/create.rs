//! Creates timers.

use super::{HistoryAction, HistoryEntry, Moment, Timer, TimerStatus};
use crate::{
    id::{ScheduleId, TimerId, TodoId, UserId},
    limits,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The properties of a new timer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTimer {
    /// The allocated duration in seconds, 1 to [`limits::ALLOCATED_SECONDS`].
    pub allocated_seconds: i64,
    /// Up to 500 characters.
    pub title: Option<String>,
    /// Up to 20,000 characters.
    pub description: Option<String>,
    /// The schedule to link it to.
    pub schedule_id: Option<ScheduleId>,
    /// The todo to link it to.
    pub todo_id: Option<TodoId>,
}

/// Why a timer cannot be created.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CreateError {
    /// Zero or negative.
    #[error("allocated_duration must be greater than 0 seconds; it is {0}")]
    TooShort(i64),
    /// More than ten years.
    #[error("allocated_duration may be at most {max} seconds (ten years); it is {0}", max = limits::ALLOCATED_SECONDS)]
    TooLong(i64),
    /// A text contains a NUL character, which PostgreSQL cannot store.
    #[error("{0} may not contain the NUL character (U+0000)")]
    Nul(&'static str),
    /// The title is too long.
    #[error("title may have at most {max} characters; it has {0}", max = limits::TITLE_CHARS)]
    Title(usize),
    /// The description is too long.
    #[error("description may have at most {max} characters; it has {0}", max = limits::DESCRIPTION_CHARS)]
    Description(usize),
}

impl NewTimer {
    /// Checks the bounds of the contract (WebSocket "timer.create", REST 4.8).
    pub fn check(&self) -> Result<(), CreateError> {
        match self.allocated_seconds {
            ..=0 => return Err(CreateError::TooShort(self.allocated_seconds)),
            seconds if seconds > limits::ALLOCATED_SECONDS => return Err(CreateError::TooLong(seconds)),
            _ => {}
        }
        for (name, text) in [("title", &self.title), ("description", &self.description)] {
            if text.as_deref().is_some_and(|text| text.contains('\0')) {
                return Err(CreateError::Nul(name));
            }
        }
        let chars = |text: &Option<String>| text.as_deref().map_or(0, |text| text.chars().count());
        match (chars(&self.title), chars(&self.description)) {
            (title, _) if title > limits::TITLE_CHARS => Err(CreateError::Title(title)),
            (_, description) if description > limits::DESCRIPTION_CHARS => Err(CreateError::Description(description)),
            _ => Ok(()),
        }
    }
}

impl Timer {
    /// A new timer of `owner`, RUNNING since now or a moment.
    ///
    /// # Errors
    /// [`CreateError`] when a value is out of bounds.
    pub fn create(id: TimerId, owner: UserId, new: NewTimer, moment: impl Into<Moment>) -> Result<Self, CreateError> {
        let Moment { at, received_at } = moment.into();
        new.check()?;
        Ok(Self {
            id,
            owner_id: owner,
            title: new.title,
            description: new.description,
            schedule_id: new.schedule_id,
            todo_id: new.todo_id,
            tags: Vec::new(),
            allocated_seconds: new.allocated_seconds,
            elapsed_millis: 0,
            status: TimerStatus::Running,
            started_at: at,
            paused_at: None,
            ended_at: None,
            history: vec![HistoryEntry {
                action: HistoryAction::Start,
                at,
                elapsed: None,
                received_at,
                corrected_from: None,
            }]
            .into(),
            created_at: at,
            updated_at: received_at.unwrap_or(at),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bounds_are_inclusive_and_named_in_the_message() {
        let new = |allocated_seconds| NewTimer {
            allocated_seconds,
            ..NewTimer::default()
        };
        assert_eq!(new(1).check(), Ok(()));
        assert_eq!(new(limits::ALLOCATED_SECONDS).check(), Ok(()));
        let refused = new(-5).check().unwrap_err().to_string();
        assert!(
            refused.contains("-5") && refused.contains("greater than 0"),
            "{refused}"
        );
        assert!(new(limits::ALLOCATED_SECONDS + 1).check().is_err());
        let long = NewTimer {
            title: Some("é".repeat(501)),
            ..new(60)
        };
        assert_eq!(long.check(), Err(CreateError::Title(501)));
        assert_eq!(
            NewTimer {
                title: Some("é".repeat(500)),
                ..new(60)
            }
            .check(),
            Ok(())
        );
    }
}
