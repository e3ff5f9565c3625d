//! A timer in a REST body.

use protocol::{
    time::{TimeStyle, Timestamp, Zone},
    timer::Timer,
    wire::{ScheduleView, TagView, TimerView, TodoView},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A timer as REST shows it (contract, REST 9.1). Times are whole seconds with a numeric offset without a colon.
#[derive(Serialize, ToSchema)]
#[schema(as = Timer)]
pub struct RestTimer {
    /// What it is over the WebSocket, too.
    #[serde(flatten)]
    pub view: TimerView,
    /// Its schedule, where it was asked for and may be seen.
    pub schedule: Option<ScheduleView>,
    /// Its todo, where it was asked for and may be seen.
    pub todo: Option<TodoView>,
    /// By `tag_include_mode`, ordered by name.
    pub tags: Vec<TagView>,
    /// Who may see it; null where that was never set.
    #[schema(value_type = Option<String>)]
    pub visibility_level: Option<&'static str>,
    /// It belongs to somebody else.
    pub is_shared: bool,
}

impl RestTimer {
    /// The owner's view. Schedules, todos, tags and visibility are not kept yet, so there are none to show.
    pub fn own(timer: &Timer, now: Timestamp, zone: Option<&Zone>) -> Self {
        let view = TimerView::new(timer, now, TimeStyle::Rest, zone);
        Self {
            view,
            schedule: None,
            todo: None,
            tags: Vec::new(),
            visibility_level: None,
            is_shared: false,
        }
    }
}
