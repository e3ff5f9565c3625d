//! The table `timers`. Filters are in `timer_filter`, sums in `timer_totals`.

pub use super::timer_filter::{Filter, Link};
use super::{
    Conn, Row, StoreError,
    bulk::{self, Bound, BulkStatement, Read, ReadSet, WriteSet},
    columns, paging,
    statement::Statement,
    timer_filter::TimerPlace,
    timer_history::{self, timer_columns},
    usage::{self, Kept},
};
use crate::paging::{Listed, PageRequest, Room, TimeKey, text_bytes};
use protocol::{
    id::{TimerId, UserId},
    time::Timestamp,
    timers::{Timer, TimerStatus},
};
use sqlx::Row as _;

static INSERT: BulkStatement = BulkStatement::new(
    "INSERT INTO timers (id, owner_id, title, description, schedule_id, todo_id, allocated_seconds, elapsed_millis,
     status, started_at, paused_at, ended_at, history, created_at, updated_at) VALUES ",
    15,
    " ON CONFLICT DO NOTHING",
);
static UPDATE_STATE: BulkStatement = BulkStatement::new(
    "UPDATE timers SET elapsed_millis = new.column2, status = new.column3, started_at = new.column4,
     paused_at = new.column5, updated_at = new.column6 FROM (VALUES ",
    6,
    ") AS new WHERE timers.id = new.column1",
);
// SQLite rewrites the indexes of all named columns, whether or not their values change.
static END: BulkStatement = BulkStatement::new(
    "UPDATE timers SET elapsed_millis = new.column2, status = new.column3, started_at = new.column4,
     paused_at = new.column5, updated_at = new.column6, ended_at = new.column7 FROM (VALUES ",
    7,
    ") AS new WHERE timers.id = new.column1",
);
static FIND: BulkStatement = BulkStatement::new(
    concat!("SELECT ", timer_columns!(), " FROM timers WHERE id IN ("),
    1,
    ")",
);
static DELETE: BulkStatement = BulkStatement::new("DELETE FROM timers WHERE id IN (", 1, ")");
static PLACES: BulkStatement = BulkStatement::new(
    "SELECT id, owner_id, created_at, started_at, status, schedule_id, todo_id FROM timers WHERE id IN (",
    1,
    ")",
);

const ACTIVE: &str = concat!(
    "SELECT ",
    timer_columns!(),
    " FROM timers WHERE owner_id = $1 AND status IN ('RUNNING', 'PAUSED') AND (created_at, id) < ($2, $3)
         ORDER BY created_at DESC, id DESC LIMIT $4"
);

/// The size of a history entry, in bytes.
const HISTORY_ENTRY_BYTES: usize = 80;
/// The size of a timer besides its texts and history, in bytes.
const TIMER_BYTES: usize = 700;

impl Listed for Timer {
    type Key = TimeKey;

    fn key(&self) -> TimeKey {
        TimeKey(self.created_at.millis(), self.id.0)
    }

    fn weigh(&self) -> usize {
        let texts = text_bytes(
            [&self.title, &self.description]
                .into_iter()
                .flatten()
                .map(String::as_str),
        );
        let tags = self.tags.iter().map(Listed::weigh).sum::<usize>();
        TIMER_BYTES + texts + tags + self.history.len() * HISTORY_ENTRY_BYTES
    }
}

/// Inserts new timers, without their histories. The caller records their usage, which it knows for many at once.
pub fn insert<'w>(writes: &mut WriteSet<'w>, timers: &'w [&'w Timer]) {
    writes.add(&INSERT, timers, |query, timer| {
        query
            .bind(timer.id.to_string())
            .bind(timer.owner_id.as_str())
            .bind(timer.title.as_deref())
            .bind(timer.description.as_deref())
            .bind(timer.schedule_id.map(|id| id.to_string()))
            .bind(timer.todo_id.map(|id| id.to_string()))
            .bind(timer.allocated_seconds)
            .bind(timer.elapsed_millis)
            .bind(timer.status.as_str())
            .bind(timer.started_at.millis())
            .bind(timer.paused_at.map(Timestamp::millis))
            .bind(timer.ended_at.map(Timestamp::millis))
            // The history has rows of its own.
            .bind("")
            .bind(timer.created_at.millis())
            .bind(timer.updated_at.millis())
    });
}

