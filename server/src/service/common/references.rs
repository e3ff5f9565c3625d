//! Checks that resources named in a request exist and belong to the caller (contract, REST 4.9 and 12.5).

use super::refusal::Refusal;
use crate::store::{Conn, tag_groups, tags, todos};
use protocol::id::{TagGroupId, TagId, TodoId, UserId};

/// Checks that all tags are the user's own.
///
/// # Errors
/// [`Refusal::TagNotFound`] for the first one that is not.
pub async fn own_tags(conn: &mut Conn, owner: &UserId, ids: &[TagId]) -> Result<(), Refusal> {
    let owned = tags::owned(conn, owner, ids).await?;
    match ids.iter().find(|id| !owned.contains(id)) {
        Some(id) => Err(Refusal::TagNotFound(*id)),
        None => Ok(()),
    }
}

/// Checks that the group, if given, is the user's own.
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

/// Checks that the todo, if given, is the user's own.
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
