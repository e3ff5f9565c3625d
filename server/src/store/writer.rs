//! The single path of all writes.
//!
//! Jobs wait in a queue; the writer takes all waiting jobs, runs them in one transaction, each in a savepoint of its
//! own, commits once, and only then completes each job. So a commit, which waits for the disk, is shared by many jobs,
//! and nothing is acknowledged or published before it is durable. Completions run in the order of the writes.
//!
//! Waiting jobs of one kind can be merged into one ([`BatchJob`]), which runs as many statements as a single job.
//! If a merged job fails, its parts run separately.

mod job;

pub use job::BatchJob;

use super::{Conn, StoreError, backend::Backend, metrics::WriterMetrics};
use futures_util::future::BoxFuture;
use job::{Job, Merged, Single, Uncommitted};
use sqlx::Connection;
use std::{collections::VecDeque, panic::AssertUnwindSafe, time::Instant};
use tokio::sync::{mpsc, oneshot};

/// The maximum number of jobs in one transaction, which bounds the latency of the first one.
const BATCH: usize = 256;
/// The maximum number of queued jobs; further callers wait before theirs is queued.
const QUEUE: usize = 4_096;

/// Queues jobs for the writer.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Message>,
    metrics: WriterMetrics,
}

enum Message {
    Work(Box<dyn Job>),
    Close(oneshot::Sender<()>),
}

impl Writer {
    pub(super) fn start(backend: Backend, conn: Conn) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let metrics = WriterMetrics::default();
        tokio::spawn(run(backend, conn, waiting, metrics.clone()));
        Self { queue, metrics }
    }

    /// Queues `work` and returns; `then` is called once it is durable, or has failed and changed nothing. `then` runs
    /// on the writer, in the order of the commits: it publishes and acknowledges, and must not block or await.
    pub async fn submit<W, F, T, E>(&self, work: W, then: F)
    where
        W: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
        F: FnOnce(Result<T, E>) + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.queue(Box::new(Single::new(work, then))).await;
    }

    /// Queues a job that may be merged with others of its kind. It never completes later than its position in the
    /// queue, so later jobs of the same caller never overtake it.
    pub async fn submit_merged(&self, job: impl BatchJob) {
        self.queue(Box::new(Merged::new(job))).await;
    }

    async fn queue(&self, job: Box<dyn Job>) {
        if let Err(mpsc::error::SendError(Message::Work(job))) = self.queue.send(Message::Work(job)).await {
            job.finish(Err(Uncommitted::Closed));
        }
    }

    /// Runs `work`; once it is durable, calls `then` with its result, in the order of the commits, and returns the
    /// result of `then`. Both run even if the caller stops waiting. `then` runs on the writer and must not block or
    /// await.
    ///
    /// # Errors
    /// Those of `work`, and [`StoreError`]; then nothing was changed, and `then` was not called.
    pub async fn commit_then<W, F, T, R, E>(&self, work: W, then: F) -> Result<R, E>
    where
        W: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
        F: FnOnce(T) -> R + Send + 'static,
        T: Send + 'static,
        R: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        // An error means that the caller stopped waiting.
        self.submit(work, move |result: Result<T, E>| drop(sender.send(result.map(then))))
            .await;
        receiver.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Runs `work` and returns its result once it is durable.
    ///
    /// # Errors
    /// Those of `work`, and [`StoreError`]; then nothing was changed.
    pub async fn write<W, T, E>(&self, work: W) -> Result<T, E>
    where
        W: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.commit_then(work, |value| value).await
    }

    pub(super) fn metrics(&self) -> &WriterMetrics {
        &self.metrics
    }

    /// A function that counts the queued jobs; it does not keep the writer running.
    pub(super) fn queue_length(&self) -> impl Fn() -> usize + Send + Sync + 'static {
        let queue = self.queue.downgrade();
        move || {
            queue
                .upgrade()
                .map_or(0, |queue| queue.max_capacity() - queue.capacity())
        }
    }

    pub(super) async fn close(&self) {
        let (sender, closed) = oneshot::channel();
        if self.queue.send(Message::Close(sender)).await.is_ok() {
            // An error means that the writer has ended, which is the purpose of waiting.
            let _ = closed.await;
        }
    }
}

