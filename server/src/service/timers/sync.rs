//! `timer.sync`: the current timers, in order with the events.
//!
//! A list that was read before an event must not reach a connection after it: the client would overwrite newer data.
//! So the list is read outside of the writer, and the reply is sent on the writer if the user's timers have no newer
//! events by then; otherwise it is read again.

use super::{Caller, Timers, command::timer_not_found, event_log, tags};
use crate::{
    clock,
    paging::{Listed, Page, PageRequest, TimeKey, decode_cursor},
    store::{Conn, StoreError, timers},
};
use futures_util::FutureExt;
use protocol::{
    id::UserId,
    timers::{Body, ErrorCode, Reason, ServerMessage, SyncPage, SyncScope, Timer, TimerAction, WireError},
};
use tokio::sync::oneshot;

/// Number of reads outside of the writer; then the list is read on the writer, where no event can intervene.
const ATTEMPTS: usize = 3;
/// The maximum size of a list in one message, in bytes: a slow socket buffers a few messages.
const MESSAGE_BYTES: usize = 1024 * 1024;

impl Timers {
    /// Replies to a sync with `id`: the requested timers, or SYNC_FAILED.
    pub async fn sync(&self, caller: Caller, id: Option<String>, scope: SyncScope, page: PageRequest<TimeKey>) {
        for _ in 0..ATTEMPTS {
            let read = self
                .store
                .read_for(&caller.user, async |conn| {
                    snapshot(conn, &caller.user, scope, &page).await
                })
                .await;
            let (body, seq) = match read {
                Ok(read) => read,
                Err(error) => return fail(&caller, id, &error),
            };
            if self.reply_if_current(&caller, &id, body, seq).await {
                return;
            }
        }
        let user = caller.user.clone();
        let after = move |read: Result<(Body, u64), StoreError>| match read {
            Ok((body, _)) => caller.reply(answer(&caller.user, body), id),
            Err(error) => fail(&caller, id, &error),
        };
        self.store
            .writer()
            .submit(
                move |conn| async move { snapshot(conn, &user, scope, &page).await }.boxed(),
                after,
            )
            .await;
    }

    /// Replies on the writer, unless there is a newer event. Returns whether it replied.
    async fn reply_if_current(&self, caller: &Caller, id: &Option<String>, body: Body, seq: u64) -> bool {
        let (sender, replied) = oneshot::channel();
        let (user, caller, id) = (caller.user.clone(), caller.clone(), id.clone());
        let after = move |head: Result<u64, StoreError>| {
            let current = match head {
                Ok(head) => head == seq,
                // Reading again reports the error in the reply.
                Err(_) => false,
            };
            if current {
                caller.reply(answer(&caller.user, body), id);
            }
            // The connection may be closed, and its task cancelled.
            let _ = sender.send(current);
        };
        self.store
            .writer()
            .submit(
                move |conn| async move { event_log::head(conn, &user).await }.boxed(),
                after,
            )
            .await;
        replied.await.unwrap_or(false)
    }
}

/// The request for the first page of a list on the socket.
pub(super) fn first_page() -> PageRequest<TimeKey> {
    PageRequest {
        bytes: MESSAGE_BYTES,
        ..PageRequest::default()
    }
}

/// The requested page; `None` if the cursor is malformed.
pub fn page_request(page: &SyncPage) -> Option<PageRequest<TimeKey>> {
    let first = first_page();
    Some(PageRequest {
        after: match &page.cursor {
            Some(cursor) => Some(decode_cursor(cursor)?),
            None => None,
        },
        limit: page.limit.map_or(first.limit, usize::from),
        ..first
    })
}

/// A page of a user's RUNNING and PAUSED timers or of all, newest first.
pub(super) async fn page(
    conn: &mut Conn,
    user: &UserId,
    all: bool,
    page: &PageRequest<TimeKey>,
) -> Result<Page<Timer>, StoreError> {
    let (mut room, after) = (page.room(), page.after.as_ref());
    let items = match all {
        true => timers::list(conn, user, &timers::Filter::default(), after, &mut room).await?,
        false => timers::active(conn, user, after, &mut room).await?,
    };
    whole(conn, items, room.is_full(), page).await
}

/// The page with the timers' tags, shortened if they make it too large.
async fn whole(
    conn: &mut Conn,
    mut items: Vec<Timer>,
    has_more: bool,
    page: &PageRequest<TimeKey>,
) -> Result<Page<Timer>, StoreError> {
    tags::add_own(conn, &mut items).await?;
    let mut room = page.room();
    let fitting = items.iter().take_while(|timer| room.take(timer.weigh())).count();
    let has_more = has_more || fitting < items.len();
    items.truncate(fitting);
    Ok(Page { items, has_more })
}

/// `timer.sync_result` of a page, with the user whose timers they are.
pub fn sync_result(user: &UserId, page: Page<Timer>) -> ServerMessage {
    let next = page.cursor();
    let timers = page.items;
    answer(user, Body::Sync { timers, next })
}

fn answer(user: &UserId, body: Body) -> ServerMessage {
    let is_list = matches!(body, Body::Sync { .. });
    ServerMessage {
        from_user: is_list.then(|| user.clone()),
        ..ServerMessage::new(body, clock::now())
    }
}

/// The requested timers, and the newest event that they contain.
async fn snapshot(
    conn: &mut Conn,
    user: &UserId,
    scope: SyncScope,
    wanted: &PageRequest<TimeKey>,
) -> Result<(Body, u64), StoreError> {
    let body = match scope {
        SyncScope::Active | SyncScope::All => {
            let page = page(conn, user, scope == SyncScope::All, wanted).await?;
            Body::Sync {
                next: page.cursor(),
                timers: page.items,
            }
        }
        SyncScope::One(id) => match timers::find(conn, id).await?.filter(|timer| timer.owner_id == *user) {
            Some(mut timer) => {
                tags::add_own(conn, [&mut timer]).await?;
                Body::Timer {
                    timer: Box::new(timer),
                    action: TimerAction::Sync,
                }
            }
            None => Body::Error(timer_not_found(ErrorCode::SyncFailed, id)),
        },
    };
    Ok((body, event_log::head(conn, user).await?))
}

fn fail(caller: &Caller, id: Option<String>, error: &StoreError) {
    tracing::error!(%error, user = %caller.user, "a sync failed");
    let message = "The timers cannot be read now. Please try again.";
    let error = WireError::new(ErrorCode::SyncFailed, Reason::InternalError, message);
    caller.reply(ServerMessage::new(Body::Error(error), clock::now()), id);
}
