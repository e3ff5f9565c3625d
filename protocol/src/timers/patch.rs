//! Edits of a timer other than its status: texts and links.

use super::Timer;
use crate::{
    id::{ScheduleId, TodoId},
    time::Timestamp,
};

/// Changes to a timer (contract, REST 4.7 and 9.2). The outer `None` keeps a field, `Some(None)` clears it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimerPatch {
    pub title: Option<Option<String>>,
    pub description: Option<Option<String>>,
    /// The schedule to link to.
    pub schedule_id: Option<Option<ScheduleId>>,
    /// The todo to link to.
    pub todo_id: Option<Option<TodoId>>,
}

impl Timer {
    /// The timer after the changes at `now`; `None` if they change nothing. Status and elapsed time are unaffected.
    pub fn patched(&self, patch: TimerPatch, now: Timestamp) -> Option<Self> {
        let mut next = self.clone();
        put(&mut next.title, patch.title);
        put(&mut next.description, patch.description);
        put(&mut next.schedule_id, patch.schedule_id);
        put(&mut next.todo_id, patch.todo_id);
        if next == *self {
            return None;
        }
        next.updated_at = now.max(self.updated_at);
        Some(next)
    }
}

fn put<T>(field: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *field = new;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{id::TimerId, timers::NewTimer};
    use uuid::Uuid;

    #[test]
    fn absent_keeps_null_clears_and_equal_values_change_nothing() {
        let new = NewTimer {
            allocated_seconds: 60,
            title: Some("Tea".into()),
            description: Some("Green".into()),
            ..NewTimer::default()
        };
        let timer = Timer::create(TimerId(Uuid::nil()), "ada".into(), new, Timestamp::from_millis(1)).unwrap();
        let later = Timestamp::from_millis(9);
        assert_eq!(timer.patched(TimerPatch::default(), later), None);
        let same = TimerPatch {
            title: Some(Some("Tea".into())),
            todo_id: Some(None),
            ..TimerPatch::default()
        };
        assert_eq!(timer.patched(same, later), None);

        let cleared = TimerPatch {
            description: Some(None),
            ..TimerPatch::default()
        };
        let expected = Timer {
            description: None,
            updated_at: later,
            ..timer.clone()
        };
        assert_eq!(timer.patched(cleared, later), Some(expected));
    }
}
