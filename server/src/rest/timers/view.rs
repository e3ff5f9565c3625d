//! A timer in a REST body.

use crate::service::{sharing::Level, timers::Shown};
use protocol::{
    time::{TimeStyle, Timestamp, Zone},
    wire::{TagView, TimerView},
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
    tags: Vec<TagView>,
    /// Who may see it; null where that was never set, and for others than the owner.
    visibility_level: Option<Level>,
    /// It belongs to somebody else.
    is_shared: bool,
}

impl RestTimer {
    /// As it is shown to its reader at `now`.
    pub fn new(shown: &Shown, now: Timestamp, zone: Option<&Zone>) -> Self {
        Self {
            view: TimerView::new(&shown.timer, now, TimeStyle::Rest, zone),
            schedule: None,
            todo: None,
            tags: shown.tags.iter().map(|tag| TagView::new(tag, zone)).collect(),
            visibility_level: shown.access.level(),
            is_shared: shown.access.is_shared(),
        }
    }
}