/// Stores the changes of transitions of timers that stay active, without their histories.
pub fn update_states<'w>(writes: &mut WriteSet<'w>, timers: &'w [&'w Timer]) {
    writes.add(&UPDATE_STATE, timers, |query, timer| bind_state(query, timer));
}

/// Stores the changes of transitions of timers that have ended, without their histories.
pub fn end<'w>(writes: &mut WriteSet<'w>, timers: &'w [&'w Timer]) {
    writes.add(&END, timers, |query, timer| {
        bind_state(query, timer).bind(timer.ended_at.map(Timestamp::millis))
    });
}

fn bind_state(query: Bound, timer: &Timer) -> Bound {
    query
        .bind(timer.id.to_string())
        .bind(timer.elapsed_millis)
        .bind(timer.status.as_str())
        .bind(timer.started_at.millis())
        .bind(timer.paused_at.map(Timestamp::millis))
        .bind(timer.updated_at.millis())
}

/// Inserts new timers with their histories, for tests.
#[cfg(test)]
pub async fn insert_whole(conn: &mut Conn, timers: &[&Timer]) -> Result<(), StoreError> {
    let added = timers.iter().map(|timer| timer_history::Added::beyond(0, timer));
    let entries = timer_history::rows(added);
    let mut writes = WriteSet::default();
    insert(&mut writes, timers);
    timer_history::insert(&mut writes, &entries);
    writes.run(conn).await
}

/// The existing ones of the given timers, of any owner.
pub async fn find_all(conn: &mut Conn, ids: &[TimerId]) -> Result<Vec<Timer>, StoreError> {
    bulk::read(conn, |reads| find_in(reads, ids)).await
}

/// Like [`find_all`], as a part of a set.
pub fn find_in<'r>(reads: &mut ReadSet<'r>, ids: &'r [TimerId]) -> Read<'r, Vec<Timer>> {
    let decode = |rows: &[Row]| rows.iter().map(timer).collect();
    reads.add(&FIND, ids, |query, id| query.bind(id.to_string()), decode)
}

/// The list positions of the existing ones of the given timers, of any owner.
pub async fn places(conn: &mut Conn, ids: &[TimerId]) -> Result<Vec<TimerPlace>, StoreError> {
    let rows = PLACES.fetch(conn, ids, |query, id| query.bind(id.to_string())).await?;
    let place = |row: &Row| {
        Ok(TimerPlace {
            id: columns::id(row, "id")?,
            owner_id: UserId(row.try_get("owner_id")?),
            created_at: columns::instant(row, "created_at")?,
            started_at: columns::instant(row, "started_at")?,
            status: status(row)?,
            schedule_id: columns::optional_id(row, "schedule_id")?,
            todo_id: columns::optional_id(row, "todo_id")?,
        })
    };
    rows.iter().map(place).collect()
}

/// Stores the changes of a patch.
pub async fn update_details(conn: &mut Conn, timer: &Timer) -> Result<(), StoreError> {
    let before = usage::measure(conn, Kept::Timers, &[timer.id]).await?;
    sqlx::query(
        "UPDATE timers SET title = $2, description = $3, schedule_id = $4, todo_id = $5, updated_at = $6 WHERE id = $1",
    )
    .bind(timer.id.to_string())
    .bind(timer.title.as_deref())
    .bind(timer.description.as_deref())
    .bind(timer.schedule_id.map(|id| id.to_string()))
    .bind(timer.todo_id.map(|id| id.to_string()))
    .bind(timer.updated_at.millis())
    .execute(&mut *conn)
    .await?;
    usage::record(conn, Kept::Timers, &[timer.id], before).await
}

