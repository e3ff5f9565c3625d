//! Changes of several steps are rolled back completely when the last step fails.

use super::*;
use crate::store::{
    testing, users,
    visibilities::{Entry, EntryKind, Visibility},
};
use crate::{
    clock,
    paging::PageRequest,
    service::{
        effects,
        sessions::Sessions,
        sharing::{Level, ResourceKind},
    },
};

/// The use cases with the cache that they invalidate.
fn friends(store: &Store) -> (Friends, RelationshipCache) {
    let hub = effects::testing::hub(store);
    let relationships = RelationshipCache::new(store.clone(), hub.clone());
    let publisher = EventPublisher::new(
        store.clone(),
        hub.clone(),
        Activity::start(store.clone(), hub.clone(), relationships.clone()),
        relationships.clone(),
        Sessions::new(store.clone(), hub),
    );
    (
        Friends::new(store.clone(), publisher, relationships.clone()),
        relationships,
    )
}

#[tokio::test]
async fn a_friendship_is_unchanged_when_clearing_the_lists_fails() {
    let (store, _folder) = testing::store().await;
    let (friends, relationships) = friends(&store);
    let (ada, eve) = (UserId::from("ada"), UserId::from("eve"));
    let filled = store.writer().write(|conn| {
        async move {
            let now = clock::now();
            for user in ["ada", "eve"] {
                users::find_or_add(conn, "https://idp.example", user, now).await?;
            }
            let shared = Visibility {
                id: Uuid::now_v7(),
                resource: ResourceKind::Timer,
                resource_id: Uuid::now_v7(),
                owner: "ada".into(),
                level: Level::Selected,
                entries: vec![Entry {
                    kind: EntryKind::User,
                    value: "eve".into(),
                }],
                created_at: now,
                updated_at: now,
            };
            visibilities::put(conn, &shared).await?;
            Ok::<_, StoreError>(users::find(conn, &"eve".into()).await?.unwrap().friend_code)
        }
        .boxed()
    });
    let code = filled.await.unwrap();
    let request = friends.request(&ada, RequestTarget::Code(code)).await.unwrap().unwrap();
    friends.accept(&eve, request.id).await.unwrap();
    testing::refuse(&store, "DELETE", "visibility_entries").await;

    assert!(matches!(
        friends.remove(&ada, request.id).await,
        Err(FriendError::Store(_))
    ));
    assert!(friends.check(&ada, &eve).await.unwrap());
    assert!(matches!(friends.block(&eve, &ada).await, Err(FriendError::Store(_))));
    assert!(friends.check(&eve, &ada).await.unwrap());
    assert_eq!(relationships.get(&ada).await.unwrap().relation(&eve), Relation::Friends);
}

#[tokio::test]
async fn cached_relationships_are_invalidated_by_changes() {
    let (store, _folder) = testing::store().await;
    let (friends, relationships) = friends(&store);
    let (ada, eve) = (UserId::from("ada"), UserId::from("eve"));
    assert_eq!(relationships.get(&ada).await.unwrap().relation(&eve), Relation::None);
    assert!(relationships.cached(&ada).is_some());
    friends.block(&eve, &ada).await.unwrap();
    assert!(relationships.cached(&ada).is_none(), "invalidated before the answer");
    assert_eq!(relationships.get(&ada).await.unwrap().relation(&eve), Relation::Blocked);
    friends.unblock(&eve, &ada).await.unwrap();
    assert_eq!(relationships.get(&ada).await.unwrap().relation(&eve), Relation::None);
    assert_eq!(relationships.get(&ada).await.unwrap().friends().count(), 0);
}

#[tokio::test]
async fn requests_to_an_unknown_address_take_a_commit_as_well() {
    let (store, _folder) = testing::store().await;
    let (friends, _) = friends(&store);
    let added = store
        .writer()
        .write(|conn| users::find_or_add(conn, "https://idp.example", "ada", clock::now()).boxed());
    let ada = added.await.unwrap();
    let ask = async || {
        friends
            .request(&ada, RequestTarget::Email("nobody@mail.test".into()))
            .await
    };
    assert!(ask().await.unwrap().is_none());
    let sent = friends.sent(&ada, &PageRequest::default()).await.unwrap();
    assert!(sent.items.is_empty(), "nothing is stored");
    testing::refuse(&store, "INSERT", "friendships").await;
    assert!(matches!(ask().await, Err(FriendError::Store(_))));
}
