//! The read connections. All users share a pool, and one user has at most two of its connections at once: however many
//! reads one user requests, others are served. The health check has a connection of its own.

use super::{StoreError, backend::Backend, metrics::ReadMetrics};
use protocol::id::UserId;
use sqlx::{Any, AnyPool, pool::PoolConnection};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// Size of the pool.
const POOL: u32 = 8;
/// The maximum number of connections per user.
const PER_USER: usize = 2;
/// The maximum number of waiting reads per user; further ones fail at once.
const WAITING_PER_USER: usize = 1_024;
/// Timeout for waiting for the user's other reads, and again for the pool.
const WAIT: Duration = Duration::from_secs(10);

/// The pool, and the users with reads in progress.
#[derive(Clone)]
pub(super) struct Readers {
    pool: AnyPool,
    health: AnyPool,
    turns: Turns,
    metrics: ReadMetrics,
}

impl Readers {
    pub async fn open(backend: &Backend) -> Result<Self, sqlx::Error> {
        Ok(Self {
            pool: backend.readers(POOL, WAIT).await?,
            health: backend.readers(1, WAIT).await?,
            turns: Turns::default(),
            metrics: ReadMetrics::default(),
        })
    }

    /// A connection for the server's own reads.
    ///
    /// # Errors
    /// [`StoreError::Busy`] if none is free within [`WAIT`].
    pub async fn acquire(&self) -> Result<PoolConnection<Any>, StoreError> {
        self.metrics.measure_wait(self.pooled()).await
    }

    async fn pooled(&self) -> Result<PoolConnection<Any>, StoreError> {
        self.pool.acquire().await.map_err(busy)
    }

    /// A connection for a user's read, once fewer than [`PER_USER`] of the user's reads are in progress.
    ///
    /// # Errors
    /// [`StoreError::Busy`] if that takes longer than [`WAIT`], or too many reads are waiting.
    pub async fn acquire_for(&self, user: &UserId) -> Result<Reader, StoreError> {
        let reader = async {
            let turn = self.turns.wait(user).await?;
            Ok(Reader {
                conn: self.pooled().await?,
                _turn: turn,
            })
        };
        self.metrics.measure_wait(reader).await
    }

    /// The connection of the health check.
    ///
    /// # Errors
    /// [`StoreError::Busy`].
    pub async fn acquire_for_health(&self) -> Result<PoolConnection<Any>, StoreError> {
        self.health.acquire().await.map_err(busy)
    }

    pub fn metrics(&self) -> &ReadMetrics {
        &self.metrics
    }

    /// A function that counts the busy and the idle connections.
    pub fn connections(&self) -> impl Fn() -> [usize; 2] + Send + Sync + 'static {
        let pool = self.pool.clone();
        move || {
            let idle = pool.num_idle();
            let open = usize::try_from(pool.size()).unwrap_or(usize::MAX);
            [open.saturating_sub(idle), idle]
        }
    }

    pub async fn close(&self) {
        self.pool.close().await;
        self.health.close().await;
    }
}

/// A connection in use for a user's read.
pub(super) struct Reader {
    // Dropped first, so that it is back in the pool before the user's next read starts.
    pub conn: PoolConnection<Any>,
    _turn: Turn,
}

fn busy(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::PoolTimedOut => StoreError::Busy,
        error => error.into(),
    }
}

/// The users with reads in progress or waiting.
#[derive(Clone, Default)]
struct Turns(Arc<Mutex<HashMap<UserId, Reads>>>);

struct Reads {
    permits: Arc<Semaphore>,
    /// The reads in progress and those that wait.
    count: usize,
}

/// The permit of a read; released when dropped.
struct Turn {
    _permit: OwnedSemaphorePermit,
    _place: Place,
}

/// A read that is counted, in progress or waiting.
struct Place {
    turns: Turns,
    user: UserId,
}

impl Turns {
    async fn wait(&self, user: &UserId) -> Result<Turn, StoreError> {
        let (place, permits) = self.enter(user)?;
        match timeout(WAIT, permits.acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Turn {
                _permit: permit,
                _place: place,
            }),
            Ok(Err(_)) | Err(_) => Err(StoreError::Busy),
        }
    }

    fn enter(&self, user: &UserId) -> Result<(Place, Arc<Semaphore>), StoreError> {
        let mut users = self.lock();
        let reads = users.entry(user.clone()).or_insert_with(|| Reads {
            permits: Arc::new(Semaphore::new(PER_USER)),
            count: 0,
        });
        if reads.count >= PER_USER + WAITING_PER_USER {
            return Err(StoreError::Busy);
        }
        reads.count += 1;
        let place = Place {
            turns: self.clone(),
            user: user.clone(),
        };
        Ok((place, reads.permits.clone()))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UserId, Reads>> {
        // Code that holds the lock cannot leave it half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut users = self.turns.lock();
        if let Some(reads) = users.get_mut(&self.user) {
            reads.count -= 1;
            if reads.count == 0 {
                users.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_third_read_of_a_user_waits_and_other_users_do_not() {
        let turns = Turns::default();
        let (ada, eve) = (UserId::from("ada"), UserId::from("eve"));
        let first = turns.wait(&ada).await.unwrap();
        let _second = turns.wait(&ada).await.unwrap();
        let third = tokio::spawn({
            let (turns, ada) = (turns.clone(), ada.clone());
            async move { turns.wait(&ada).await.is_ok() }
        });
        tokio::task::yield_now().await;
        assert!(!third.is_finished());
        turns.wait(&eve).await.unwrap();
        drop(first);
        assert!(third.await.unwrap());
    }

    #[tokio::test(start_paused = true)]
    async fn a_read_that_waits_too_long_fails_as_busy() {
        let turns = Turns::default();
        let ada = UserId::from("ada");
        let _held = (turns.wait(&ada).await.unwrap(), turns.wait(&ada).await.unwrap());
        assert!(matches!(turns.wait(&ada).await, Err(StoreError::Busy)));
    }

    #[tokio::test(start_paused = true)]
    async fn reads_beyond_the_queue_fail_at_once() {
        let turns = Turns::default();
        let ada = UserId::from("ada");
        let places: Vec<_> = (0..PER_USER + WAITING_PER_USER)
            .map(|_| turns.enter(&ada).unwrap())
            .collect();
        assert!(matches!(turns.enter(&ada), Err(StoreError::Busy)));
        drop(places);
        assert!(turns.lock().is_empty(), "users without reads have no entry");
    }
}
