//! The one path by which anything is written.
//!
//! Work waits in a queue; the writer takes all that waits, runs it in one transaction, each piece in a savepoint of its
//! own, commits once, and only then tells each caller. So a commit, which waits for the disk, is shared by many
//! commands, and nothing is acknowledged or published before it is durable. What is called after the commit is called
//! in the order of the writes.

use super::{Conn, StoreError, backend::Backend};
use futures_util::{FutureExt, future::BoxFuture};
use sqlx::Connection;
use std::panic::AssertUnwindSafe;
use tokio::sync::{mpsc, oneshot};

/// The most pieces of work in one transaction, so that the first of them does not wait for too many others.
const BATCH: usize = 256;
/// The most pieces of work that wait; further callers wait before they are queued.
const QUEUE: usize = 4_096;

/// Hands work to the writer.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Message>,
}

enum Message {
    Work(Box<dyn Job>),
    Close(oneshot::Sender<()>),
}

trait Job: Send {
    /// Does the work; `false` rolls it back.
    fn run<'a>(&'a mut self, conn: &'a mut Conn) -> BoxFuture<'a, bool>;
    /// Tells the caller, once what was kept is durable or has failed.
    fn finish(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Piece<W, A, T, E> {
    work: Option<W>,
    result: Option<Result<T, E>>,
    after: A,
}

impl<W, A, T, E> Job for Piece<W, A, T, E>
where
    W: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, E>> + Send,
    A: FnOnce(Result<T, E>) + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run<'a>(&'a mut self, conn: &'a mut Conn) -> BoxFuture<'a, bool> {
        async move {
            let Some(work) = self.work.take() else { return false };
            let result = AssertUnwindSafe(work(conn)).catch_unwind().await;
            let result = result.unwrap_or_else(|_| Err(StoreError::Panicked.into()));
            let keep = result.is_ok();
            self.result = Some(result);
            keep
        }
        .boxed()
    }

    fn finish(self: Box<Self>, committed: Result<(), StoreError>) {
        let result = match (self.result, committed) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(error)) => Err(error.into()),
            (Some(done), Ok(())) => done,
            (None, Ok(())) => Err(StoreError::Closed.into()),
        };
        (self.after)(result);
    }
}

/// A place in the queue. Dropped, it is somebody else's.
pub struct Turn<'w>(mpsc::Permit<'w, Message>);

impl Turn<'_> {
    /// [`Writer::submit`] at this place, without waiting.
    pub fn submit<W, A, T, E>(self, work: W, after: A)
    where
        W: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
        A: FnOnce(Result<T, E>) + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.0.send(Message::Work(Box::new(Piece {
            work: Some(work),
            result: None,
            after,
        })));
    }
}

impl Writer {
    pub(super) fn start(backend: Backend, conn: Conn) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(run(backend, conn, waiting));
        Self { queue }
    }

    /// Queues `work` and returns; `after` is called once it is durable, or has failed and changed nothing. `after`
    /// runs on the writer: it publishes and acknowledges, and must not wait for anything.
    pub async fn submit<W, A, T, E>(&self, work: W, after: A)
    where
        W: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
        A: FnOnce(Result<T, E>) + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match self.turn().await {
            Ok(turn) => turn.submit(work, after),
            Err(error) => after(Err(error.into())),
        }
    }

    /// Waits for a place in the queue.
    ///
    /// # Errors
    /// [`StoreError::Closed`].
    pub async fn turn(&self) -> Result<Turn<'_>, StoreError> {
        let place = self.queue.reserve().await.map_err(|_| StoreError::Closed)?;
        Ok(Turn(place))
    }

    /// Does `work` and returns what it returned once that is durable.
    ///
    /// # Errors
    /// Those of `work`, and [`StoreError`]; nothing was changed then.
    pub async fn write<W, T, E>(&self, work: W) -> Result<T, E>
    where
        W: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        // The caller may have gone meanwhile; the work is done all the same.
        self.submit(work, |result| drop(sender.send(result))).await;
        receiver.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    pub(super) async fn close(&self) {
        let (sender, closed) = oneshot::channel();
        if self.queue.send(Message::Close(sender)).await.is_ok() {
            // An error says that the writer is gone, which is what is waited for.
            let _ = closed.await;
        }
    }
}

