//! Edits of a timer over REST (contract, REST 9.2): one transaction with its event, whose result is the answer.

use super::{
    Extras, Timers, VisibleTimer,
    event_log::{self, TimerEvent},
    links::{Known, Links},
    tags, visible,
};
use crate::{
    clock,
    config::QuotasConfig,
    service::{
        Refusal,
        effects::{Effects, Publication},
        quotas::QuotaCheck,
        sharing::{Reader, ResourceKind},
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
use uuid::Uuid;

/// Changes to a timer (contract, REST 4.7).
#[derive(Clone, Debug)]
pub struct Edit {
    /// Its own fields.
    pub patch: TimerPatch,
    /// The complete new set of tags; `None` keeps them.
    pub tag_ids: Option<Vec<TagId>>,
}

impl Timers {
    /// Changes a timer of the reader's; returns it as this change leaves it.
    ///
    /// # Errors
    /// [`Refusal`]: the timer or a named resource does not exist or belongs to another user; nothing was changed.
    pub async fn patch(
        &self,
        reader: Reader,
        id: TimerId,
        edit: Edit,
        extras: Extras,
    ) -> Result<VisibleTimer, Refusal> {
        let (now, quotas) = (clock::now(), self.store.quotas());
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let edited = patch(conn, quotas, &reader.user, id, edit, now).await?;
                    let visible = visible::load(conn, &reader, vec![edited.value.clone()], extras).await?;
                    let visible = visible.into_iter().next().ok_or(Refusal::TimerNotFound)?;
                    Ok::<_, Refusal>(edited.with(visible))
                }
                .boxed()
            })
            .await
    }

    /// Deletes a user's timer.
    ///
    /// # Errors
    /// [`Refusal::TimerNotFound`].
    pub async fn delete(&self, user: UserId, id: TimerId) -> Result<(), Refusal> {
        let now = clock::now();
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let timer = own(conn, &user, id).await?;
                    Ok::<_, Refusal>(delete(conn, &user, vec![timer], now).await?)
                }
                .boxed()
            })
            .await
    }

    /// Deletes those of the timers that the user has. The number of statements does not depend on that of the timers.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_all(&self, user: UserId, ids: Vec<TimerId>) -> Result<(), StoreError> {
        let now = clock::now();
        self.publisher
            .commit_and_publish(move |conn| {
                async move {
                    let mut timers = timers::find_all(conn, &ids).await?;
                    timers.retain(|timer| timer.owner_id == user);
                    delete(conn, &user, timers, now).await
                }
                .boxed()
            })
            .await
    }
}

async fn own(conn: &mut Conn, user: &UserId, id: TimerId) -> Result<Timer, Refusal> {
    let timer = timers::find(conn, id).await?;
    timer
        .filter(|timer| timer.owner_id == *user)
        .ok_or(Refusal::TimerNotFound)
}

async fn patch(
    conn: &mut Conn,
    quotas: QuotasConfig,
    user: &UserId,
    id: TimerId,
    edit: Edit,
    now: Timestamp,
) -> Result<Effects<Timer>, Refusal> {
    let Edit { patch, tag_ids } = edit;
    let timer = own(conn, user, id).await?;
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
    let mut patched = match timer.patched(patch, now) {
        Some(patched) => patched,
        None if retagged => Timer {
            updated_at: now.max(timer.updated_at),
            ..timer
        },
        None => return Ok(Effects::none(timer)),
    };
    tags::add_own(conn, [&mut patched]).await?;
    let check = QuotaCheck::begin(conn, quotas, user).await?;
    timers::update_details(conn, &patched).await?;
    check.end::<Refusal>(conn).await?;
    let body = Body::Timer {
        timer: Box::new(patched.clone()),
        action: TimerAction::Sync,
    };
    let event = append(conn, user, body, now).await?;
    Ok(Effects::events(vec![event.into()]).with(patched))
}

async fn delete(conn: &mut Conn, user: &UserId, timers: Vec<Timer>, now: Timestamp) -> Result<Effects<()>, StoreError> {
    if timers.is_empty() {
        return Ok(Effects::none(()));
    }
    let ids: Vec<TimerId> = timers.iter().map(|timer| timer.id).collect();
    let resources: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let mut settings = visibilities::find_all(conn, ResourceKind::Timer, &resources).await?;
    visibilities::delete(conn, ResourceKind::Timer, &resources).await?;
    timers::delete(conn, &ids).await?;
    let deleted = ids
        .iter()
        .map(|id| event(user, Body::TimerDeleted { timer_id: *id }, now));
    let mut events: Vec<TimerEvent> = deleted.collect();
    event_log::append(conn, &mut events).await?;
    let marks = ids.iter().zip(&events);
    let marks: Vec<(TimerId, u64)> = marks
        .filter_map(|(id, event)| Some((*id, event.message.seq?)))
        .collect();
    timer_history::keep_for_events(conn, user, &marks).await?;
    let publications = timers.into_iter().zip(events).map(|(timer, event)| {
        let setting = settings.remove(&timer.id.0);
        Publication {
            deleted: Some((timer, setting)),
            ..event.into()
        }
    });
    Ok(Effects::events(publications.collect()))
}

fn event(user: &UserId, body: Body, now: Timestamp) -> TimerEvent {
    TimerEvent {
        user: user.clone(),
        message: ServerMessage {
            from_user: Some(user.clone()),
            ..ServerMessage::new(body, now)
        },
    }
}

async fn append(conn: &mut Conn, user: &UserId, body: Body, now: Timestamp) -> Result<TimerEvent, StoreError> {
    let mut event = event(user, body, now);
    event_log::append(conn, std::slice::from_mut(&mut event)).await?;
    Ok(event)
}

/// Sets the tags of a timer; returns whether that changed anything.
async fn retag(conn: &mut Conn, id: TimerId, tags: &[TagId]) -> Result<bool, StoreError> {
    let before = tagged::tags_of(conn, &[id]).await?.remove(&id).unwrap_or_default();
    let before: HashSet<TagId> = before.iter().map(|tag| tag.id).collect();
    if before == tags.iter().copied().collect() {
        return Ok(false);
    }
    tagged::replace(conn, &[id], tags).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{service::effects, store::testing};
    use protocol::timers::NewTimer;

    #[tokio::test]
    async fn a_patch_answers_with_its_own_result_if_the_timer_is_deleted_right_after() {
        let (store, _database) = testing::store().await;
        let timers = Timers::new(
            store.clone(),
            effects::testing::publisher(&store, &effects::testing::hub(&store)),
        );
        let reader = Reader {
            user: "ada".into(),
            email: None,
        };
        let new = NewTimer {
            allocated_seconds: 60,
            ..NewTimer::default()
        };
        let timer = Timer::create(TimerId(Uuid::now_v7()), "ada".into(), new, clock::now()).unwrap();
        let id = timer.id;
        store
            .writer()
            .write(move |conn| async move { timers::insert_whole(conn, &[&timer]).await }.boxed())
            .await
            .unwrap();
        let edit = Edit {
            patch: TimerPatch {
                title: Some(Some("Renamed".into())),
                ..TimerPatch::default()
            },
            tag_ids: None,
        };
        // Both are queued before either is answered.
        let (patched, deleted) = tokio::join!(
            timers.patch(reader.clone(), id, edit, Extras::default()),
            timers.delete("ada".into(), id),
        );
        assert_eq!(patched.unwrap().timer.title.as_deref(), Some("Renamed"));
        deleted.unwrap();
        let gone = timers.one(&reader, id, Extras::default()).await;
        assert!(matches!(gone, Err(Refusal::TimerNotFound)));
    }
}
