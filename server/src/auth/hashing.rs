//! The threads that hash passwords. A hash takes 19 MiB of memory, which each thread reuses from job to job and frees
//! when it has been idle for a while. Jobs wait in a bounded queue, sign-in before sign-up. A job that has started runs
//! to its end, even if the request that queued it is dropped.

use argon2::{Block, Params};
use std::{
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};
use tokio::sync::oneshot;

/// The maximum number of hashing threads, however many cores there are: 76 MiB.
const MAX_THREADS: usize = 4;
/// A thread that is idle for this long frees its memory.
const IDLE: Duration = Duration::from_secs(5);
/// Number of 1 KiB blocks allocated for a hash: 33 MiB of addresses, of which a hash touches 19. glibc serves requests
/// over 32 MiB (the maximum of M_MMAP_THRESHOLD, mallopt(3)) with a mapping of their own, which is unmapped as soon as
/// it is freed. Smaller allocations it keeps once one of their size has been freed.
const RESERVED_BLOCKS: usize = 33 * 1024;
/// The maximum number of queued verifications; each holds a password and a hash, at most about 1.5 KiB.
const SIGN_IN_QUEUE: usize = 256;
/// The maximum number of queued hashes of new passwords.
const SIGN_UP_QUEUE: usize = 128;

/// A job's purpose, which determines its queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Priority {
    SignIn,
    SignUp,
}

/// Why a job has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HashingError {
    /// The queue is full.
    QueueFull,
    /// The threads have ended, or the job panicked.
    Stopped,
}

/// The threads and their queue. The threads end when the last clone is dropped.
#[derive(Clone)]
pub(super) struct HashingThreads(Arc<Owner>);

struct Owner(Arc<Shared>);

struct Shared {
    queue: Mutex<Queue>,
    ready: Condvar,
}

#[derive(Default)]
struct Queue {
    sign_in: VecDeque<Box<dyn Job>>,
    sign_up: VecDeque<Box<dyn Job>>,
    closed: bool,
}

trait Job: Send {
    /// Whether the request that queued it has been dropped.
    fn is_abandoned(&self) -> bool;
    fn run(self: Box<Self>, memory: &mut Vec<Block>);
}

struct Work<T, W> {
    work: W,
    result: oneshot::Sender<T>,
}

impl<T, W> Job for Work<T, W>
where
    T: Send,
    W: FnOnce(&mut Vec<Block>) -> T + Send,
{
    fn is_abandoned(&self) -> bool {
        self.result.is_closed()
    }

    fn run(self: Box<Self>, memory: &mut Vec<Block>) {
        let result = (self.work)(memory);
        // The receiver may have been dropped meanwhile.
        drop(self.result.send(result));
    }
}

impl HashingThreads {
    /// One thread for each core, at most [`MAX_THREADS`].
    pub fn start() -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self::start_threads(cores.min(MAX_THREADS))
    }

    fn start_threads(count: usize) -> Self {
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            ready: Condvar::new(),
        });
        let started = (0..count).filter(|number| {
            let (name, shared) = (format!("hashing-{number}"), shared.clone());
            let spawned = thread::Builder::new().name(name).spawn(move || shared.work());
            if let Err(error) = &spawned {
                tracing::error!(%error, "a hashing thread cannot be started");
            }
            spawned.is_ok()
        });
        if started.count() == 0 {
            shared.lock().closed = true;
        }
        Self(Arc::new(Owner(shared)))
    }

    /// Queues `work` and waits for its result. If the future is dropped before the work starts, it never starts.
    pub async fn run<T: Send + 'static>(
        &self,
        priority: Priority,
        work: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static,
    ) -> Result<T, HashingError> {
        let (result, receiver) = oneshot::channel();
        self.0.0.push(priority, Box::new(Work { work, result }))?;
        receiver.await.map_err(|_| HashingError::Stopped)
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        let mut queue = self.0.lock();
        queue.closed = true;
        queue.sign_in.clear();
        queue.sign_up.clear();
        drop(queue);
        self.0.ready.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        // Jobs run outside of the lock, so a panic cannot leave the queue inconsistent.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, priority: Priority, job: Box<dyn Job>) -> Result<(), HashingError> {
        let mut queue = self.lock();
        if queue.closed {
            return Err(HashingError::Stopped);
        }
        let (waiting, limit) = match priority {
            Priority::SignIn => (&mut queue.sign_in, SIGN_IN_QUEUE),
            Priority::SignUp => (&mut queue.sign_up, SIGN_UP_QUEUE),
        };
        if waiting.len() >= limit {
            waiting.retain(|job| !job.is_abandoned());
        }
        if waiting.len() >= limit {
            return Err(HashingError::QueueFull);
        }
        waiting.push_back(job);
        drop(queue);
        self.ready.notify_one();
        Ok(())
    }

    /// A thread's loop: runs jobs until the queue is closed.
    fn work(&self) {
        let mut memory = Vec::new();
        while let Some(job) = self.next(&mut memory) {
            if memory.is_empty() {
                memory = allocate(Params::DEFAULT.block_count());
            }
            let run = std::panic::AssertUnwindSafe(|| job.run(&mut memory));
            if std::panic::catch_unwind(run).is_err() {
                tracing::error!("hashing a password panicked");
            }
        }
    }

    /// Waits for a job; frees `memory` if that takes longer than [`IDLE`].
    fn next(&self, memory: &mut Vec<Block>) -> Option<Box<dyn Job>> {
        let mut queue = self.lock();
        loop {
            if queue.closed {
                return None;
            }
            let job = queue.sign_in.pop_front();
            match job.or_else(|| queue.sign_up.pop_front()) {
                Some(job) if job.is_abandoned() => {}
                Some(job) => return Some(job),
                None if memory.is_empty() => {
                    queue = self.ready.wait(queue).unwrap_or_else(PoisonError::into_inner);
                }
                None => {
                    let (locked, waited) = self
                        .ready
                        .wait_timeout(queue, IDLE)
                        .unwrap_or_else(PoisonError::into_inner);
                    queue = locked;
                    if waited.timed_out() {
                        *memory = Vec::new();
                    }
                }
            }
        }
    }
}

