//! The gate: the rule, with what the database knows. The number of statements does not depend on how much is asked for.

use crate::store::{Conn, StoreError, visibilities};
use protocol::{
    id::UserId,
    sharing::{Access, Reader, ResourceId, Shared, access},
};
use std::collections::HashMap;

/// What a reader may do with each of some resources, which must exist and belong to whom is said. One statement.
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
        // A setting of another owner is none of this resource's.
        let known = known.get(id).filter(|known| known.owner == *owner);
        let level = known.map(|known| known.level);
        let relation = known.map(|known| known.relation).unwrap_or_default();
        let listed = known.is_some_and(|known| known.listed);
        (*id, access(*owner == reader.user, level, relation, listed))
    });
    Ok(accesses.collect())
}

/// What others share with a reader of one kind: what friends share and what is shared by address, then the newest public
/// things of strangers, of which there are few whatever strangers publish. One statement.
///
/// # Errors
/// [`StoreError`].
pub async fn shared_with<I: ResourceId>(conn: &mut Conn, reader: &Reader) -> Result<Vec<Shared<I>>, StoreError> {
    visibilities::shared_with(conn, reader).await
}

#[cfg(test)]
mod tests;
