//! The query parameters that all timer endpoints share (contract, REST 9.1).

use crate::{
    rest::http::{error::Issue, query::Query},
    service::timers::{Extras, TagMode},
};
use utoipa::{IntoParams, ToSchema};

/// What a reader may ask for, for the documents.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the parameters are read by `read`")]
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
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "for the documents")]
enum TagIncludeMode {
    /// None.
    None,
    /// The timer's own.
    TimerOnly,
    /// The timer's, and those of its schedule, or of its todo where it has no schedule.
    InheritFromSchedule,
}

/// Reads them; what is wrong is noted in `issues`.
pub fn read(query: &Query, issues: &mut Vec<Issue>) -> Extras {
    let (schedule, todo) = (
        query.boolean("include_schedule", issues),
        query.boolean("include_todo", issues),
    );
    let modes = [
        ("none", TagMode::None),
        ("timer_only", TagMode::TimerOnly),
        ("inherit_from_schedule", TagMode::Inherit),
    ];
    Extras {
        schedule,
        todo,
        tags: query.word("tag_include_mode", &modes, issues).unwrap_or_default(),
    }
}
