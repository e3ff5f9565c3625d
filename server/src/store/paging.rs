//! Reads the rows of a list one by one until the page is full, so that further rows are not held in memory.

use super::{Conn, Row, StoreError, bulk::Bound};
use crate::paging::{Listed, NameKey, Room};
use futures_util::TryStreamExt;
use protocol::id::UserId;
use sqlx::{Any, AssertSqlSafe, any::AnyArguments, query::Query};

/// The items of a statement's rows as far as the page has room, in the order of the rows.
pub async fn fill<T: Listed>(
    conn: &mut Conn,
    query: Query<'_, Any, AnyArguments>,
    room: &mut Room,
    read: impl Fn(&Row) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut rows = query.fetch(conn);
    let mut items = Vec::new();
    while let Some(row) = rows.try_next().await? {
        let item = read(&row)?;
        if !room.take(item.weigh()) {
            break;
        }
        items.push(item);
    }
    Ok(items)
}

/// The statement for a page of a user's rows of a table, ordered by name byte by byte (contract, REST 6.3), with the
/// collation that each database has for it.
pub fn by_name(conn: &Conn, table: &'static str) -> String {
    let bytes = match conn.backend_name() {
        "SQLite" => "BINARY",
        _ => "\"C\"",
    };
    format!(
        "SELECT * FROM {table} WHERE owner_id = $1 AND (name COLLATE {bytes}, id) > ($2, $3)
         ORDER BY name COLLATE {bytes}, id LIMIT $4"
    )
}

/// Binds the parameters of [`by_name`].
pub fn bind_by_name(sql: String, owner: &UserId, after: Option<&NameKey>, room: &Room) -> Bound {
    let NameKey(name, id) = after.cloned().unwrap_or_else(NameKey::start);
    // The SQL consists of constants of this crate.
    sqlx::query(AssertSqlSafe(sql))
        .bind(owner.as_str().to_owned())
        .bind(name)
        .bind(id.to_string())
        .bind(room.rows())
}
