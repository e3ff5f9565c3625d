//! Lists of todos (contract, REST 8.3).

use super::{
    Todos, tree,
    visible::{VisibleTodo, visible},
};
use crate::{
    paging::{self, Listed, Page, PageRequest, Room, ScopeKey},
    service::{
        Refusal, Scope,
        sharing::{self, Reader, Shared},
    },
    store::{
        Conn, StoreError, tagged,
        todos::{self, TodoKey, TodoPlace},
    },
};
use protocol::{
    id::{TagGroupId, TagId, TodoId},
    todo::{IncludeReason, Todo},
};
use std::collections::HashSet;

/// The query.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// The owners of the todos.
    pub scope: Scope,
    /// Only todos with all of these tags.
    pub tag_ids: Vec<TagId>,
    /// Only todos of one of these groups.
    pub group_ids: Vec<TagGroupId>,
}

impl Query {
    fn in_group(&self, todo: &TodoPlace) -> bool {
        self.group_ids.is_empty() || self.group_ids.contains(&todo.tag_group_id)
    }
}

impl Todos {
    /// A page of a reader's todos: their own in order, with ancestors of matches, then the shared ones.
    ///
    /// Ancestors have their own positions in that order, wherever their matches are: over all pages each appears once.
    ///
    /// # Errors
    /// [`Refusal::Store`].
    pub async fn list(
        &self,
        reader: &Reader,
        query: &Query,
        page: &PageRequest<ScopeKey<TodoKey>>,
    ) -> Result<Page<VisibleTodo>, Refusal> {
        let found = self
            .store
            .read_for(&reader.user, async |conn| list(conn, reader, query, page).await)
            .await;
        Ok(found?)
    }
}

async fn list(
    conn: &mut Conn,
    reader: &Reader,
    query: &Query,
    page: &PageRequest<ScopeKey<TodoKey>>,
) -> Result<Page<VisibleTodo>, StoreError> {
    let (mut items, mut room) = (Vec::new(), page.room());
    let mut matches = HashSet::new();
    if query.scope.mine()
        && let Some(after) = ScopeKey::mine(page.after.as_ref())
    {
        let mut places = todos::places(conn, &reader.user).await?;
        matches = matching(conn, &places, query).await?;
        let above = match query.tag_ids.is_empty() {
            true => HashSet::new(),
            false => tree::all_ancestors(&matches, &tree::by_id(&places)),
        };
        places.retain(|todo| matches.contains(&todo.id) || above.contains(&todo.id) && query.in_group(todo));
        items = fill(conn, reader, &places, after, &mut room).await?;
    }
    if query.scope.shared() && !room.is_full() {
        let shared: Vec<Shared<TodoId>> = sharing::shared_with(conn, reader).await?;
        let ids: Vec<TodoId> = shared.iter().map(|shared| shared.id).collect();
        let mut places = todos::places_of(conn, &ids).await?;
        let shared = matching(conn, &places, query).await?;
        places.retain(|todo| shared.contains(&todo.id));
        matches.extend(shared);
        let after = ScopeKey::shared(page.after.as_ref());
        items.append(&mut fill(conn, reader, &places, after, &mut room).await?);
    }
    for todo in &mut items {
        if !matches.contains(&todo.todo.id) {
            todo.include_reason = IncludeReason::Ancestor;
        }
    }
    Ok(Page {
        items,
        has_more: room.is_full(),
    })
}

/// The todos at some list positions after a key, as far as the page has room.
async fn fill(
    conn: &mut Conn,
    reader: &Reader,
    places: &[TodoPlace],
    after: Option<&TodoKey>,
    room: &mut Room,
) -> Result<Vec<VisibleTodo>, StoreError> {
    let begin = after.map_or(0, |after| places.partition_point(|place| place.key() <= *after));
    let mut items = Vec::new();
    for places in places[begin..].chunks(paging::CHUNK) {
        let ids: Vec<TodoId> = places.iter().map(|place| place.id).collect();
        let mut todos = todos::find_all(conn, &ids).await?;
        todos.sort_by(Todo::order);
        for todo in visible(conn, reader, todos).await? {
            if !room.take(todo.weigh()) {
                return Ok(items);
            }
            items.push(todo);
        }
    }
    Ok(items)
}

/// The todos that match the filters themselves.
async fn matching(conn: &mut Conn, places: &[TodoPlace], query: &Query) -> Result<HashSet<TodoId>, StoreError> {
    let in_group = places.iter().filter(|todo| query.in_group(todo)).map(|todo| todo.id);
    let mut ids: HashSet<TodoId> = in_group.collect();
    for tag in &query.tag_ids {
        if ids.is_empty() {
            break;
        }
        let tagged: HashSet<TodoId> = tagged::with_tag(conn, *tag).await?;
        ids.retain(|id| tagged.contains(id));
    }
    Ok(ids)
}
