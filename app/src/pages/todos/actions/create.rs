//! New todos, timers and times in the calendar.

use super::{Todos, new_id, object, seconds, text, text_or_null};
use crate::{
    pages::todos::{
        data::{Group, Planned, TodoRow},
        edit::TodoEdit,
    },
    state::PageCommand,
    writes::Write,
};
use leptos::prelude::*;
use protocol::{
    id::{ScheduleId, TagGroupId, TodoId},
    limits,
    time::Timestamp,
    timers::{NewTimer, TimerCommand},
    todo::TodoStatus,
};

/// The length of a timer that is started here, in seconds.
const TIMER_SECONDS: i64 = 25 * 60;
/// The colour of the first group.
const FIRST_COLOR: &str = "#2E7D32";
const MINUTE_MILLIS: i64 = 60_000;

impl Todos {
    /// The group of new todos; `None` if there is none yet.
    pub fn target_group(self) -> Option<TagGroupId> {
        let chosen = self.into.get().or(self.query.with(|query| query.group));
        self.data.with(|data| {
            let chosen = data.groups.iter().find(|group| Some(group.id) == chosen);
            chosen.or(data.groups.first()).map(|group| group.id)
        })
    }

    /// The todo below which new ones are added, as long as it is there.
    pub fn target_parent(self) -> Option<TodoRow> {
        self.row(self.below.get()?)
    }

    /// Adds a todo at the end of the group, or below the chosen one. The first one also creates a group.
    pub fn add(self, title: &str) {
        let title: String = title.trim().chars().take(limits::TITLE_CHARS).collect();
        if title.is_empty() {
            return;
        }
        let parent = untrack(|| self.target_parent());
        let group = match &parent {
            Some(parent) => parent.group,
            None => untrack(|| self.target_group()).unwrap_or_else(|| self.add_first_group()),
        };
        let row = TodoRow {
            id: TodoId(new_id()),
            group,
            parent: parent.map(|parent| parent.id),
            title,
            status: TodoStatus::Unscheduled,
            deadline: None,
            created: self.created_now(),
            tags: Vec::new(),
            is_context: false,
            children: 0,
            done: 0,
            seconds: 0,
            waits: false,
        };
        let is_left_out = self.query.with_untracked(|query| query.is_filtered())
            || self.data.with_untracked(|data| {
                let group = data.groups.iter().find(|known| known.id == group);
                group.is_some_and(|group| group.total > group.shown)
            });
        if is_left_out {
            self.keep(&row);
        }
        let body = object(vec![
            ("id", text(row.id)),
            ("title", text(&row.title)),
            ("tag_group_id", text(row.group)),
            ("parent_id", text_or_null(row.parent)),
        ]);
        self.unfold(row.parent.map_or(group.0, |parent| parent.0));
        self.say((self.texts.added)(&row.title));
        self.data.edit(TodoEdit::Add(row), Write::post("/v1/todos", &body));
    }

    fn add_first_group(self) -> TagGroupId {
        let group = Group {
            id: TagGroupId(new_id()),
            name: self.texts.first_group.to_owned(),
            color: FIRST_COLOR.to_owned(),
            open: 0,
            total: 0,
            shown: 0,
        };
        let body = object(vec![
            ("id", text(group.id)),
            ("name", text(&group.name)),
            ("color", text(&group.color)),
        ]);
        let id = group.id;
        self.data
            .edit(TodoEdit::AddGroup(group), Write::post("/v1/tags/groups", &body));
        id
    }

    /// Starts a timer of a todo.
    pub fn start_timer(self, id: TodoId) {
        let Some(row) = self.row_untracked(id) else {
            return;
        };
        let title = self.title(&row).to_owned();
        self.say((self.texts.started)(&title));
        let new = NewTimer {
            allocated_seconds: TIMER_SECONDS,
            title: Some(title),
            todo_id: Some(id),
            ..NewTimer::default()
        };
        self.commands.give(PageCommand::Timer(TimerCommand::Create {
            new,
            tag_ids: Vec::new(),
        }));
    }

    /// Gives a todo a time in the calendar.
    pub fn plan(self, id: TodoId, start: Timestamp, minutes: i64) {
        let Some(row) = self.row_untracked(id) else {
            return;
        };
        let plan = Planned {
            id: ScheduleId(new_id()),
            start,
            end: start.plus_millis(minutes * MINUTE_MILLIS),
            recurs: false,
            waits: true,
        };
        let body = object(vec![
            ("id", text(plan.id)),
            ("title", text(self.title(&row))),
            ("start_time", seconds(plan.start)),
            ("end_time", seconds(plan.end)),
            ("source_todo_id", text(id)),
            ("tag_ids", row.tags.iter().map(text).collect()),
        ]);
        self.data
            .edit(TodoEdit::Plan(id, plan), Write::post("/v1/schedules", &body));
        if row.status == TodoStatus::Unscheduled {
            self.set_status(id, TodoStatus::Scheduled);
        }
    }
}
