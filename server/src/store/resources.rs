//! The owners of resources that can be shared.

use super::{Conn, StoreError};
use protocol::{id::UserId, sharing::ResourceKind};
use uuid::Uuid;

/// The owner; `None` if there is no such resource.
pub async fn owner(conn: &mut Conn, kind: ResourceKind, id: Uuid) -> Result<Option<UserId>, StoreError> {
    let sql = match kind {
        ResourceKind::Schedule => "SELECT owner_id FROM schedules WHERE id = $1",
        ResourceKind::Timer => "SELECT owner_id FROM timers WHERE id = $1",
        ResourceKind::Todo => "SELECT owner_id FROM todos WHERE id = $1",
    };
    let owner: Option<String> = sqlx::query_scalar(sql)
        .bind(id.to_string())
        .fetch_optional(conn)
        .await?;
    Ok(owner.map(UserId))
}
