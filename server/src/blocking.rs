//! Work that keeps a thread busy on behalf of a request. The permit belongs to the work, not to the request: a request
//! that is dropped while its work runs does not free the slot, so no client can have more work running than there are
//! permits by hanging up.

use std::{
    sync::{Arc, LazyLock},
    thread,
};
use tokio::{
    sync::Semaphore,
    task::{JoinError, spawn_blocking},
};

/// One for each core: more would only make each of them slower.
static PERMITS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    Arc::new(Semaphore::new(cores))
});

/// Runs `work` on a thread for blocking work once a permit is free. Dropped before that, the work never starts.
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
    // An error says that the semaphore is closed, which it never is.
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
    async fn dropped_request_does_not_free_the_permit_of_its_running_work() {
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
