//! Converts timer queries to the service's filters.

use crate::{
    service::{
        Scope,
        timers::{Extras, TagMode},
    },
    store::{
        text_pattern::TextPattern,
        timers::{Filter, Link},
    },
};
use protocol::{
    rest::{LinkFilter, TagIncludeMode, TimerFilter, TimerSearch, TimerViewQuery},
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

/// The filter of a search; `None` if no timer can match.
pub fn search(query: TimerSearch) -> Option<Filter> {
    let statuses = match query.status.0 {
        Some(statuses) if statuses.is_empty() => return None,
        statuses => statuses.unwrap_or_default(),
    };
    Some(Filter {
        statuses,
        link: match query.r#type {
            LinkFilter::Any => None,
            LinkFilter::Independent => Some(Link::Independent),
            LinkFilter::Schedule => Some(Link::Schedule),
            LinkFilter::Todo => Some(Link::Todo),
        },
        schedule_id: query.schedule_id,
        todo_id: query.todo_id,
        tag_ids: query.tag_ids.into(),
        text: TextPattern::new(&query.text.0),
        ..Filter::default()
    })
}

/// The scope and filter of a list; `None` if no timer can match.
pub fn filter(query: TimerFilter, wanted: TimerSearch) -> Option<(Scope, Filter)> {
    let filter = Filter {
        started_from: query.start_date.map(Into::into),
        started_until: query.end_date.map(|end| end_of_second(end.into())),
        ..search(wanted)?
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
