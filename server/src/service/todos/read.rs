//! Reads single todos, the reader's timers of them, and statistics (contract, REST 8.4 and 8.7).

use super::{
    Todos,
    visible::{VisibleTodo, visible},
};
use crate::{
    paging::{Page, PageRequest, TimeKey},
    service::{Refusal, sharing::Reader, timers::linked},
    store::{
        Conn, StoreError, tagged,
        timer_links::{self, LinkedTo},
        todos,
    },
};
use protocol::{
    id::{TagGroupId, TagId, TodoId, UserId},
    timers::Timer,
};

/// The numbers of todos.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// The total.
    pub total: i64,
    /// By tag with its name, for the most used tags.
    pub by_tag: Vec<(TagId, String, i64)>,
}

impl Todos {
    /// One todo.
    ///
    /// # Errors
    /// [`Refusal::TodoNotFound`], [`Refusal::AccessDenied`].
    pub async fn one(&self, reader: &Reader, id: TodoId) -> Result<VisibleTodo, Refusal> {
        self.store
            .read_for(&reader.user, async |conn| readable(conn, reader, id).await)
            .await
    }

    /// One todo, and a page of the reader's own timers of it, newest first.
    ///
    /// # Errors
    /// Those of [`Todos::one`].
    pub async fn timers(
        &self,
        reader: &Reader,
        id: TodoId,
        page: &PageRequest<TimeKey>,
    ) -> Result<(VisibleTodo, Page<Timer>), Refusal> {
        self.store
            .read_for(&reader.user, async |conn| {
                let todo = readable(conn, reader, id).await?;
                let timers = linked::page(conn, &reader.user, LinkedTo::Todo(id), page).await?;
                Ok((todo, timers))
            })
            .await
    }

    /// One todo, and the reader's newest RUNNING or PAUSED timer of it.
    ///
    /// # Errors
    /// Those of [`Todos::one`].
    pub async fn active_timer(&self, reader: &Reader, id: TodoId) -> Result<(VisibleTodo, Option<Timer>), Refusal> {
        self.store
            .read_for(&reader.user, async |conn| {
                let todo = readable(conn, reader, id).await?;
                let newest = timer_links::active(conn, &reader.user, LinkedTo::Todo(id)).await?;
                Ok((todo, newest))
            })
            .await
    }

    /// The numbers of a user's todos, or of those in one group with that group's tags.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub async fn stats(&self, owner: &UserId, group: Option<TagGroupId>) -> Result<Stats, Refusal> {
        let stats = self
            .store
            .read_for(owner, async |conn| stats(conn, owner, group).await)
            .await;
        Ok(stats?)
    }
}

async fn readable(conn: &mut Conn, reader: &Reader, id: TodoId) -> Result<VisibleTodo, Refusal> {
    let todo = todos::find(conn, id).await?.ok_or(Refusal::TodoNotFound)?;
    let shown = visible(conn, reader, vec![todo]).await?.pop();
    shown.ok_or(Refusal::AccessDenied("todo"))
}

async fn stats(conn: &mut Conn, owner: &UserId, group: Option<TagGroupId>) -> Result<Stats, StoreError> {
    Ok(Stats {
        total: todos::count(conn, owner, group).await?,
        by_tag: tagged::todos_by_tag(conn, owner, group).await?,
    })
}
