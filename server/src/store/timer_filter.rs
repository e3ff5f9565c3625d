//! Filters for a user's timers: as conditions of a statement on `timers`, and on timers in memory.

use super::{Conn, statement::Statement, text_pattern::TextPattern};
use crate::paging::TimeKey;
use protocol::{
    id::{ScheduleId, TagId, TimerId, TodoId, UserId},
    time::Timestamp,
    timers::{Timer, TimerStatus},
};
use std::collections::HashSet;

/// The condition that a timer does not have a tag that is `asked` for: itself, by its schedule, or by its todo if it has no
/// schedule (contract, REST 9.1).
const WITHOUT_TAG: &str = "
    NOT EXISTS (SELECT 1 FROM timer_tags AS own WHERE own.timer_id = timers.id AND own.tag_id = asked.column1)
    AND NOT EXISTS (SELECT 1 FROM schedule_tags AS own
                    WHERE own.schedule_id = timers.schedule_id AND own.tag_id = asked.column1)
    AND (timers.schedule_id IS NOT NULL OR NOT EXISTS
         (SELECT 1 FROM todo_tags AS own WHERE own.todo_id = timers.todo_id AND own.tag_id = asked.column1))";

/// A filter for a user's timers; `None` and empty values match everything.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Any of these.
    pub statuses: Vec<TimerStatus>,
    /// The links.
    pub link: Option<Link>,
    pub schedule_id: Option<ScheduleId>,
    pub todo_id: Option<TodoId>,
    /// `started_at` at or after.
    pub started_from: Option<Timestamp>,
    /// `started_at` at or before.
    pub started_until: Option<Timestamp>,
    /// The first start (`created_at`) at or after.
    pub created_from: Option<Timestamp>,
    /// The first start before.
    pub created_before: Option<Timestamp>,
    /// All of these: own and inherited ones of a user's own timer.
    pub tag_ids: Vec<TagId>,
    /// A part of the title or the description.
    pub text: Option<TextPattern>,
}

/// A timer's links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Neither a schedule nor a todo.
    Independent,
    /// Linked to a schedule.
    Schedule,
    /// Linked to a todo.
    Todo,
}

/// The columns that decide whether and where a timer is in a list, without texts and history.
#[derive(Clone, Debug)]
pub struct TimerPlace {
    pub id: TimerId,
    pub owner_id: UserId,
    pub(super) created_at: Timestamp,
    pub(super) started_at: Timestamp,
    pub(super) status: TimerStatus,
    pub(super) schedule_id: Option<ScheduleId>,
    pub(super) todo_id: Option<TodoId>,
}

impl TimerPlace {
    /// The timer's own column.
    pub fn key(&self) -> TimeKey {
        TimeKey(self.created_at.millis(), self.id.0)
    }
}

impl Filter {
    /// Adds the conditions, each after an AND, to a statement on `timers`.
    pub(super) fn add_to(&self, statement: &mut Statement, conn: &Conn) {
        if !self.statuses.is_empty() {
            let statuses = self.statuses.iter().map(|status| statement.bind(status.as_str()));
            let statuses = statuses.collect::<Vec<_>>().join(", ");
            statement.add(format_args!(" AND timers.status IN ({statuses})"));
        }
        match self.link {
            None => {}
            Some(Link::Independent) => statement.add(" AND timers.schedule_id IS NULL AND timers.todo_id IS NULL"),
            Some(Link::Schedule) => statement.add(" AND timers.schedule_id IS NOT NULL"),
            Some(Link::Todo) => statement.add(" AND timers.todo_id IS NOT NULL"),
        }
        let (schedule, todo) = (
            self.schedule_id.map(|id| id.to_string()),
            self.todo_id.map(|id| id.to_string()),
        );
        for (column, id) in [("schedule_id", schedule), ("todo_id", todo)] {
            if let Some(id) = id {
                let id = statement.bind(id);
                statement.add(format_args!(" AND timers.{column} = {id}"));
            }
        }
        for (condition, instant) in [
            ("started_at >=", self.started_from),
            ("started_at <=", self.started_until),
            ("created_at >=", self.created_from),
            ("created_at <", self.created_before),
        ] {
            if let Some(instant) = instant {
                let instant = statement.bind(instant);
                statement.add(format_args!(" AND timers.{condition} {instant}"));
            }
        }
        if !self.tag_ids.is_empty() {
            let asked = statement.rows(self.tag_ids.iter().map(|tag| [tag.to_string().into()]));
            let missing = format_args!("SELECT 1 FROM (VALUES {asked}) AS asked WHERE {WITHOUT_TAG}");
            statement.add(format_args!(" AND NOT EXISTS ({missing})"));
        }
        if let Some(text) = &self.text {
            let (operator, pattern) = text.condition(conn);
            let pattern = statement.bind(pattern);
            let contains = |column| format!("timers.{column} {operator} {pattern}");
            let (title, description) = (contains("title"), contains("description"));
            statement.add(format_args!(" AND ({title} OR {description})"));
        }
    }

    /// Whether a timer matches by its columns in a [`TimerPlace`].
    pub fn passes(&self, timer: &TimerPlace) -> bool {
        let (has_schedule, has_todo) = (timer.schedule_id.is_some(), timer.todo_id.is_some());
        let link = match self.link {
            None => true,
            Some(Link::Independent) => !has_schedule && !has_todo,
            Some(Link::Schedule) => has_schedule,
            Some(Link::Todo) => has_todo,
        };
        let status = self.statuses.is_empty() || self.statuses.contains(&timer.status);
        let linked = (self.schedule_id.is_none() || timer.schedule_id == self.schedule_id)
            && (self.todo_id.is_none() || timer.todo_id == self.todo_id);
        let started = self.started_from.is_none_or(|from| timer.started_at >= from)
            && self.started_until.is_none_or(|until| timer.started_at <= until);
        let created = self.created_from.is_none_or(|from| timer.created_at >= from)
            && self.created_before.is_none_or(|before| timer.created_at < before);
        link && status && linked && started && created
    }

    /// Whether a timer matches by its texts and the given tags.
    pub fn passes_content(&self, timer: &Timer, tags: &HashSet<TagId>) -> bool {
        let mut texts = [&timer.title, &timer.description].into_iter().flatten();
        let text = self.text.as_ref();
        text.is_none_or(|text| texts.any(|part| text.is_in(part))) && self.tag_ids.iter().all(|tag| tags.contains(tag))
    }
}
