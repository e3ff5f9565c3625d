//! Single todos, the reader's timers there, and figures (contract, REST 8.4 and 8.7).

use super::{
    Todos,
    shown::{ShownTodo, shown},
};
use crate::{
    service::{Refusal, sharing::Reader},
    store::{Conn, StoreError, tagged, timer_links, todos},
};
use protocol::{
    id::{TagGroupId, TagId, TodoId, UserId},
    timer::Timer,
};
use std::collections::BTreeMap;

/// How many todos there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// All of them.
    pub total: usize,
    /// Those that have a tag, by the tag with its name.
    pub by_tag: Vec<(TagId, String, usize)>,
}

impl Todos {
    /// One todo.
    ///
    /// # Errors
    /// [`Refusal::TodoNotFound`], [`Refusal::AccessDenied`].
    pub async fn one(&self, reader: &Reader, id: TodoId) -> Result<ShownTodo, Refusal> {
        self.store
            .read_for(&reader.user, async |conn| readable(conn, reader, id).await)
            .await
    }

    /// One todo, and the reader's own timers there, newest first.
    ///
    /// # Errors
    /// Those of [`Todos::one`].
    pub async fn timers(&self, reader: &Reader, id: TodoId) -> Result<(ShownTodo, Vec<Timer>), Refusal> {
        self.store
            .read_for(&reader.user, async |conn| {
                let todo = readable(conn, reader, id).await?;
                let timers = timer_links::of_todo(conn, &reader.user, id).await?;
                Ok((todo, timers))
            })
            .await
    }

    /// Figures of a user's todos, or of those of one group with the tags of that group.
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

async fn readable(conn: &mut Conn, reader: &Reader, id: TodoId) -> Result<ShownTodo, Refusal> {
    let todo = todos::find(conn, id).await?.ok_or(Refusal::TodoNotFound)?;
    let shown = shown(conn, reader, vec![todo]).await?.pop();
    shown.ok_or(Refusal::AccessDenied("todo"))
}

async fn stats(conn: &mut Conn, owner: &UserId, group: Option<TagGroupId>) -> Result<Stats, StoreError> {
    let wanted = |of: TagGroupId| group.is_none_or(|group| group == of);
    let all = todos::list(conn, owner).await?;
    let ids: Vec<TodoId> = all
        .iter()
        .filter(|todo| wanted(todo.tag_group_id))
        .map(|todo| todo.id)
        .collect();
    let mut by_tag: BTreeMap<TagId, (String, usize)> = BTreeMap::new();
    for tag in tagged::tags_of(conn, &ids).await?.into_values().flatten() {
        if wanted(tag.group_id) {
            by_tag.entry(tag.id).or_insert((tag.name, 0)).1 += 1;
        }
    }
    Ok(Stats {
        total: ids.len(),
        by_tag: by_tag
            .into_iter()
            .map(|(id, (name, count))| (id, name, count))
            .collect(),
    })
}
