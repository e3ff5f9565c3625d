//! A timer in REST answers.

use crate::service::{sharing::Level, timers::VisibleTimer};
use protocol::{
    rest::{ScheduleView, TodoView},
    time::{TimeStyle, Timestamp, Zone},
    timers::{Timer, TimerView},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A timer (contract, REST 9.1). Times are whole seconds with a numeric offset without a colon.
#[derive(Serialize, ToSchema)]
#[schema(as = Timer)]
pub struct RestTimer {
    /// The same members as over the WebSocket.
    #[serde(flatten)]
    pub view: TimerView,
    /// The schedule, if requested and visible to the caller.
    pub schedule: Option<ScheduleView>,
    /// The todo, if requested and visible to the caller.
    pub todo: Option<TodoView>,
    /// Who may see it; null if that was never set, and for users other than the owner.
    pub visibility_level: Option<Level>,
}

impl RestTimer {
    /// The timer at `now`, as its reader sees it.
    pub fn new(shown: &VisibleTimer, now: Timestamp, zone: Option<&Zone>) -> Self {
        Self {
            schedule: shown.schedule.as_ref().map(|schedule| schedule.view(zone)),
            todo: shown.todo.as_ref().map(|todo| todo.view(zone)),
            visibility_level: shown.access.level(),
            ..Self::of(&shown.timer, shown.access.is_shared(), now, zone)
        }
    }

    /// The timer itself, as its owner sees it.
    pub fn own(timer: &Timer, now: Timestamp, zone: Option<&Zone>) -> Self {
        Self::of(timer, false, now, zone)
    }

    fn of(timer: &Timer, is_shared: bool, now: Timestamp, zone: Option<&Zone>) -> Self {
        Self {
            view: TimerView::new(timer, is_shared, now, TimeStyle::Rest, zone),
            schedule: None,
            todo: None,
            visibility_level: None,
        }
    }
}