async fn run(backend: Backend, conn: Conn, mut waiting: mpsc::Receiver<Message>) {
    let mut conn = Some(conn);
    let mut messages = Vec::with_capacity(BATCH);
    let mut closed = None;
    while closed.is_none() && waiting.recv_many(&mut messages, BATCH).await > 0 {
        let mut jobs = Vec::with_capacity(messages.len());
        for message in messages.drain(..) {
            match message {
                Message::Work(job) if closed.is_none() => jobs.push(job),
                Message::Work(job) => job.finish(Err(StoreError::Closed)),
                Message::Close(sender) => closed = Some(sender),
            }
        }
        let committed = connected_batch(&backend, &mut conn, &mut jobs).await;
        if let Err(error) = &committed {
            tracing::error!(%error, pieces = jobs.len(), "a batch of writes failed");
        }
        for job in jobs {
            let result = committed
                .as_ref()
                .map(|_| ())
                .map_err(|error| StoreError::Commit(error.to_string()));
            // A panic of one caller's is not the others'.
            if std::panic::catch_unwind(AssertUnwindSafe(|| job.finish(result))).is_err() {
                tracing::error!("what was to follow a write panicked");
            }
        }
    }
    if let Some(conn) = conn
        && let Err(error) = conn.close().await
    {
        tracing::warn!(%error, "the database did not close cleanly");
    }
    if let Some(sender) = closed {
        // Nobody waits any more: fine.
        let _ = sender.send(());
    }
}

/// Runs a batch, on a new connection where the last one was lost.
async fn connected_batch(
    backend: &Backend,
    conn: &mut Option<Conn>,
    jobs: &mut [Box<dyn Job>],
) -> Result<(), sqlx::Error> {
    if jobs.is_empty() {
        return Ok(());
    }
    let mut current = match conn.take() {
        Some(current) => current,
        None => backend.connect().await?,
    };
    let committed = batch(&mut current, backend.begin_writing(), jobs).await;
    // What failed may have failed because nobody is at the other end any more; then the next batch connects anew.
    if committed.is_ok() || current.ping().await.is_ok() {
        *conn = Some(current);
    }
    committed
}

async fn batch(conn: &mut Conn, begin: &'static str, jobs: &mut [Box<dyn Job>]) -> Result<(), sqlx::Error> {
    execute(conn, begin).await?;
    let result = savepoints(conn, jobs).await;
    match result {
        Ok(()) => match execute(conn, "COMMIT").await {
            Ok(()) => Ok(()),
            Err(error) => roll_back(conn, error).await,
        },
        Err(error) => roll_back(conn, error).await,
    }
}

/// Runs a part of a transaction; where it fails, nothing of it is kept, and all before it is.
///
/// # Errors
/// Those of `part`.
pub async fn savepoint<T>(
    conn: &mut Conn,
    part: impl AsyncFnOnce(&mut Conn) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    execute(conn, "SAVEPOINT part").await?;
    let result = part(conn).await;
    let end = match &result {
        Ok(_) => "RELEASE part",
        Err(_) => "ROLLBACK TO part; RELEASE part",
    };
    execute(conn, end).await?;
    result
}

async fn savepoints(conn: &mut Conn, jobs: &mut [Box<dyn Job>]) -> Result<(), sqlx::Error> {
    if let [only] = jobs {
        // Then the transaction is its savepoint.
        if !only.run(conn).await {
            execute(conn, "ROLLBACK; BEGIN").await?;
        }
        return Ok(());
    }
    for job in jobs {
        execute(conn, "SAVEPOINT piece").await?;
        if !job.run(conn).await {
            execute(conn, "ROLLBACK TO piece").await?;
        }
        execute(conn, "RELEASE piece").await?;
    }
    Ok(())
}

async fn roll_back(conn: &mut Conn, error: sqlx::Error) -> Result<(), sqlx::Error> {
    // SQLite may have rolled back by itself (a full disk); then this fails, and the first error is the one to tell.
    let _ = execute(conn, "ROLLBACK").await;
    Err(error)
}

/// Runs a text without values.
pub(super) async fn execute(conn: &mut Conn, sql: &'static str) -> Result<(), sqlx::Error> {
    // As it is, without preparing it: several statements may stand in one text.
    sqlx::raw_sql(sql).execute(conn).await.map(drop)
}

#[cfg(test)]
mod tests;
