//! The query parameters that all timer endpoints share (contract, REST 9.1).

use crate::rest::{error::Issue, query::Query};
use utoipa::{IntoParams, ToSchema};

/// What a reader may ask for, for the documents.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the parameters are read by `check`")]
pub struct CommonParams {
    /// In which timezone times are written: an IANA name, UTC, or an offset such as +09:00 (sent as %2B09:00).
    timezone: Option<String>,
    /// Adds the timer's schedule.
    include_schedule: Option<bool>,
    /// Adds the timer's todo.
    include_todo: Option<bool>,
    /// Which tags are added.
    #[param(inline)]
    tag_include_mode: Option<TagIncludeMode>,
}

/// Which tags a timer is shown with.
#[derive(Clone, Copy, ToSchema)]
#[schema(rename_all = "snake_case")]
enum TagIncludeMode {
    /// None.
    None,
    /// The timer's own.
    TimerOnly,
    /// The timer's, and those of its schedule, or of its todo where it has no schedule.
    InheritFromSchedule,
}

/// What they would add is not kept yet, but a wrong value is wrong all the same.
pub fn check(query: &Query, issues: &mut Vec<Issue>) {
    for name in ["include_schedule", "include_todo"] {
        query.boolean(name, issues);
    }
    let modes = [
        ("none", TagIncludeMode::None),
        ("timer_only", TagIncludeMode::TimerOnly),
        ("inherit_from_schedule", TagIncludeMode::InheritFromSchedule),
    ];
    query.word("tag_include_mode", &modes, issues);
}
