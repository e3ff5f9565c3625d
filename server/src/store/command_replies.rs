//! The table `command_replies`: the first reply to each command id (DESIGN.md, idea 3).

use super::{
    Conn, Row, StoreError,
    bulk::{self, Bound, BulkStatement, Read, ReadSet, WriteSet},
    events::{self, StoredEvent},
};
use hub::StreamId;
use protocol::{id::UserId, time::Timestamp};
use sqlx::Row as _;

/// The key of a command: user, protocol and id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CommandKey {
    pub user: UserId,
    pub protocol: &'static str,
    /// The client's id of the command, at most 64 characters.
    pub command: String,
}

/// The first reply to a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The number of an event in the stream of the command.
    Event(StoredEvent),
    /// The protocol's own text.
    Payload(String),
}

/// A first reply to store.
#[derive(Clone, Debug)]
pub struct NewReply<'r> {
    pub key: &'r CommandKey,
    /// When it was sent.
    pub at: Timestamp,
    /// The number of its event, or the protocol's own text.
    pub reply: Result<u64, String>,
}

// For events the payload is in the log, which keeps it as long as the reply is kept.
static FIND: BulkStatement = BulkStatement::new(
    "SELECT replies.user_id, replies.command_id, replies.reply, events.seq, events.at, events.kind, events.payload
     FROM (VALUES ",
    4,
    ") AS asked
     JOIN command_replies AS replies ON replies.user_id = asked.column1 AND replies.protocol = asked.column2
         AND replies.command_id = asked.column3
     LEFT JOIN events ON events.stream = asked.column4 AND events.seq = replies.event_seq",
);
static INSERT: BulkStatement = BulkStatement::new(
    "INSERT INTO command_replies (user_id, protocol, command_id, at, event_seq, reply) VALUES ",
    6,
    " ON CONFLICT DO NOTHING",
);

/// The first replies to those commands of a protocol that were answered before. A reply that is an event comes with its
/// stream.
pub async fn find(
    conn: &mut Conn,
    protocol: &'static str,
    commands: &[(CommandKey, StreamId)],
) -> Result<Vec<(CommandKey, Reply)>, StoreError> {
    bulk::read(conn, |reads| find_in(reads, protocol, commands)).await
}

/// Like [`find`], as a part of a set.
pub fn find_in<'r>(
    reads: &mut ReadSet<'r>,
    protocol: &'static str,
    commands: &'r [(CommandKey, StreamId)],
) -> Read<'r, Vec<(CommandKey, Reply)>> {
    let reply = move |row: &Row| {
        let key = CommandKey {
            user: UserId(row.try_get("user_id")?),
            protocol,
            command: row.try_get("command_id")?,
        };
        let reply = match row.try_get::<Option<i64>, _>("seq")? {
            Some(_) => Reply::Event(events::event(row)?),
            None => Reply::Payload(row.try_get("reply")?),
        };
        Ok((key, reply))
    };
    let bind = |query: Bound, (key, stream): &(CommandKey, StreamId)| {
        query
            .bind(key.user.as_str().to_owned())
            .bind(key.protocol)
            .bind(key.command.clone())
            .bind(stream.to_string())
    };
    reads.add(&FIND, commands, bind, move |rows| rows.iter().map(reply).collect())
}

/// Stores first replies.
pub fn insert<'r>(writes: &mut WriteSet<'r>, replies: &'r [NewReply<'r>]) {
    writes.add(&INSERT, replies, |query, new| {
        query
            .bind(new.key.user.as_str())
            .bind(new.key.protocol)
            .bind(new.key.command.as_str())
            .bind(new.at.millis())
            .bind(
                new.reply
                    .as_ref()
                    .ok()
                    .map(|seq| i64::try_from(*seq).unwrap_or(i64::MAX)),
            )
            .bind(new.reply.as_ref().err().map_or("", String::as_str))
    });
}

/// Deletes replies older than `before`.
pub async fn forget(conn: &mut Conn, before: Timestamp) -> Result<u64, StoreError> {
    let sql = "DELETE FROM command_replies WHERE at < $1";
    Ok(sqlx::query(sql)
        .bind(before.millis())
        .execute(conn)
        .await?
        .rows_affected())
}
