//! CPU-bound work of requests. The permit belongs to the work, not to the request: if a request is dropped while its
//! work runs, the permit stays taken. So a client cannot have more work running than there are permits by
//! disconnecting.

use std::{
    sync::{Arc, LazyLock},
    thread,
};
use tokio::{
    sync::Semaphore,
    task::{JoinError, spawn_blocking},
};

/// One permit per core.
static PERMITS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    Arc::new(Semaphore::new(cores))
});

/// Runs `work` on a blocking thread once a permit is available. If the future is dropped before that, it never starts.
///
/// # Errors
/// When `work` panics.
pub async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, JoinError> {
    run_with(&PERMITS, work).await
}

async fn run_with<T: Send + 'static>(
    permits: &Arc<Semaphore>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, JoinError> {
    // An error would mean that the semaphore is closed, which never happens.
    let permit = permits.clone().acquire_owned().await;
    spawn_blocking(move || {
        let _permit = permit;
        work()
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[tokio::test]
    async fn dropping_a_request_does_not_release_the_permit_of_its_running_work() {
        let permits = Arc::new(Semaphore::new(1));
        let (started, is_started) = tokio::sync::oneshot::channel();
        let (finish, may_finish) = mpsc::channel::<()>();
        let request = tokio::spawn({
            let permits = permits.clone();
            async move {
                run_with(&permits, move || {
                    started.send(()).unwrap();
                    may_finish.recv().unwrap();
                })
                .await
            }
        });
        is_started.await.unwrap();
        request.abort();
        assert!(request.await.unwrap_err().is_cancelled());
        assert_eq!(permits.available_permits(), 0);
        finish.send(()).unwrap();
        assert_eq!(run_with(&permits, || 7).await.unwrap(), 7);
    }
}
