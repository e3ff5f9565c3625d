//! What is planned in a window of time.

use crate::{
    paging::{Page, PageRequest},
    service::{
        Scope,
        schedules::{AgendaItem, Query},
        sharing::Reader,
    },
    state::AppState,
};
use app::{agenda::Planned, backend::BackendError};
use protocol::{
    id::UserId,
    limits,
    time::{Timestamp, Zone},
};

/// The user's own entries of a window, by start.
pub async fn read(
    state: &AppState,
    zone: Option<Zone>,
    user: &UserId,
    window: (Timestamp, Timestamp),
    limit: usize,
) -> Result<Vec<Planned>, BackendError> {
    let page = items(state, zone, user, window, limit).await?;
    Ok(page.items.iter().map(|item| item.planned()).collect())
}

/// The same with their schedules, and whether there are more than `limit`.
pub async fn items(
    state: &AppState,
    zone: Option<Zone>,
    user: &UserId,
    (from, until): (Timestamp, Timestamp),
    limit: usize,
) -> Result<Page<AgendaItem>, BackendError> {
    let query = Query {
        scope: Scope::Mine,
        from,
        until,
        tag_ids: Vec::new(),
        group_ids: Vec::new(),
        zone,
    };
    let request = PageRequest {
        limit: limit.clamp(1, limits::PAGE_ITEMS),
        ..PageRequest::default()
    };
    Ok(state.schedules.agenda(&reader(user), &query, &request).await?.page)
}

/// The user as a reader of own schedules: without an address, which only shared ones need.
pub fn reader(user: &UserId) -> Reader {
    Reader {
        user: user.clone(),
        email: None,
    }
}
