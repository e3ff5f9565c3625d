//! What is planned in a window of time.

use crate::{
    paging::PageRequest,
    service::{Scope, schedules::Query, sharing::Reader},
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
    (from, until): (Timestamp, Timestamp),
    limit: usize,
) -> Result<Vec<Planned>, BackendError> {
    // Without an address: only the user's own schedules are read.
    let reader = Reader {
        user: user.clone(),
        email: None,
    };
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
    let agenda = state.schedules.agenda(&reader, &query, &request).await;
    let agenda = agenda.map_err(|error| {
        tracing::error!(%error, "a page failed");
        BackendError::Unavailable
    })?;
    Ok(agenda.page.items.iter().map(|item| item.planned()).collect())
}
