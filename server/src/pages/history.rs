//! Timers, time by day and time by tag for the pages, with the days of the reader's timezone.

use crate::{
    clock,
    paging::{PageRequest, TimeKey, decode_cursor},
    service::timers::history::{self, PAGE_TIMERS},
    state::AppState,
};
use app::backend::BackendError;
use protocol::{
    rest::{HistoryPage, HistoryQuery, TagTimes, TimerTotals, account::Account, input::Date},
    time::{DayRange, Zone},
};

pub async fn page(
    state: &AppState,
    account: &Account,
    zone: Option<&Zone>,
    query: &HistoryQuery,
    (cursor, limit): (Option<String>, usize),
) -> Result<HistoryPage, BackendError> {
    let filter = history::filter(query, zone);
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
    zone: Option<&Zone>,
    query: &HistoryQuery,
) -> Result<TimerTotals, BackendError> {
    let today = clock::now().floating(zone).to_utc().date_naive();
    let days = DayRange::newest(query.from.map(|day| day.0), query.to.map_or(today, |day| day.0));
    let filter = history::filter(query, zone);
    Ok(state.timers.totals(&account.id, &filter, &days, zone).await?)
}

pub async fn tag_times(
    state: &AppState,
    account: &Account,
    zone: Option<&Zone>,
    (from, to): (Date, Date),
) -> Result<TagTimes, BackendError> {
    let days = DayRange::newest(Some(from.0), to.0);
    Ok(state.tags.times(&account.id, &days, zone).await?)
}
