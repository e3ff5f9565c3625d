//! The table `timer_history`: one row per entry of a timer's history. A change inserts one row and updates none, except
//! for the correction of an end, which updates the last one. The
//! rows of a deleted timer stay while logged events refer to them (`deleted_timers`).

use super::{
    Conn, StoreError,
    bulk::{BulkStatement, WriteSet},
    columns,
};
use protocol::{
    id::{TimerId, UserId},
    time::Timestamp,
    timers::{History, HistoryAction, HistoryEntry, Timer},
};
use sqlx::Row as _;
use std::collections::HashMap;

/// The aggregate that combines the entries of a timer into one text, for [`parse`]: a column costs less than thousands
/// of rows. `h` is the table.
macro_rules! entries {
    () => {
        "string_agg(h.action || ' ' || CAST(h.at AS TEXT) || ' ' || COALESCE(CAST(h.elapsed AS TEXT), '') || \
         COALESCE(' r' || CAST(h.received_at AS TEXT), '') || COALESCE(' c' || CAST(h.corrected_from AS TEXT), ''), ',' \
         ORDER BY h.position)"
    };
}

/// A timer's columns with its history as `entries`, read in the same statement.
macro_rules! timer_columns {
    () => {
        concat!(
            "timers.*, (SELECT ",
            crate::store::timer_history::entries!(),
            " FROM timer_history AS h WHERE h.timer_id = timers.id) AS entries"
        )
    };
}

pub(super) use {entries, timer_columns};

static INSERT: BulkStatement = BulkStatement::new(
    "INSERT INTO timer_history (timer_id, position, action, at, elapsed, received_at, corrected_from) VALUES ",
    7,
    " ON CONFLICT DO NOTHING",
);
static CORRECT: BulkStatement = BulkStatement::new(
    "UPDATE timer_history SET at = new.column3, elapsed = new.column4, received_at = new.column5,
     corrected_from = new.column6 FROM (VALUES ",
    6,
    ") AS new WHERE timer_history.timer_id = new.column1 AND timer_history.position = new.column2",
);
static FIND: BulkStatement = BulkStatement::new(
    concat!(
        "SELECT h.timer_id, ",
        entries!(),
        " AS entries FROM timer_history AS h WHERE h.timer_id IN ("
    ),
    1,
    ") GROUP BY h.timer_id",
);
static DELETE: BulkStatement = BulkStatement::new("DELETE FROM timer_history WHERE timer_id IN (", 1, ")");
static MARK: BulkStatement = BulkStatement::new(
    "INSERT INTO deleted_timers (timer_id, owner_id, seq) VALUES ",
    3,
    " ON CONFLICT DO NOTHING",
);
static DELETE_MARK: BulkStatement = BulkStatement::new("DELETE FROM deleted_timers WHERE timer_id IN (", 1, ")");

/// New entries of a timer.
#[derive(Clone, Copy, Debug)]
pub struct Added<'t> {
    pub timer: TimerId,
    /// The position of the first one in its history.
    pub position: usize,
    /// The entries, oldest first.
    pub entries: &'t [HistoryEntry],
}

impl<'t> Added<'t> {
    /// The entries of a timer beyond those that are stored already.
    pub fn beyond(stored: usize, timer: &'t Timer) -> Self {
        Self {
            timer: timer.id,
            position: stored,
            entries: timer.history.get(stored..).unwrap_or_default(),
        }
    }
}

/// Entries as rows: the timer, the position, the entry.
pub type EntryRow<'t> = (TimerId, usize, &'t HistoryEntry);

/// The rows of new entries.
pub fn rows<'t>(added: impl IntoIterator<Item = Added<'t>>) -> Vec<EntryRow<'t>> {
    let rows = |added: Added<'t>| {
        let positions = added.position..;
        positions
            .zip(added.entries)
            .map(move |(position, entry)| (added.timer, position, entry))
    };
    added.into_iter().flat_map(rows).collect()
}

/// Inserts rows of new entries.
pub fn insert<'w>(writes: &mut WriteSet<'w>, rows: &'w [EntryRow<'w>]) {
    writes.add(&INSERT, rows, |query, (timer, position, entry)| {
        query
            .bind(timer.to_string())
            .bind(i64::try_from(*position).unwrap_or(i64::MAX))
            .bind(entry.action.as_str())
            .bind(entry.at.millis())
            .bind(entry.elapsed)
            .bind(entry.received_at.map(Timestamp::millis))
            .bind(entry.corrected_from.map(Timestamp::millis))
    });
}