async fn run(backend: Backend, conn: Conn, mut waiting: mpsc::Receiver<Message>, metrics: WriterMetrics) {
    let mut conn = Some(conn);
    let mut messages = Vec::with_capacity(BATCH);
    let mut closed = None;
    while closed.is_none() && waiting.recv_many(&mut messages, BATCH).await > 0 {
        let mut jobs: Vec<Box<dyn Job>> = Vec::with_capacity(messages.len());
        let mut unmerged = 0;
        for message in messages.drain(..) {
            match message {
                Message::Work(job) if closed.is_none() => {
                    unmerged += 1;
                    queue_merged(&mut jobs, job);
                }
                Message::Work(job) => job.finish(Err(Uncommitted::Closed)),
                Message::Close(sender) => closed = Some(sender),
            }
        }
        let start = Instant::now();
        let committed = connected_batch(&backend, &mut conn, &mut jobs).await;
        if unmerged > 0 {
            metrics.transaction(unmerged, start.elapsed(), committed.is_ok());
        }
        if let Err(error) = &committed {
            tracing::error!(%error, jobs = jobs.len(), "a batch of writes failed");
        }
        let committed = committed.map_err(|error| Uncommitted::Failed(error.to_string()));
        for job in jobs {
            let committed = committed.clone();
            // A panic in one completion must not prevent the others.
            if std::panic::catch_unwind(AssertUnwindSafe(|| job.finish(committed))).is_err() {
                tracing::error!("the completion of a write panicked");
            }
        }
    }
    if let Some(conn) = conn
        && let Err(error) = conn.close().await
    {
        tracing::warn!(%error, "the database did not close cleanly");
    }
    if let Some(sender) = closed {
        // An error means that the caller stopped waiting.
        let _ = sender.send(());
    }
}

/// Appends a job, or merges it into the first one that accepts it.
fn queue_merged(jobs: &mut Vec<Box<dyn Job>>, job: Box<dyn Job>) {
    let mut rest = Some(job);
    for earlier in jobs.iter_mut() {
        let Some(job) = rest.take() else { break };
        rest = earlier.merge(job);
    }
    jobs.extend(rest);
}

/// Runs a batch, on a new connection if the previous one was lost.
async fn connected_batch(
    backend: &Backend,
    conn: &mut Option<Conn>,
    jobs: &mut Vec<Box<dyn Job>>,
) -> Result<(), sqlx::Error> {
    if jobs.is_empty() {
        return Ok(());
    }
    let mut current = match conn.take() {
        Some(current) => current,
        None => backend.connect().await?,
    };
    let committed = batch(&mut current, backend.begin_writing(), jobs).await;
    // The failure may be due to a broken connection, so the next batch connects again.
    if committed.is_ok() || current.ping().await.is_ok() {
        *conn = Some(current);
    }
    committed
}

async fn batch(conn: &mut Conn, begin: &'static str, jobs: &mut Vec<Box<dyn Job>>) -> Result<(), sqlx::Error> {
    execute(conn, begin).await?;
    let result = run_jobs(conn, begin, jobs).await;
    match result {
        Ok(()) => match execute(conn, "COMMIT").await {
            Ok(()) => Ok(()),
            Err(error) => roll_back(conn, error).await,
        },
        Err(error) => roll_back(conn, error).await,
    }
}

/// Runs the jobs; a merged job that fails is replaced by its parts.
async fn run_jobs(conn: &mut Conn, begin: &'static str, jobs: &mut Vec<Box<dyn Job>>) -> Result<(), sqlx::Error> {
    let mut waiting = VecDeque::from(std::mem::take(jobs));
    while let Some(mut job) = waiting.pop_front() {
        // A single job needs no savepoint: the transaction is one.
        let alone = jobs.is_empty() && waiting.is_empty();
        let run = match alone {
            true => run_alone(conn, begin, &mut *job).await,
            false => run_in_savepoint(conn, &mut *job).await,
        };
        match run {
            Ok(true) => jobs.push(job),
            Ok(false) => match job.split() {
                Ok(parts) => parts.into_iter().rev().for_each(|part| waiting.push_front(part)),
                Err(job) => jobs.push(job),
            },
            Err(error) => {
                jobs.push(job);
                // All of them failed, and each must be completed.
                jobs.extend(waiting);
                return Err(error);
            }
        }
    }
    Ok(())
}

async fn run_alone(conn: &mut Conn, begin: &'static str, job: &mut dyn Job) -> Result<bool, sqlx::Error> {
    let keep = job.run(conn).await;
    if !keep {
        execute(conn, "ROLLBACK").await?;
        execute(conn, begin).await?;
    }
    Ok(keep)
}

async fn run_in_savepoint(conn: &mut Conn, job: &mut dyn Job) -> Result<bool, sqlx::Error> {
    execute(conn, "SAVEPOINT job").await?;
    let keep = job.run(conn).await;
    let end = match keep {
        true => "RELEASE job",
        false => "ROLLBACK TO job; RELEASE job",
    };
    execute(conn, end).await?;
    Ok(keep)
}

async fn roll_back(conn: &mut Conn, error: sqlx::Error) -> Result<(), sqlx::Error> {
    // SQLite may have rolled back by itself (full disk); then this fails, and the first error is the relevant one.
    let _ = execute(conn, "ROLLBACK").await;
    Err(error)
}

/// Runs SQL without parameters.
pub(super) async fn execute(conn: &mut Conn, sql: &'static str) -> Result<(), sqlx::Error> {
    // Unprepared, since it may contain several statements.
    sqlx::raw_sql(sql).execute(conn).await.map(drop)
}

#[cfg(test)]
mod tests;
