use super::*;
use crate::store::testing;
use futures_util::FutureExt;
use std::sync::{Arc, Mutex};

async fn put(conn: &mut Conn, name: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO server_meta (name, value) VALUES ($1, '')";
    sqlx::query(sql).bind(name).execute(conn).await?;
    Ok(())
}

async fn names(store: &crate::store::Store) -> Vec<String> {
    let sql = "SELECT name FROM server_meta WHERE name <> 'epoch' ORDER BY name";
    store
        .read(async |conn| sqlx::query_scalar(sql).fetch_all(conn).await.map_err(StoreError::from))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_failed_job_does_not_roll_back_others() {
    let (store, _folder) = testing::store().await;
    let writer = store.writer();
    let good = |name: &'static str| writer.write(move |conn| put(conn, name).boxed());
    let half = writer.write(|conn| {
        async {
            put(conn, "half").await?;
            Err::<(), _>(StoreError::Panicked)
        }
        .boxed()
    });
    let panics = writer.write(|conn| {
        async {
            put(conn, "panics").await?;
            assert_eq!(1, 2, "on purpose");
            Ok::<_, StoreError>(())
        }
        .boxed()
    });
    let (a, half, panics, b) = tokio::join!(good("a"), half, panics, good("b"));
    assert!(a.is_ok() && half.is_err() && b.is_ok());
    assert!(matches!(panics, Err(StoreError::Panicked)));
    assert_eq!(names(&store).await, ["a", "b"]);
}

#[tokio::test]
async fn completions_run_after_the_commit_and_in_the_order_of_the_writes() {
    let (store, _folder) = testing::store().await;
    let completed = Arc::new(Mutex::new(Vec::new()));
    for number in 0..100 {
        let completed = completed.clone();
        store
            .writer()
            .submit(
                move |conn| async move { put(conn, &format!("{number:03}")).await }.boxed(),
                move |result: Result<(), StoreError>| completed.lock().unwrap().push((number, result.is_ok())),
            )
            .await;
    }
    store
        .writer()
        .write(|_| async { Ok::<_, StoreError>(()) }.boxed())
        .await
        .unwrap();
    assert_eq!(
        *completed.lock().unwrap(),
        (0..100).map(|number| (number, true)).collect::<Vec<_>>()
    );
    assert_eq!(names(&store).await.len(), 100);
}

#[tokio::test]
async fn a_closed_store_refuses_writes() {
    let (store, _folder) = testing::store().await;
    store.close().await;
    let refused = store.writer().write(|conn| put(conn, "late").boxed()).await;
    assert!(matches!(refused, Err(StoreError::Closed)));
}

/// Stores a name, or fails; records how many ran together, and the outcome.
struct Named {
    name: &'static str,
    log: Log,
}

type Log = Arc<Mutex<Vec<(&'static str, usize, Result<(), String>)>>>;

impl BatchJob for Named {
    type Output = usize;

    async fn run(conn: &mut Conn, jobs: &[Self]) -> Result<Vec<usize>, StoreError> {
        for job in jobs {
            put(conn, job.name).await?;
            match job.name {
                "fails" => return Err(StoreError::Busy),
                "panics" => panic!("on purpose"),
                _ => {}
            }
        }
        Ok(vec![jobs.len(); jobs.len()])
    }

    fn finish(self, result: Result<usize, StoreError>) {
        let together = result.as_ref().map_or(0, |together| *together);
        let result = result.map(drop).map_err(|error| error.to_string());
        self.log.lock().unwrap().push((self.name, together, result));
    }
}

/// Submits jobs that are queued together because the writer is busy; returns the outcomes in the order of completion.
async fn submit_together(store: &crate::store::Store, names: &[&'static str], between: Option<&'static str>) -> Log {
    let log = Log::default();
    let (busy, gate) = oneshot::channel::<()>();
    let wait = |_: Result<(), StoreError>| {};
    store
        .writer()
        .submit(
            move |_| {
                async move {
                    let _ = gate.await;
                    Ok(())
                }
                .boxed()
            },
            wait,
        )
        .await;
    for &name in names {
        let log = log.clone();
        store.writer().submit_merged(Named { name, log }).await;
        if let Some(between) = between {
            let beside = format!("{between} {name}");
            store
                .writer()
                .submit(move |conn| async move { put(conn, &beside).await }.boxed(), wait)
                .await;
        }
    }
    busy.send(()).unwrap();
    store
        .writer()
        .write(|_| async { Ok::<_, StoreError>(()) }.boxed())
        .await
        .unwrap();
    log
}

#[tokio::test]
async fn merged_jobs_run_as_one_and_complete_in_their_order() {
    let (store, _folder) = testing::store().await;
    let log = submit_together(&store, &["a", "b", "c"], Some("beside")).await;
    let expected = ["a", "b", "c"].map(|name| (name, 3, Ok(())));
    assert_eq!(*log.lock().unwrap(), expected);
    assert_eq!(names(&store).await, ["a", "b", "beside a", "beside b", "beside c", "c"]);
}

#[tokio::test]
async fn parts_of_a_failed_merged_job_succeed_or_fail_separately() {
    let (store, _folder) = testing::store().await;
    let log = submit_together(&store, &["a", "fails", "b", "panics", "c"], None).await;
    let busy = Err(StoreError::Busy.to_string());
    let panicked = Err(StoreError::Panicked.to_string());
    let expected = [
        ("a", 1, Ok(())),
        ("fails", 0, busy),
        ("b", 1, Ok(())),
        ("panics", 0, panicked),
        ("c", 1, Ok(())),
    ];
    assert_eq!(*log.lock().unwrap(), expected);
    assert_eq!(names(&store).await, ["a", "b", "c"]);
}

#[tokio::test]
async fn a_value_is_returned_after_its_completion_ran() {
    let (store, _folder) = testing::store().await;
    let completed = Arc::new(Mutex::new(false));
    let seen = completed.clone();
    let value = store
        .writer()
        .commit_then(
            |conn| async move { put(conn, "a").await }.boxed(),
            move |()| {
                *seen.lock().unwrap() = true;
                7
            },
        )
        .await;
    assert_eq!(value.unwrap(), 7);
    assert!(*completed.lock().unwrap());
}