fn allocate(blocks: usize) -> Vec<Block> {
    let mut memory = Vec::with_capacity(blocks.max(RESERVED_BLOCKS));
    memory.resize(blocks, Block::default());
    memory
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{future::Future, pin::pin, sync::mpsc, task::Poll};

    /// One thread that is busy until the sender is used.
    async fn busy() -> (HashingThreads, mpsc::Sender<()>) {
        let threads = HashingThreads::start_threads(1);
        let (finish, may_finish) = mpsc::channel();
        let (started, is_started) = oneshot::channel();
        let running = threads.clone();
        tokio::spawn(async move {
            running
                .run(Priority::SignUp, move |_| {
                    started.send(()).unwrap();
                    may_finish.recv().unwrap();
                })
                .await
        });
        is_started.await.unwrap();
        (threads, finish)
    }

    /// Queues a job by polling its future once.
    async fn queue<F: Future>(job: &mut std::pin::Pin<&mut F>) -> Option<F::Output> {
        match futures_util::poll!(job) {
            Poll::Ready(result) => Some(result),
            Poll::Pending => None,
        }
    }

    #[tokio::test]
    async fn sign_in_jobs_run_before_sign_up_jobs() {
        let (threads, finish) = busy().await;
        let (order, done) = mpsc::channel();
        let note = |name: &'static str| {
            let order = order.clone();
            move |_: &mut Vec<Block>| order.send(name).unwrap()
        };
        let mut up = pin!(threads.run(Priority::SignUp, note("sign-up")));
        let mut r#in = pin!(threads.run(Priority::SignIn, note("sign-in")));
        assert!(queue(&mut up).await.is_none() && queue(&mut r#in).await.is_none());
        finish.send(()).unwrap();
        up.await.unwrap();
        r#in.await.unwrap();
        assert_eq!(done.try_iter().collect::<Vec<_>>(), ["sign-in", "sign-up"]);
    }

    #[tokio::test]
    async fn a_job_whose_request_was_dropped_is_skipped() {
        let (threads, finish) = busy().await;
        let (ran, has_run) = mpsc::channel();
        for _ in 0..3 * SIGN_UP_QUEUE {
            let ran = ran.clone();
            let mut job = Box::pin(threads.run(Priority::SignUp, move |_| ran.send(()).unwrap()));
            assert!(
                futures_util::poll!(&mut job).is_pending(),
                "abandoned jobs fill the queue"
            );
        }
        finish.send(()).unwrap();
        threads.run(Priority::SignUp, |_| ()).await.unwrap();
        assert_eq!(has_run.try_iter().count(), 0);
    }

    #[tokio::test]
    async fn a_full_sign_up_queue_still_accepts_sign_in() {
        let (threads, finish) = busy().await;
        let mut jobs: Vec<_> = (0..SIGN_UP_QUEUE)
            .map(|_| Box::pin(threads.run(Priority::SignUp, |_| ())))
            .collect();
        for job in &mut jobs {
            assert!(futures_util::poll!(job).is_pending());
        }
        let refused = threads.run(Priority::SignUp, |_| ()).await;
        assert_eq!(refused, Err(HashingError::QueueFull));
        let mut sign_in = pin!(threads.run(Priority::SignIn, |_| ()));
        assert!(queue(&mut sign_in).await.is_none());
        finish.send(()).unwrap();
        sign_in.await.unwrap();
        for job in jobs {
            job.await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_panicking_job_does_not_end_its_thread() {
        let threads = HashingThreads::start_threads(1);
        let panicked = threads.run(Priority::SignIn, |_| panic!("on purpose")).await;
        assert_eq!(panicked, Err::<(), _>(HashingError::Stopped));
        assert_eq!(threads.run(Priority::SignIn, |_| 7).await, Ok(7));
    }
}
