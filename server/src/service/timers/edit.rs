//! What REST changes about a timer (contract, REST 9.2). In one transaction: whose it is, the timer, the event. After
//! the commit: publish to all of the owner's connections, then answer.

use super::{
    Timers,
    event_log::{self, TimerEvent},
    links::{Known, Links, UnknownLink},
};
use crate::{
    clock,
    config::QuotasConfig,
    service::{
        effects::{Effects, Publication},
        quotas::{QuotaCheck, QuotaExceeded},
        sharing::ResourceKind,
    },
    store::{Conn, StoreError, tagged, timer_history, timers, visibilities},
};
use futures_util::FutureExt;
use protocol::{
    id::{TagId, TimerId, UserId},
    time::Timestamp,
    timers::{Body, ServerMessage, Timer, TimerAction, TimerPatch},
};
use std::collections::HashSet;
use thiserror::Error;

/// What is done to a timer.
#[derive(Clone, Debug)]
pub enum Edit {
    /// Some of its fields are set or cleared.
    Patch {
        /// Its own fields.
        patch: TimerPatch,
        /// The whole new set of its tags; `None` leaves it as it is.
        tag_ids: Option<Vec<TagId>>,
    },
    /// It goes.
    Delete,
}

/// Why a timer was not edited. Nothing was changed.
#[derive(Debug, Error)]
pub enum EditError {
    /// There is none, or it is somebody else's (contract, REST 4.9).
    #[error("Timer not found")]
    NotFound,
    /// The patch names what is not there.
    #[error(transparent)]
    Unknown(#[from] UnknownLink),
    /// The user keeps too much.
    #[error(transparent)]
    Quota(#[from] QuotaExceeded),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Timers {
    /// Edits a user's timer and returns it once that is durable and published.
    ///
    /// # Errors
    /// [`EditError`]; nothing was changed or published.
    pub async fn edit(&self, user: UserId, id: TimerId, edit: Edit) -> Result<Timer, EditError> {
        let (now, quotas) = (clock::now(), self.store.quotas());
        self.publisher
            .commit_and_publish(move |conn| async move { apply(conn, quotas, &user, id, edit, now).await }.boxed())
            .await
    }
}

async fn apply(
    conn: &mut Conn,
    quotas: QuotasConfig,
    user: &UserId,
    id: TimerId,
    edit: Edit,
    now: Timestamp,
) -> Result<Effects<Timer>, EditError> {
    let timer = timers::find(conn, id).await?;
    let timer = timer
        .filter(|timer| timer.owner_id == *user)
        .ok_or(EditError::NotFound)?;
    let mut deleted = None;
    let (timer, body) = match edit {
        Edit::Patch { patch, tag_ids } => {
            let links = Links {
                schedule: patch.schedule_id.flatten(),
                todo: patch.todo_id.flatten(),
                tags: tag_ids.as_deref().unwrap_or_default(),
            };
            Known::load(conn, &[links]).await?.check(links, user)?;
            let retagged = match &tag_ids {
                Some(tags) => retag(conn, id, tags).await?,
                None => false,
            };
            let patched = match timer.patched(patch, now) {
                Some(patched) => patched,
                None if retagged => Timer {
                    updated_at: now.max(timer.updated_at),
                    ..timer
                },
                None => return Ok(Effects::none(timer)),
            };
            let check = QuotaCheck::begin(conn, quotas, user).await?;
            timers::update_details(conn, &patched).await?;
            check.end::<EditError>(conn).await?;
            let body = Body::Timer {
                timer: Box::new(patched.clone()),
                action: TimerAction::Sync,
            };
            (patched, body)
        }
        Edit::Delete => {
            deleted = Some(visibilities::find(conn, ResourceKind::Timer, id.0).await?);
            visibilities::delete(conn, ResourceKind::Timer, id.0).await?;
            timers::delete(conn, id).await?;
            (timer, Body::TimerDeleted { timer_id: id })
        }
    };
    let message = ServerMessage {
        from_user: Some(user.clone()),
        ..ServerMessage::new(body, now)
    };
    let mut event = TimerEvent {
        user: user.clone(),
        message,
    };
    event_log::append(conn, std::slice::from_mut(&mut event)).await?;
    if let (Body::TimerDeleted { timer_id }, Some(seq)) = (&event.message.body, event.message.seq) {
        timer_history::keep_for_events(conn, *timer_id, user, seq).await?;
    }
    let event = Publication {
        deleted: deleted.map(|setting| (timer.clone(), setting)),
        ..event.into()
    };
    Ok(Effects::events(vec![event]).with(timer))
}

/// Gives a timer exactly these tags; whether that changed anything.
async fn retag(conn: &mut Conn, id: TimerId, tags: &[TagId]) -> Result<bool, StoreError> {
    let before = tagged::tags_of(conn, &[id]).await?.remove(&id).unwrap_or_default();
    let before: HashSet<TagId> = before.iter().map(|tag| tag.id).collect();
    if before == tags.iter().copied().collect() {
        return Ok(false);
    }
    tagged::replace(conn, &[id], tags).await?;
    Ok(true)
}