/// Updates rows of corrected ends.
pub fn correct<'w>(writes: &mut WriteSet<'w>, rows: &'w [EntryRow<'w>]) {
    writes.add(&CORRECT, rows, |query, (timer, position, entry)| {
        query
            .bind(timer.to_string())
            .bind(i64::try_from(*position).unwrap_or(i64::MAX))
            .bind(entry.at.millis())
            .bind(entry.elapsed)
            .bind(entry.received_at.map(Timestamp::millis))
            .bind(entry.corrected_from.map(Timestamp::millis))
    });
}

/// Inserts new entries.
pub async fn append(conn: &mut Conn, added: impl IntoIterator<Item = Added<'_>>) -> Result<(), StoreError> {
    let rows = rows(added);
    let mut writes = WriteSet::default();
    insert(&mut writes, &rows);
    writes.run(conn).await
}

/// The histories of timers, including deleted ones.
pub async fn find(conn: &mut Conn, timers: &[TimerId]) -> Result<HashMap<TimerId, History>, StoreError> {
    let rows = FIND.fetch(conn, timers, |query, id| query.bind(id.to_string())).await?;
    let history = |row: &super::Row| Ok((columns::id(row, "timer_id")?, parse(row.try_get("entries")?)?));
    rows.iter().map(history).collect()
}

/// Parses the text that [`entries`] makes.
pub(super) fn parse(entries: Option<String>) -> Result<History, StoreError> {
    let Some(entries) = entries else {
        return Ok(History::default());
    };
    let read = |text: &str| {
        let mut parts = text.split(' ');
        let action = parts.next().unwrap_or_default();
        let instant = |text: &str| text.parse().ok().map(Timestamp::from_millis);
        let elapsed = |text: &str| (!text.is_empty()).then(|| text.parse()).transpose().ok();
        let mut entry = HistoryEntry {
            action: HistoryAction::ALL.into_iter().find(|known| known.as_str() == action)?,
            at: instant(parts.next()?)?,
            elapsed: elapsed(parts.next()?)?,
            received_at: None,
            corrected_from: None,
        };
        for part in parts {
            match part.split_at_checked(1)? {
                ("r", millis) => entry.received_at = Some(instant(millis)?),
                ("c", millis) => entry.corrected_from = Some(instant(millis)?),
                _ => return None,
            }
        }
        Some(entry)
    };
    let history: Option<History> = entries.split(',').map(read).collect();
    history.ok_or_else(|| StoreError::corrupt("history", entries))
}

/// Records that timers were deleted, each with its owner's event `seq`: [`unreferred`] returns one once no event refers
/// to its history.
pub async fn keep_for_events(conn: &mut Conn, owner: &UserId, timers: &[(TimerId, u64)]) -> Result<(), StoreError> {
    MARK.fetch(conn, timers, |query, (timer, seq)| {
        query
            .bind(timer.to_string())
            .bind(owner.as_str())
            .bind(i64::try_from(*seq).unwrap_or(i64::MAX))
    })
    .await?;
    Ok(())
}

/// At most `limit` deleted timers whose events are no longer in the log. `scope` is that of the timers' streams,
/// whose key is the owner.
pub async fn unreferred(conn: &mut Conn, scope: &'static str, limit: i64) -> Result<Vec<TimerId>, StoreError> {
    let sql = "SELECT timer_id FROM deleted_timers WHERE NOT EXISTS
         (SELECT 1 FROM events WHERE events.stream = $1 || ':' || deleted_timers.owner_id
          AND events.seq <= deleted_timers.seq) LIMIT $2";
    let rows = sqlx::query(sql).bind(scope).bind(limit).fetch_all(conn).await?;
    rows.iter().map(|row| columns::id(row, "timer_id")).collect()
}

/// Deletes the histories of deleted timers.
pub async fn forget(conn: &mut Conn, timers: &[TimerId]) -> Result<(), StoreError> {
    for statement in [&DELETE, &DELETE_MARK] {
        statement
            .fetch(conn, timers, |query, id| query.bind(id.to_string()))
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_history_is_corrupt() {
        let entry = |text: &str| parse(Some(text.to_owned())).ok();
        let read = entry("start 5 ,pause 1700 1").unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!((read[0].elapsed, read[1].elapsed), (None, Some(1)));
        let late = entry("stop 9 4 r20 c7").unwrap()[0];
        let millis = |instant: Option<Timestamp>| instant.map(Timestamp::millis);
        assert_eq!(
            (millis(late.received_at), millis(late.corrected_from)),
            (Some(20), Some(7))
        );
        for text in [
            "",
            "start",
            "start 5",
            "start x ",
            "begin 5 ",
            "pause 5 x",
            "start 5 ,",
            "stop 9 4 20",
            "stop 9 4 r",
        ] {
            assert_eq!(entry(text), None, "{text:?}");
        }
        assert_eq!(parse(None).unwrap(), History::default());
    }
}
