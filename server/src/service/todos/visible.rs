//! Todos as a reader may see them. All reads use this module.

use crate::{
    paging::{Listed, ScopeKey, text_bytes},
    service::{
        schedules::{self, VisibleSchedule},
        sharing::{self, Access, Reader},
    },
    store::{
        self, Conn, StoreError, tagged,
        todos::{TodoKey, TodoPlace},
    },
};
use protocol::{
    id::TodoId,
    rest::TodoView,
    tag::Tag,
    time::Zone,
    todo::{IncludeReason, Todo},
};
use std::collections::HashMap;

/// A todo that its reader may see, with the data that is returned with it.
#[derive(Clone, Debug)]
pub struct VisibleTodo {
    pub todo: Todo,
    /// All its tags, ordered by name, as filters need them. [`VisibleTodo::view`] returns what the reader may see.
    pub tags: Vec<Tag>,
    /// Those of its schedules that the reader may see, ordered by start, bounded by
    /// [`store::schedules::shown_of_todos`].
    pub schedules: Vec<VisibleSchedule>,
    /// Why it is in a list.
    pub include_reason: IncludeReason,
    /// The reader's access; never hidden.
    pub access: Access,
}

/// The size of a todo besides its texts, in bytes.
const TODO_BYTES: usize = 700;

impl Listed for VisibleTodo {
    type Key = ScopeKey<TodoKey>;

    fn key(&self) -> Self::Key {
        let key = TodoPlace::from(&self.todo).key();
        match self.access.is_shared() {
            true => ScopeKey::Shared(key),
            false => ScopeKey::Mine(key),
        }
    }

    fn weigh(&self) -> usize {
        let texts = self.todo.description.as_deref().into_iter();
        let texts = text_bytes(texts.chain([self.todo.title.as_str()]));
        let tags = self.tags.iter().map(Listed::weigh);
        let schedules = self.schedules.iter().map(VisibleSchedule::weigh);
        TODO_BYTES + texts + tags.chain(schedules).sum::<usize>()
    }
}

impl VisibleTodo {
    /// The todo in REST form.
    pub fn view(&self, zone: Option<&Zone>) -> TodoView {
        let schedules = self.schedules.iter().map(|schedule| schedule.view(zone)).collect();
        TodoView {
            include_reason: self.include_reason,
            visibility_level: self.access.level().map(|level| level.as_str().to_owned()),
            is_shared: self.access.is_shared(),
            ..TodoView::new(&self.todo, &self.access.tags(&self.tags), schedules, zone)
        }
    }
}

/// Those of the todos that the reader may see, in their order. Five statements for any number.
///
/// # Errors
/// [`StoreError`].
pub async fn visible(conn: &mut Conn, reader: &Reader, todos: Vec<Todo>) -> Result<Vec<VisibleTodo>, StoreError> {
    let owners: Vec<_> = todos.iter().map(|todo| (todo.id, todo.owner_id.clone())).collect();
    let accesses = sharing::readable(conn, reader, &owners).await?;
    let readable = |id: &TodoId| accesses.get(id).copied().filter(|access| access.is_readable());
    let ids: Vec<TodoId> = owners
        .iter()
        .map(|(id, _)| *id)
        .filter(|id| readable(id).is_some())
        .collect();
    let mut tags = tagged::shown_tags_of(conn, &ids).await?;
    let linked = store::schedules::shown_of_todos(conn, &ids).await?;
    let mut by_todo: HashMap<TodoId, Vec<VisibleSchedule>> = HashMap::new();
    for schedule in schedules::visible_within_todos(conn, reader, linked).await? {
        if let Some(todo) = schedule.schedule.source_todo_id {
            by_todo.entry(todo).or_default().push(schedule);
        }
    }
    let shown = todos.into_iter().filter_map(|todo| {
        Some(VisibleTodo {
            access: readable(&todo.id)?,
            tags: tags.remove(&todo.id).unwrap_or_default(),
            schedules: by_todo.remove(&todo.id).unwrap_or_default(),
            include_reason: IncludeReason::Match,
            todo,
        })
    });
    Ok(shown.collect())
}

/// The existing ones of the todos that the reader may see. Six statements for any number.
///
/// # Errors
/// [`StoreError`].
pub async fn load_visible(
    conn: &mut Conn,
    reader: &Reader,
    ids: &[TodoId],
) -> Result<HashMap<TodoId, VisibleTodo>, StoreError> {
    let found = store::todos::find_all(conn, ids).await?;
    let shown = visible(conn, reader, found).await?;
    Ok(shown.into_iter().map(|shown| (shown.todo.id, shown)).collect())
}

/// A todo in its owner's view after a change.
///
/// # Errors
/// [`StoreError`].
pub async fn own(conn: &mut Conn, todo: Todo) -> Result<VisibleTodo, StoreError> {
    let reader = Reader {
        user: todo.owner_id.clone(),
        email: None,
    };
    let id = todo.id;
    let own = visible(conn, &reader, vec![todo]).await?.pop();
    own.ok_or_else(|| StoreError::corrupt("todo", format!("{id} is hidden from its owner")))
}
