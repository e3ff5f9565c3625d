//! The data of the page of what others share.

use protocol::{
    id::{ScheduleId, TimerId, TodoId, UserId},
    sharing::ResourceKind,
    time::Timestamp,
    timers::TimerStatus,
    todo::TodoStatus,
};
use serde::{Deserialize, Serialize};

/// What others share with the user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedData {
    /// By owner: those with active timers first, then by name.
    pub people: Vec<Person>,
    /// What the page is limited to; `None` for the first entries of each kind.
    pub kind: Option<ResourceKind>,
    /// The cursors of further entries by kind.
    pub next: Vec<(ResourceKind, String)>,
    /// Whether recurring schedules were left out, since there are too many.
    pub is_incomplete: bool,
}

/// One owner with what is shared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// `None` for what users share with everybody who are neither friends nor named the reader's address: they stay
    /// nameless.
    pub id: Option<UserId>,
    pub name: Option<String>,
    /// Active ones first, then the newest.
    pub timers: Vec<SharedTimer>,
    pub todos: Vec<SharedTodo>,
    /// By start.
    pub schedules: Vec<SharedSchedule>,
}

/// A timer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SharedTimer {
    pub id: TimerId,
    pub title: Option<String>,
    pub status: TimerStatus,
    pub allocated_seconds: i64,
    /// Without the current span of a running timer, which began at `since`.
    pub elapsed_millis: i64,
    /// When it was started, paused or ended.
    pub since: Timestamp,
}

/// A todo.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SharedTodo {
    pub id: TodoId,
    pub title: String,
    pub status: TodoStatus,
    pub deadline: Option<Timestamp>,
}

/// A schedule, or an occurrence of one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SharedSchedule {
    /// The schedule, or the recurring one.
    pub id: ScheduleId,
    pub title: String,
    pub start: Timestamp,
    pub end: Timestamp,
    pub is_all_day: bool,
}

impl SharedTimer {
    /// The seconds that it has run at `now`.
    pub fn elapsed_seconds(&self, now: Timestamp) -> i64 {
        let current = match self.status {
            TimerStatus::Running => now.millis_since(self.since).max(0),
            _ => 0,
        };
        (self.elapsed_millis + current) / 1000
    }
}

impl Person {
    /// Whether a timer is running or paused.
    pub fn is_active(&self) -> bool {
        self.timers.iter().any(|timer| timer.status.is_active())
    }

    /// Whether a timer is running.
    pub fn is_running(&self) -> bool {
        self.timers.iter().any(|timer| timer.status == TimerStatus::Running)
    }
}

/// Sorts people: those with active timers first, then by name, and the nameless last.
pub fn sort_people(people: &mut [Person]) {
    people.sort_by_cached_key(|person| {
        let name = person.name.clone().unwrap_or_default();
        (
            person.id.is_none(),
            !person.is_active(),
            name.is_empty(),
            name,
            person.id.clone(),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn timer(status: TimerStatus) -> SharedTimer {
        SharedTimer {
            id: TimerId(Uuid::nil()),
            title: None,
            status,
            allocated_seconds: 1500,
            elapsed_millis: 60_500,
            since: Timestamp::from_millis(10_000),
        }
    }

    fn person(id: Option<&str>, name: Option<&str>, timers: Vec<SharedTimer>) -> Person {
        Person {
            id: id.map(Into::into),
            name: name.map(Into::into),
            timers,
            todos: Vec::new(),
            schedules: Vec::new(),
        }
    }

    #[test]
    fn only_a_running_timer_counts_on() {
        let now = Timestamp::from_millis(20_000);
        assert_eq!(timer(TimerStatus::Running).elapsed_seconds(now), 70);
        assert_eq!(timer(TimerStatus::Paused).elapsed_seconds(now), 60);
        assert_eq!(timer(TimerStatus::Running).elapsed_seconds(Timestamp::default()), 60);
    }

    #[test]
    fn active_people_are_first_and_strangers_last() {
        let mut people = vec![
            person(None, None, vec![timer(TimerStatus::Running)]),
            person(Some("x"), None, Vec::new()),
            person(Some("eve"), Some("Eve"), vec![timer(TimerStatus::Completed)]),
            person(Some("ben"), Some("Ben"), Vec::new()),
            person(Some("zoe"), Some("Zoe"), vec![timer(TimerStatus::Paused)]),
        ];
        sort_people(&mut people);
        let names: Vec<_> = people
            .iter()
            .map(|person| person.name.as_deref().unwrap_or("?"))
            .collect();
        assert_eq!(names, ["Zoe", "Ben", "Eve", "?", "?"]);
        assert_eq!(people[4].id, None);
    }
}
