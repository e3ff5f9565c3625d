//! The gate: applies the rule to the stored settings. The number of statements does not depend on the number of
//! resources.

use crate::store::{Conn, StoreError, visibilities};
use protocol::{
    id::UserId,
    sharing::{Access, Reader, ResourceId, Shared, access},
};
use std::collections::HashMap;

/// A reader's access to resources, which must exist and have the given owners. One statement.
///
/// # Errors
/// [`StoreError`].
pub async fn readable<I: ResourceId>(
    conn: &mut Conn,
    reader: &Reader,
    resources: &[(I, UserId)],
) -> Result<HashMap<I, Access>, StoreError> {
    let ids: Vec<I> = resources.iter().map(|(id, _)| *id).collect();
    let known = visibilities::known(conn, reader, &ids).await?;
    let accesses = resources.iter().map(|(id, owner)| {
        // A setting with another owner does not apply to this resource.
        let known = known.get(id).filter(|known| known.owner == *owner);
        let level = known.map(|known| known.level);
        let relation = known.map(|known| known.relation).unwrap_or_default();
        let listed = known.is_some_and(|known| known.listed);
        (*id, access(*owner == reader.user, level, relation, listed))
    });
    Ok(accesses.collect())
}

/// Resources of one kind that others share with a reader: those of friends and those shared by address, then the newest
/// public ones of strangers, whose number is bounded. One statement.
///
/// # Errors
/// [`StoreError`].
pub async fn shared_with<I: ResourceId>(conn: &mut Conn, reader: &Reader) -> Result<Vec<Shared<I>>, StoreError> {
    visibilities::shared_with(conn, reader).await
}

#[cfg(test)]
mod tests;
