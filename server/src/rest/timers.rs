//! `/v1/timers`: timers are queried here, and controlled over the WebSocket (contract, REST 9).

use super::{
    caller::CurrentUser,
    error::{ApiError, Issue},
    json::unprocessable,
    query::Query,
};
use crate::{
    clock,
    state::AppState,
    store::timers::{Filter, Link},
};
use axum::{
    Json,
    extract::{OriginalUri, Path, State},
    http::StatusCode,
};
use protocol::{
    id::{TimerId, UserId},
    time::{TimeStyle, Timestamp, Zone},
    timer::{Timer, TimerStatus},
    wire::TimerView,
};
use serde::Serialize;
use serde_json::{Value, json};

/// A timer in a REST body (contract, REST 9.1).
#[derive(Serialize)]
pub struct RestTimer {
    #[serde(flatten)]
    view: TimerView,
    schedule: Option<Value>,
    todo: Option<Value>,
    tags: Vec<Value>,
    visibility_level: Option<&'static str>,
    is_shared: bool,
}

impl RestTimer {
    /// The owner's view. Schedules, todos, tags and visibility are not kept yet, so there are none to show.
    fn own(timer: &Timer, now: Timestamp, zone: Option<&Zone>) -> Self {
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

/// `GET /v1/timers` → the caller's timers, newest first.
pub async fn list(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<Vec<RestTimer>>, ApiError> {
    let query = Query::of(&uri);
    let mut issues = Vec::new();
    check_common(&query, &mut issues);
    let scope = scope(&query, &mut issues);
    let words: Vec<&str> = query.all("status").collect();
    let mut statuses: Vec<TimerStatus> = words.iter().filter_map(|word| TimerStatus::parse(word)).collect();
    statuses.sort_by_key(|status| status.as_str());
    statuses.dedup();
    let nothing = statuses.is_empty() && !words.is_empty();
    let link = match query.last("type") {
        Some("independent") => Some(Link::Independent),
        Some("schedule") => Some(Link::Schedule),
        Some("todo") => Some(Link::Todo),
        _ => None,
    };
    let started_from = query.instant("start_date", &mut issues);
    let started_until = query.instant("end_date", &mut issues);
    unprocessable(issues)?;
    let zone = query.timezone()?;
    // Unknown statuses match nothing, and nothing is shared with anybody yet.
    if nothing || scope == Scope::Shared {
        return Ok(Json(Vec::new()));
    }
    let timers = state
        .timers
        .list(
            &user,
            &Filter {
                statuses,
                link,
                started_from,
                started_until,
            },
        )
        .await?;
    let now = clock::now();
    Ok(Json(
        timers
            .iter()
            .map(|timer| RestTimer::own(timer, now, zone.as_ref()))
            .collect(),
    ))
}

/// `GET /v1/timers/active` → the caller's newest RUNNING or PAUSED timer, or 404.
pub async fn active(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<RestTimer>, ApiError> {
    let zone = common(&uri)?;
    let timer = state.timers.newest_active(&user).await?;
    let timer = timer.ok_or_else(|| ApiError::detail(StatusCode::NOT_FOUND, "No active timer found"))?;
    Ok(Json(RestTimer::own(&timer, clock::now(), zone.as_ref())))
}

/// `GET /v1/timers/{id}` → the timer; 404 where there is none, 403 where it is not the caller's.
pub async fn one(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    Path(id): Path<String>,
    OriginalUri(uri): OriginalUri,
) -> Result<Json<RestTimer>, ApiError> {
    let parsed: Result<TimerId, _> = id.parse();
    let Ok(id) = parsed else {
        let issue = Issue::new("uuid_parsing", "path", "timer_id", "Must be a UUID", json!(id));
        return Err(ApiError::Validation(vec![issue]));
    };
    let zone = common(&uri)?;
    let timer = state.timers.find(id).await?;
    let timer =
        timer.ok_or_else(|| ApiError::domain(StatusCode::NOT_FOUND, "TimerNotFoundError", "Timer not found"))?;
    readable_by(&timer, &user)?;
    Ok(Json(RestTimer::own(&timer, clock::now(), zone.as_ref())))
}

fn readable_by(timer: &Timer, user: &UserId) -> Result<(), ApiError> {
    if timer.owner_id == *user {
        return Ok(());
    }
    let message = "This timer belongs to somebody else and is not shared with you";
    Err(ApiError::domain(StatusCode::FORBIDDEN, "AccessDeniedError", message))
}

/// Checks the parameters that all timer endpoints share, and reads the timezone.
fn common(uri: &axum::http::Uri) -> Result<Option<Zone>, ApiError> {
    let query = Query::of(uri);
    let mut issues = Vec::new();
    check_common(&query, &mut issues);
    unprocessable(issues)?;
    query.timezone()
}

/// `include_schedule`, `include_todo`, `tag_include_mode`: what they would add is not kept yet, but a wrong value is
/// wrong all the same.
fn check_common(query: &Query, issues: &mut Vec<Issue>) {
    for name in ["include_schedule", "include_todo"] {
        query.boolean(name, issues);
    }
    if let Some(mode) = query.last("tag_include_mode")
        && !["none", "timer_only", "inherit_from_schedule"].contains(&mode)
    {
        let msg = "Must be none, timer_only or inherit_from_schedule";
        issues.push(Issue::new("enum", "query", "tag_include_mode", msg, json!(mode)));
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Mine,
    Shared,
    All,
}

fn scope(query: &Query, issues: &mut Vec<Issue>) -> Scope {
    match query.last("scope") {
        None | Some("mine") => Scope::Mine,
        Some("shared") => Scope::Shared,
        Some("all") => Scope::All,
        Some(other) => {
            issues.push(Issue::new(
                "enum",
                "query",
                "scope",
                "Must be mine, shared or all",
                json!(other),
            ));
            Scope::Mine
        }
    }
}
