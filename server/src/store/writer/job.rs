//! Jobs in the writer's queue.

use crate::store::{Conn, StoreError};
use futures_util::{FutureExt, future::BoxFuture};
use std::{any::Any, panic::AssertUnwindSafe};

/// A job of a kind whose waiting jobs run as one.
pub trait BatchJob: Send + Sync + Sized + 'static {
    /// The output of one job.
    type Output: Send + 'static;

    /// Runs the jobs in order, with an output for each. If it fails, everything is rolled back, and each job runs
    /// separately.
    fn run<'c>(
        conn: &'c mut Conn,
        jobs: &'c [Self],
    ) -> impl Future<Output = Result<Vec<Self::Output>, StoreError>> + Send + 'c;

    /// Completes one job, once its output is durable or it has failed. Must not block or await.
    fn finish(self, result: Result<Self::Output, StoreError>);
}

/// Why a job that ran was not committed.
#[derive(Clone, Debug)]
pub(super) enum Uncommitted {
    /// The store is closed.
    Closed,
    /// The transaction failed.
    Failed(String),
}

impl From<Uncommitted> for StoreError {
    fn from(why: Uncommitted) -> Self {
        match why {
            Uncommitted::Closed => Self::Closed,
            Uncommitted::Failed(why) => Self::Commit(why),
        }
    }
}

pub(super) trait Job: Any + Send {
    /// Does the work; `false` rolls it back.
    fn run<'a>(&'a mut self, conn: &'a mut Conn) -> BoxFuture<'a, bool>;

    /// Completes it, once its changes are durable or it has failed.
    fn finish(self: Box<Self>, committed: Result<(), Uncommitted>);

    /// Merges a later job into this one; returns it if the kinds differ.
    fn merge(&mut self, next: Box<dyn Job>) -> Option<Box<dyn Job>> {
        Some(next)
    }

    /// Splits a merged job into its parts, to run each separately.
    ///
    /// # Errors
    /// The job itself if it has one part.
    fn split(self: Box<Self>) -> Result<Vec<Box<dyn Job>>, Box<dyn Job>>;
}

/// A job that is not merged.
pub(super) struct Single<W, F, T, E> {
    work: Option<W>,
    result: Option<Result<T, E>>,
    then: F,
}

impl<W, F, T, E> Single<W, F, T, E> {
    pub(super) fn new(work: W, then: F) -> Self {
        Self {
            work: Some(work),
            result: None,
            then,
        }
    }
}

impl<W, F, T, E> Job for Single<W, F, T, E>
where
    W: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
    F: FnOnce(Result<T, E>) + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
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

    fn finish(self: Box<Self>, committed: Result<(), Uncommitted>) {
        let result = match (self.result, committed) {
            (Some(Err(error)), _) => Err(error),
            (_, Err(why)) => Err(StoreError::from(why).into()),
            (Some(done), Ok(())) => done,
            (None, Ok(())) => Err(StoreError::Closed.into()),
        };
        (self.then)(result);
    }

    fn split(self: Box<Self>) -> Result<Vec<Box<dyn Job>>, Box<dyn Job>> {
        Err(self)
    }
}

/// Merged jobs of one kind.
pub(super) struct Merged<J: BatchJob> {
    jobs: Vec<J>,
    result: Option<Result<Vec<J::Output>, StoreError>>,
}

impl<J: BatchJob> Merged<J> {
    pub(super) fn new(job: J) -> Self {
        Self {
            jobs: vec![job],
            result: None,
        }
    }
}

impl<J: BatchJob> Job for Merged<J> {
    fn run<'a>(&'a mut self, conn: &'a mut Conn) -> BoxFuture<'a, bool> {
        async move {
            let result = AssertUnwindSafe(J::run(conn, &self.jobs)).catch_unwind().await;
            let result = result.unwrap_or(Err(StoreError::Panicked));
            let keep = result.is_ok();
            self.result = Some(result);
            keep
        }
        .boxed()
    }

    fn finish(self: Box<Self>, committed: Result<(), Uncommitted>) {
        let (mut outputs, mut error) = match self.result {
            Some(Ok(outputs)) => (outputs.into_iter(), None),
            // A failed job has been split until it has one part.
            Some(Err(error)) => (Vec::new().into_iter(), Some(error)),
            None => (Vec::new().into_iter(), None),
        };
        for job in self.jobs {
            let result = match (&committed, error.take()) {
                (_, Some(error)) => Err(error),
                (Err(why), None) => Err(why.clone().into()),
                (Ok(()), None) => outputs.next().ok_or(StoreError::Closed),
            };
            job.finish(result);
        }
    }

    fn merge(&mut self, next: Box<dyn Job>) -> Option<Box<dyn Job>> {
        if !(&*next as &dyn Any).is::<Self>() {
            return Some(next);
        }
        let next: Box<dyn Any> = next;
        if let Ok(next) = next.downcast::<Self>() {
            self.jobs.extend(next.jobs);
        }
        None
    }

    fn split(self: Box<Self>) -> Result<Vec<Box<dyn Job>>, Box<dyn Job>> {
        if self.jobs.len() < 2 {
            return Err(self);
        }
        let part = |job| -> Box<dyn Job> { Box::new(Self::new(job)) };
        Ok(self.jobs.into_iter().map(part).collect())
    }
}
