//! Which timers a list is of (contract, REST 9.2).

use crate::{
    rest::http::{
        error::Issue,
        instant::Instant,
        query::Query,
        scope::{self, ScopeParam},
    },
    service::Scope,
    store::timers::{Filter, Link},
};
use protocol::{limits, time::Timestamp, timers::TimerStatus};
use utoipa::IntoParams;

/// How a list is narrowed, for the documents. Filters combine with AND.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "the parameters are read by `read`")]
pub struct FilterParams {
    /// Whose timers.
    #[param(inline)]
    scope: Option<ScopeParam>,
    /// RUNNING, PAUSED, COMPLETED or CANCELLED in any case, repeatable; unknown values match nothing.
    status: Option<Vec<String>>,
    /// independent (no schedule and no todo), schedule or todo; other values are ignored.
    r#type: Option<String>,
    /// Started at or after.
    start_date: Option<Instant>,
    /// Started at or before.
    end_date: Option<Instant>,
}

/// Reads whose timers are wanted, and which; `None`: no timer can pass. What is wrong is noted in `issues`.
pub fn read(query: &Query, issues: &mut Vec<Issue>) -> Option<(Scope, Filter)> {
    let scope = scope::read(query, issues);
    query.is_list("status", issues);
    let words: Vec<&str> = query.all("status").take(limits::LIST_ENTRIES).collect();
    let mut statuses = TimerStatus::ALL.to_vec();
    statuses.retain(|status| words.iter().any(|word| TimerStatus::parse(word) == Some(*status)));
    let unknown = statuses.is_empty() && !words.is_empty();
    let filter = Filter {
        statuses,
        link: match query.last("type") {
            Some("independent") => Some(Link::Independent),
            Some("schedule") => Some(Link::Schedule),
            Some("todo") => Some(Link::Todo),
            _ => None,
        },
        started_from: query.instant("start_date", issues),
        started_until: query.instant("end_date", issues).map(end_of_second),
    };
    (!unknown).then_some((scope, filter))
}

/// REST shows whole seconds, cut off: a bound of a whole second holds for all that is shown as this second.
fn end_of_second(bound: Timestamp) -> Timestamp {
    if bound.millis() % 1000 == 0 {
        bound.plus_millis(999)
    } else {
        bound
    }
}
