//! A timer in a REST body.

use protocol::{
    time::{TimeStyle, Timestamp, Zone},
    timer::Timer,
    wire::TimerView,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A timer as REST shows it (contract, REST 9.1). Times are whole seconds with a numeric offset without a colon.
#[derive(Serialize, ToSchema)]
#[schema(as = Timer)]
pub struct RestTimer {
    #[serde(flatten)]
    view: TimerView,
    /// Its schedule, where it was asked for and may be seen.
    #[schema(value_type = Option<Object>)]
    schedule: Option<Value>,
    /// Its todo, where it was asked for and may be seen.
    #[schema(value_type = Option<Object>)]
    todo: Option<Value>,
    /// By `tag_include_mode`, ordered by name.
    #[schema(value_type = Vec<Object>)]
    tags: Vec<Value>,
    /// Who may see it; null where that was never set.
    #[schema(value_type = Option<String>)]
    visibility_level: Option<&'static str>,
    /// It belongs to somebody else.
    is_shared: bool,
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