/// Deletes timers.
pub async fn delete(conn: &mut Conn, ids: &[TimerId]) -> Result<(), StoreError> {
    let before = usage::measure(conn, Kept::Timers, ids).await?;
    DELETE.fetch(conn, ids, |query, id| query.bind(id.to_string())).await?;
    usage::record(conn, Kept::Timers, ids, before).await
}

/// One timer, of any owner.
pub async fn find(conn: &mut Conn, id: TimerId) -> Result<Option<Timer>, StoreError> {
    Ok(find_all(conn, &[id]).await?.pop())
}

/// A user's timers that match the filter, newest first, after a key, as far as the page has room.
pub async fn list(
    conn: &mut Conn,
    owner: &UserId,
    filter: &Filter,
    after: Option<&TimeKey>,
    room: &mut Room,
) -> Result<Vec<Timer>, StoreError> {
    let after = after.unwrap_or(&TimeKey::START);
    let mut statement = Statement::new(concat!("SELECT ", timer_columns!(), " FROM timers WHERE owner_id = "));
    let owner = statement.bind(owner.as_str());
    let (created_at, id) = (statement.bind(after.0), statement.bind(after.1.to_string()));
    statement.add(format_args!("{owner} AND (created_at, id) < ({created_at}, {id})"));
    filter.add_to(&mut statement, conn);
    let rows = statement.bind(room.rows());
    statement.add(format_args!(" ORDER BY created_at DESC, id DESC LIMIT {rows}"));
    paging::fill(conn, statement.query(), room, timer).await
}

/// A user's RUNNING and PAUSED timers, newest first, after a key, as far as the page has room.
pub async fn active(
    conn: &mut Conn,
    owner: &UserId,
    after: Option<&TimeKey>,
    room: &mut Room,
) -> Result<Vec<Timer>, StoreError> {
    let after = after.unwrap_or(&TimeKey::START);
    let query = sqlx::query(ACTIVE)
        .bind(owner.as_str())
        .bind(after.0)
        .bind(after.1.to_string())
        .bind(room.rows());
    paging::fill(conn, query, room, timer).await
}

/// A user's newest RUNNING or PAUSED timer.
pub async fn newest_active(conn: &mut Conn, owner: &UserId) -> Result<Option<Timer>, StoreError> {
    let newest = PageRequest {
        limit: 1,
        ..PageRequest::<TimeKey>::default()
    };
    Ok(active(conn, owner, None, &mut newest.room()).await?.pop())
}

/// A user's timers that ended at or after an instant, the last one first, as far as the page has room.
pub async fn ended_since(
    conn: &mut Conn,
    owner: &UserId,
    since: Timestamp,
    room: &mut Room,
) -> Result<Vec<Timer>, StoreError> {
    let query = sqlx::query(concat!(
        "SELECT ",
        timer_columns!(),
        " FROM timers WHERE owner_id = $1 AND ended_at >= $2 ORDER BY ended_at DESC, id DESC LIMIT $3"
    ))
    .bind(owner.as_str())
    .bind(since.millis())
    .bind(room.rows());
    paging::fill(conn, query, room, timer).await
}

/// Reads a timer from a row of [`timer_columns`].
pub(super) fn timer(row: &Row) -> Result<Timer, StoreError> {
    Ok(Timer {
        id: id(row.try_get::<String, _>("id")?)?,
        owner_id: UserId(row.try_get("owner_id")?),
        title: row.try_get("title")?,
        description: row.try_get("description")?,
        schedule_id: row.try_get::<Option<String>, _>("schedule_id")?.map(id).transpose()?,
        todo_id: row.try_get::<Option<String>, _>("todo_id")?.map(id).transpose()?,
        tags: Vec::new(),
        allocated_seconds: row.try_get("allocated_seconds")?,
        elapsed_millis: row.try_get("elapsed_millis")?,
        status: status(row)?,
        started_at: Timestamp::from_millis(row.try_get("started_at")?),
        paused_at: row.try_get::<Option<i64>, _>("paused_at")?.map(Timestamp::from_millis),
        ended_at: row.try_get::<Option<i64>, _>("ended_at")?.map(Timestamp::from_millis),
        history: timer_history::parse(row.try_get("entries")?)?,
        created_at: Timestamp::from_millis(row.try_get("created_at")?),
        updated_at: Timestamp::from_millis(row.try_get("updated_at")?),
    })
}

