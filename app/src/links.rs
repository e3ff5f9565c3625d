//! Links of timers: schedules, todos and tags.

use protocol::{
    id::{ScheduleId, TagId, TodoId},
    tag::Tag,
    time::Timestamp,
    timers::Timer,
};
use serde::{Deserialize, Serialize};

/// The links of the user's timers, and the choices for new timers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Links {
    /// Schedules, by their start.
    pub schedules: Vec<ScheduleLink>,
    /// Todos, in the order of lists.
    pub todos: Vec<TodoLink>,
    /// All tags, by name.
    pub tags: Vec<TagLink>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduleLink {
    pub id: ScheduleId,
    pub title: String,
    pub start: Timestamp,
    pub recurs: bool,
    /// Whether it is offered to new timers.
    pub open: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodoLink {
    pub id: TodoId,
    pub title: String,
    /// Whether it is offered to new timers.
    pub open: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TagLink {
    pub id: TagId,
    pub name: String,
    /// `#` and six hexadecimal digits.
    pub color: String,
}

impl From<&Tag> for TagLink {
    fn from(tag: &Tag) -> Self {
        Self {
            id: tag.id,
            name: tag.name.clone(),
            color: tag.color.clone(),
        }
    }
}

/// The links of one timer, as shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Linked {
    pub schedule: Option<String>,
    pub todo: Option<String>,
    /// The timer's own tags, by name.
    pub tags: Vec<TagLink>,
}

impl Linked {
    /// Whether the timer has no links.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Links {
    /// The links of a timer.
    pub fn of(&self, timer: &Timer) -> Linked {
        self.with_tags(timer, timer.tags.iter().map(TagLink::from).collect())
    }

    /// The links of a timer that the server has not acknowledged, with the requested tags.
    pub fn of_tagged(&self, timer: &Timer, tags: &[TagId]) -> Linked {
        let tags = self.tags.iter().filter(|known| tags.contains(&known.id));
        self.with_tags(timer, tags.cloned().collect())
    }

    fn with_tags(&self, timer: &Timer, tags: Vec<TagLink>) -> Linked {
        let schedule = self.schedules.iter().find(|known| Some(known.id) == timer.schedule_id);
        let todo = self.todos.iter().find(|known| Some(known.id) == timer.todo_id);
        Linked {
            schedule: schedule.map(|schedule| schedule.title.clone()),
            todo: todo.map(|todo| todo.title.clone()),
            tags,
        }
    }

    /// Whether the timer's schedule and todo are known here.
    pub fn knows(&self, timer: &Timer) -> bool {
        let schedule = timer
            .schedule_id
            .is_none_or(|id| self.schedules.iter().any(|known| known.id == id));
        let todo = timer
            .todo_id
            .is_none_or(|id| self.todos.iter().any(|known| known.id == id));
        schedule && todo
    }

    /// Whether a new timer can be linked to anything.
    pub fn has_choices(&self) -> bool {
        !self.tags.is_empty()
            || self.schedules.iter().any(|schedule| schedule.open)
            || self.todos.iter().any(|todo| todo.open)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{
        id::{TagGroupId, TimerId},
        timers::NewTimer,
    };
    use uuid::Uuid;

    fn timer(schedule: Option<u128>, todo: Option<u128>) -> Timer {
        let new = NewTimer {
            allocated_seconds: 60,
            schedule_id: schedule.map(|id| ScheduleId(Uuid::from_u128(id))),
            todo_id: todo.map(|id| TodoId(Uuid::from_u128(id))),
            ..NewTimer::default()
        };
        Timer::create(TimerId(Uuid::nil()), "ada".into(), new, Timestamp::default()).unwrap()
    }

    fn links() -> Links {
        let tag = |id, name: &str| TagLink {
            id: TagId(Uuid::from_u128(id)),
            name: name.into(),
            color: "#2E7D32".into(),
        };
        Links {
            schedules: vec![ScheduleLink {
                id: ScheduleId(Uuid::from_u128(1)),
                title: "Mornings".into(),
                start: Timestamp::default(),
                recurs: false,
                open: false,
            }],
            tags: vec![tag(3, "deep"), tag(4, "home")],
            ..Links::default()
        }
    }

    #[test]
    fn links_to_unknown_resources_are_left_out() {
        let far = Tag {
            id: TagId(Uuid::from_u128(9)),
            owner_id: "ada".into(),
            group_id: TagGroupId(Uuid::nil()),
            name: "far".into(),
            color: "#2E7D32".into(),
            description: None,
            created_at: Timestamp::default(),
            updated_at: Timestamp::default(),
        };
        let timer = Timer {
            tags: vec![far],
            ..timer(Some(1), Some(2))
        };
        let linked = links().of(&timer);
        assert_eq!((linked.schedule.as_deref(), linked.todo), (Some("Mornings"), None));
        let names: Vec<&str> = linked.tags.iter().map(|tag| tag.name.as_str()).collect();
        assert_eq!(names, ["far"], "a tag comes with its timer");
        let asked = links().of_tagged(&timer, &[TagId(Uuid::from_u128(4)), TagId(Uuid::from_u128(8))]);
        let names: Vec<&str> = asked.tags.iter().map(|tag| tag.name.as_str()).collect();
        assert_eq!(names, ["home"], "an unknown tag is left out");
    }

    #[test]
    fn a_link_to_an_unknown_resource_is_detected() {
        assert!(links().knows(&timer(Some(1), None)) && links().knows(&timer(None, None)));
        assert!(!links().knows(&timer(Some(2), None)) && !links().knows(&timer(None, Some(1))));
    }

    #[test]
    fn done_todos_and_past_schedules_are_not_offered() {
        assert!(links().has_choices(), "tags are always offered");
        let done = Links {
            tags: Vec::new(),
            ..links()
        };
        assert!(!done.has_choices());
    }
}
