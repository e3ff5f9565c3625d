//! Timers, time by day and time by tag for the pages, with the days of the reader's timezone.

use super::day;
use crate::{
    clock,
    paging::{PageRequest, TimeKey, decode_cursor},
    service::timers::history::{self, PAGE_TIMERS},
    state::AppState,
};
use app::backend::BackendError;
use http::request::Parts;
use protocol::{
    rest::{HistoryPage, HistoryQuery, TagTimes, TimerTotals, account::Account, input::Date},
    time::DayRange,
};

pub async fn page(
    state: &AppState,
    account: &Account,
    request: &Parts,
    query: &HistoryQuery,
    (cursor, limit): (Option<String>, usize),
) -> Result<HistoryPage, BackendError> {
    let filter = history::filter(query, day::zone(&request.headers).as_ref());
    let page = PageRequest::<TimeKey> {
        after: cursor.as_deref().and_then(decode_cursor),
        limit: limit.clamp(1, PAGE_TIMERS),
        ..PageRequest::default()
    };
    Ok(state.timers.history(&account.id, &filter, page).await?)
}

pub async fn totals(
    state: &AppState,
    account: &Account,
    request: &Parts,
    query: &HistoryQuery,
) -> Result<TimerTotals, BackendError> {
    let zone = day::zone(&request.headers);
    let today = clock::now().floating(zone.as_ref()).to_utc().date_naive();
    let days = DayRange::newest(query.from.map(|day| day.0), query.to.map_or(today, |day| day.0));
    let filter = history::filter(query, zone.as_ref());
    Ok(state.timers.totals(&account.id, &filter, &days, zone.as_ref()).await?)
}

pub async fn tag_times(
    state: &AppState,
    account: &Account,
    request: &Parts,
    (from, to): (Date, Date),
) -> Result<TagTimes, BackendError> {
    let zone = day::zone(&request.headers);
    let days = DayRange::newest(Some(from.0), to.0);
    Ok(state.tags.times(&account.id, &days, zone.as_ref()).await?)
}
