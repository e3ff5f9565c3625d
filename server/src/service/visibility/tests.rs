//! A setting whose list cannot be stored is rolled back.

use super::*;
use crate::{
    service::effects,
    store::{testing, timers},
};
use protocol::{
    id::TimerId,
    timers::{NewTimer, Timer},
};

/// The use cases, publishing to no connection.
fn service(store: &Store) -> Visibilities {
    let hub = effects::testing::hub(store);
    Visibilities::new(store.clone(), effects::testing::publisher(store, &hub))
}

#[tokio::test]
async fn a_setting_is_unchanged_if_its_list_cannot_be_stored() {
    let (store, _folder) = testing::store().await;
    let visibilities = service(&store);
    let new = NewTimer {
        allocated_seconds: 60,
        ..NewTimer::default()
    };
    let timer = Timer::create(TimerId(Uuid::now_v7()), "ada".into(), new, clock::now()).unwrap();
    let resource = Resource {
        kind: ResourceKind::Timer,
        id: timer.id.0,
    };
    let filled = store
        .writer()
        .write(move |conn| async move { timers::insert_whole(conn, &[&timer]).await }.boxed());
    filled.await.unwrap();
    let ada = UserId::from("ada");
    let entry = |value: &str| {
        vec![Entry {
            kind: EntryKind::Email,
            value: value.to_owned(),
        }]
    };
    let before = visibilities
        .put(&ada, resource, Level::AllowedEmails, entry("a@x.test"))
        .await
        .unwrap();
    testing::refuse(&store, "INSERT", "visibility_entries").await;
    let failed = visibilities
        .put(&ada, resource, Level::AllowedEmails, entry("b@x.test"))
        .await;
    assert!(matches!(failed, Err(VisibilityError::Store(_))));
    assert_eq!(visibilities.get(&ada, resource).await.unwrap(), before);
}

#[tokio::test]
async fn deleting_a_resource_deletes_its_setting_only() {
    let (store, _folder) = testing::store().await;
    let service = service(&store);
    let new = NewTimer {
        allocated_seconds: 60,
        ..NewTimer::default()
    };
    let timers =
        [(); 2].map(|()| Timer::create(TimerId(Uuid::now_v7()), "ada".into(), new.clone(), clock::now()).unwrap());
    let [kept, gone] = timers.each_ref().map(|timer| timer.id);
    let filled = store
        .writer()
        .write(move |conn| async move { timers::insert_whole(conn, &[&timers[0], &timers[1]]).await }.boxed());
    filled.await.unwrap();
    let ada = UserId::from("ada");
    let resource = |id: TimerId| Resource {
        kind: ResourceKind::Timer,
        id: id.0,
    };
    for id in [kept, gone] {
        service.put(&ada, resource(id), Level::Public, vec![]).await.unwrap();
    }
    let forgotten = store.writer().write(move |conn| {
        async move {
            timers::delete(conn, &[gone]).await?;
            visibilities::forget_gone(conn).await
        }
        .boxed()
    });
    assert_eq!(forgotten.await.unwrap(), 1);
    assert!(service.get(&ada, resource(kept)).await.is_ok());
}
