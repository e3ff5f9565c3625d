use super::*;
use crate::store::testing;
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
async fn a_piece_that_fails_is_rolled_back_alone() {
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
async fn callers_are_told_after_the_commit_and_in_order() {
    let (store, _folder) = testing::store().await;
    let told = Arc::new(Mutex::new(Vec::new()));
    for number in 0..100 {
        let told = told.clone();
        store
            .writer()
            .submit(
                move |conn| async move { put(conn, &format!("{number:03}")).await }.boxed(),
                move |result: Result<(), StoreError>| told.lock().unwrap().push((number, result.is_ok())),
            )
            .await;
    }
    store
        .writer()
        .write(|_| async { Ok::<_, StoreError>(()) }.boxed())
        .await
        .unwrap();
    assert_eq!(
        *told.lock().unwrap(),
        (0..100).map(|number| (number, true)).collect::<Vec<_>>()
    );
    assert_eq!(names(&store).await.len(), 100);
}

#[tokio::test]
async fn a_closed_store_says_so() {
    let (store, _folder) = testing::store().await;
    store.close().await;
    let refused = store.writer().write(|conn| put(conn, "late").boxed()).await;
    assert!(matches!(refused, Err(StoreError::Closed)));
}
