//! Lists of todos (contract, REST 8.3).

use super::{
    Todos,
    shown::{ShownTodo, shown},
    tree,
};
use crate::{
    service::{
        Refusal, Scope,
        sharing::{self, Reader, Shared},
    },
    store::{Conn, StoreError, tagged, todos},
};
use protocol::{
    id::{TagGroupId, TagId, TodoId},
    tag::Tag,
    todo::{IncludeReason, Todo},
};
use std::collections::{HashMap, HashSet};

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Whose todos.
    pub scope: Scope,
    /// Has all of these tags.
    pub tag_ids: Vec<TagId>,
    /// Belongs to one of these groups.
    pub group_ids: Vec<TagGroupId>,
}

impl Query {
    fn in_group(&self, todo: &Todo) -> bool {
        self.group_ids.is_empty() || self.group_ids.contains(&todo.tag_group_id)
    }

    fn has_tags(&self, tags: Option<&Vec<Tag>>) -> bool {
        let tags = tags.map(Vec::as_slice).unwrap_or_default();
        self.tag_ids.iter().all(|id| tags.iter().any(|tag| tag.id == *id))
    }
}

impl Todos {
    /// What a reader finds: their own in order, with what stands above them, then what is shared with them.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub async fn list(&self, reader: &Reader, query: &Query) -> Result<Vec<ShownTodo>, Refusal> {
        let found = self
            .store
            .read_for(&reader.user, async |conn| list(conn, reader, query).await)
            .await;
        Ok(found?)
    }
}

async fn list(conn: &mut Conn, reader: &Reader, query: &Query) -> Result<Vec<ShownTodo>, StoreError> {
    let mut found = Vec::new();
    let mut matches = HashSet::new();
    if query.scope.mine() {
        let all = todos::list(conn, &reader.user).await?;
        let matching = matching(conn, &all, query).await?;
        let by_id = tree::by_id(&all);
        let mut wanted = matching.clone();
        if !query.tag_ids.is_empty() {
            wanted.extend(matching.iter().flat_map(|id| tree::ancestors(*id, &by_id)));
        }
        found.extend(
            all.iter()
                .filter(|todo| wanted.contains(&todo.id) && query.in_group(todo))
                .cloned(),
        );
        matches.extend(matching);
    }
    if query.scope.shared() {
        let shared: Vec<Shared<TodoId>> = sharing::shared_with(conn, reader).await?;
        let ids: Vec<TodoId> = shared.iter().map(|shared| shared.id).collect();
        let mut shared = todos::find_all(conn, &ids).await?;
        shared.sort_by(Todo::order);
        let matching = matching(conn, &shared, query).await?;
        found.extend(shared.into_iter().filter(|todo| matching.contains(&todo.id)));
        matches.extend(matching);
    }
    let mut shown = shown(conn, reader, found).await?;
    for todo in &mut shown {
        if !matches.contains(&todo.todo.id) {
            todo.include_reason = IncludeReason::Ancestor;
        }
    }
    Ok(shown)
}

/// The todos that pass the filters themselves.
async fn matching(conn: &mut Conn, todos: &[Todo], query: &Query) -> Result<HashSet<TodoId>, StoreError> {
    let mut ids: Vec<TodoId> = todos
        .iter()
        .filter(|todo| query.in_group(todo))
        .map(|todo| todo.id)
        .collect();
    if !query.tag_ids.is_empty() {
        let tags: HashMap<TodoId, Vec<Tag>> = tagged::tags_of(conn, &ids).await?;
        ids.retain(|id| query.has_tags(tags.get(id)));
    }
    Ok(ids.into_iter().collect())
}
