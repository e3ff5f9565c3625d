//! Converts timer queries to the service's filters.

use crate::{
    service::{
        Scope,
        timers::{Extras, TagMode},
    },
    store::timers::{Filter, Link},
};
use protocol::{
    rest::{LinkFilter, TagIncludeMode, TimerFilter, TimerViewQuery},
    time::Timestamp,
};

/// What to return besides the timers.
pub fn extras(query: &TimerViewQuery) -> Extras {
    Extras {
        schedule: query.include_schedule.0,
        todo: query.include_todo.0,
        tags: match query.tag_include_mode {
            TagIncludeMode::None => TagMode::None,
            TagIncludeMode::TimerOnly => TagMode::TimerOnly,
            TagIncludeMode::InheritFromSchedule => TagMode::Inherit,
        },
    }
}

/// The scope and filter of a list; `None` if no timer can match.
pub fn filter(query: TimerFilter) -> Option<(Scope, Filter)> {
    let statuses = match query.status.0 {
        Some(statuses) if statuses.is_empty() => return None,
        statuses => statuses.unwrap_or_default(),
    };
    let filter = Filter {
        statuses,
        link: match query.r#type {
            LinkFilter::Any => None,
            LinkFilter::Independent => Some(Link::Independent),
            LinkFilter::Schedule => Some(Link::Schedule),
            LinkFilter::Todo => Some(Link::Todo),
        },
        started_from: query.start_date.map(Into::into),
        started_until: query.end_date.map(|end| end_of_second(end.into())),
    };
    Some((query.scope, filter))
}

/// REST shows whole seconds, truncated: a bound of a whole second includes every instant of it.
fn end_of_second(bound: Timestamp) -> Timestamp {
    if bound.millis() % 1000 == 0 {
        bound.plus_millis(999)
    } else {
        bound
    }
}