fn status(row: &Row) -> Result<TimerStatus, StoreError> {
    let status: String = row.try_get("status")?;
    TimerStatus::parse(&status).ok_or_else(|| StoreError::corrupt("status", status))
}

fn id<T: std::str::FromStr<Err: ToString>>(text: String) -> Result<T, StoreError> {
    text.parse()
        .map_err(|error: T::Err| StoreError::corrupt("id", error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{testing, timer_history::Added};
    use futures_util::FutureExt;
    use protocol::timers::{Action, NewTimer};
    use uuid::Uuid;

    fn timer_at(millis: i64) -> Timer {
        let new = NewTimer {
            allocated_seconds: 60,
            title: Some("Tea".into()),
            ..NewTimer::default()
        };
        Timer::create(
            TimerId(Uuid::now_v7()),
            "ada".into(),
            new,
            Timestamp::from_millis(millis),
        )
        .unwrap()
    }

    #[tokio::test]
    async fn a_stored_timer_is_read_unchanged() {
        let (store, _folder) = testing::store().await;
        let created = timer_at(1_000);
        let paused = created.apply(Action::Pause, Timestamp::from_millis(2_345)).unwrap();
        let (first, second) = (created.clone(), paused.clone());
        let found = store
            .writer()
            .write(move |conn| {
                async move {
                    insert_whole(conn, &[&first]).await?;
                    let before = find(conn, first.id).await?;
                    let changed = [&second];
                    let added = timer_history::rows([Added::beyond(first.history.len(), &second)]);
                    let mut writes = WriteSet::default();
                    update_states(&mut writes, &changed);
                    timer_history::insert(&mut writes, &added);
                    writes.run(conn).await?;
                    Ok::<_, StoreError>((before, find(conn, second.id).await?))
                }
                .boxed()
            })
            .await
            .unwrap();
        assert_eq!(found, (Some(created), Some(paused)));
    }

    #[tokio::test]
    async fn a_list_is_filtered_by_owner_and_ordered_newest_first() {
        let (store, _folder) = testing::store().await;
        let timers = [timer_at(1_000), timer_at(2_000), timer_at(3_000)];
        let stopped = timers[1].apply(Action::Stop, Timestamp::from_millis(9_000)).unwrap();
        let ids = timers.clone().map(|timer| timer.id);
        store
            .writer()
            .write(move |conn| async move { insert_whole(conn, &[&timers[0], &stopped, &timers[2]]).await }.boxed())
            .await
            .unwrap();
        let listed = async |owner: &str, filter: Filter| {
            let owner = owner.into();
            let timers = store
                .read(async |conn| {
                    let room = &mut PageRequest::<TimeKey>::default().room();
                    list(conn, &owner, &filter, None, room).await
                })
                .await
                .unwrap();
            timers.iter().map(|timer| timer.id).collect::<Vec<_>>()
        };
        assert_eq!(listed("ada", Filter::default()).await, [ids[2], ids[1], ids[0]]);
        assert!(listed("eve", Filter::default()).await.is_empty());
        let done = Filter {
            statuses: vec![TimerStatus::Completed],
            ..Filter::default()
        };
        assert_eq!(listed("ada", done).await, [ids[1]]);
        let from = Filter {
            started_from: Some(Timestamp::from_millis(2_000)),
            ..Filter::default()
        };
        assert_eq!(listed("ada", from).await, [ids[2], ids[1]], "bounds are inclusive");
        let linked = Filter {
            link: Some(Link::Todo),
            ..Filter::default()
        };
        assert!(listed("ada", linked).await.is_empty());
    }
}
