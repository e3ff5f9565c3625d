//! What a request names must be there and be the caller's own (contract, REST 4.9 and 12.5).

use super::refusal::Refusal;
use crate::store::{Conn, tag_groups, tags, todos};
use protocol::id::{TagGroupId, TagId, TodoId, UserId};

/// The user's own tags, all of them.
///
/// # Errors
/// [`Refusal::TagNotFound`]: the first that is not.
pub async fn own_tags(conn: &mut Conn, owner: &UserId, ids: &[TagId]) -> Result<(), Refusal> {
    let owned = tags::owned(conn, owner, ids).await?;
    match ids.iter().find(|id| !owned.contains(id)) {
        Some(id) => Err(Refusal::TagNotFound(*id)),
        None => Ok(()),
    }
}

/// The user's own group, where one is named.
///
/// # Errors
/// [`Refusal::TagGroupNotFound`].
pub async fn own_group(conn: &mut Conn, owner: &UserId, id: Option<TagGroupId>) -> Result<(), Refusal> {
    let Some(id) = id else { return Ok(()) };
    match tag_groups::find(conn, owner, id).await? {
        Some(_) => Ok(()),
        None => Err(Refusal::TagGroupNotFound(id)),
    }
}

/// The user's own todo, where one is named.
///
/// # Errors
/// [`Refusal::UnknownTodo`].
pub async fn own_todo(conn: &mut Conn, owner: &UserId, id: Option<TodoId>) -> Result<(), Refusal> {
    let Some(id) = id else { return Ok(()) };
    if todos::owned(conn, owner, &[id]).await?.contains(&id) {
        Ok(())
    } else {
        Err(Refusal::UnknownTodo(id))
    }
}
