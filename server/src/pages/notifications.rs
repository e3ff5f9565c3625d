//! The data of the page of notifications.

use crate::{paging::PageRequest, state::AppState, store::StoreError};
use app::pages::notifications::NotificationsData;
use protocol::id::{NotificationId, UserId};

/// The number of notifications on a page.
const SHOWN: usize = 50;

pub async fn page(
    state: &AppState,
    user: &UserId,
    before: Option<NotificationId>,
) -> Result<NotificationsData, StoreError> {
    let page = PageRequest {
        after: before,
        limit: SHOWN,
        ..PageRequest::default()
    };
    let found = state.notifications.list(user, false, &page).await?;
    Ok(NotificationsData {
        next: found.items.last().filter(|_| found.has_more).map(|last| last.id),
        items: found.items,
        is_continued: before.is_some(),
        settings: state.notifications.settings(user).await?,
    })
}
