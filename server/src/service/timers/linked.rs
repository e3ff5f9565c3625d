//! A reader's own timers of a schedule or todo, for the use cases of both.

use crate::{
    paging::{Page, PageRequest, TimeKey},
    store::{
        Conn, StoreError,
        timer_links::{self, LinkedTo},
    },
};
use protocol::{id::UserId, timers::Timer};

/// A page of them, newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn page(
    conn: &mut Conn,
    owner: &UserId,
    link: LinkedTo,
    page: &PageRequest<TimeKey>,
) -> Result<Page<Timer>, StoreError> {
    let mut room = page.room();
    let items = timer_links::list(conn, owner, link, page.after.as_ref(), &mut room).await?;
    let has_more = room.is_full();
    Ok(Page { items, has_more })
}
