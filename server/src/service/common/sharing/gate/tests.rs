//! The gate with a database: each reader and each level, for single resources and lists.

use super::*;
use crate::{
    clock,
    service::sharing::{Level, ResourceKind},
    store::{
        blocks::{self, Block},
        friendships::{self, Friendship, FriendshipStatus},
        testing,
        visibilities::{Entry, EntryKind, Visibility},
    },
};
use futures_util::FutureExt;
use protocol::{
    id::{ScheduleId, TimerId},
    time::Timestamp,
};
use uuid::Uuid;

fn reader(user: &str, email: Option<&str>) -> Reader {
    Reader {
        user: user.into(),
        email: email.map(str::to_owned),
    }
}

fn friendship(requester: &str, addressee: &str, status: FriendshipStatus) -> Friendship {
    let now = clock::now();
    Friendship {
        id: Uuid::now_v7(),
        requester: requester.into(),
        addressee: addressee.into(),
        status,
        created_at: now,
        updated_at: now,
    }
}

fn block(blocker: &str, blocked: &str) -> Block {
    Block {
        id: Uuid::now_v7(),
        blocker: blocker.into(),
        blocked: blocked.into(),
        created_at: clock::now(),
    }
}

fn setting(resource_id: Uuid, level: Level) -> Visibility {
    let entry = |kind, value: &str| Entry {
        kind,
        value: value.to_owned(),
    };
    let entries = match level {
        Level::Selected => vec![entry(EntryKind::User, "listed"), entry(EntryKind::User, "stranger")],
        Level::AllowedEmails => vec![
            entry(EntryKind::Email, "One@Mail.test"),
            entry(EntryKind::Domain, "Firm.Test"),
            entry(EntryKind::Email, "two@firm.test"),
        ],
        _ => vec![],
    };
    let now = clock::now();
    Visibility {
        id: Uuid::now_v7(),
        resource: ResourceKind::Timer,
        resource_id,
        owner: "owner".into(),
        level,
        entries,
        created_at: now,
        updated_at: now,
    }
}

#[tokio::test]
async fn each_reader_has_access_according_to_the_level() {
    let (store, _folder) = testing::store().await;
    let levels = [
        None,
        Some(Level::Private),
        Some(Level::Friends),
        Some(Level::Selected),
        Some(Level::AllowedEmails),
        Some(Level::Public),
    ];
    let timers = levels.map(|level| (TimerId(Uuid::now_v7()), level));
    let story = store.writer().write(move |conn| {
        async move {
            for new in [
                friendship("owner", "friend", FriendshipStatus::Accepted),
                friendship("listed", "owner", FriendshipStatus::Accepted),
                friendship("owner", "asked", FriendshipStatus::Pending),
            ] {
                friendships::insert(conn, &new).await?;
            }
            for (blocker, blocked) in [("owner", "blocked"), ("blocks", "owner")] {
                blocks::insert(conn, &block(blocker, blocked)).await?;
            }
            for (id, level) in timers {
                if let Some(level) = level {
                    visibilities::put(conn, &setting(id.0, level)).await?;
                }
            }
            Ok::<_, StoreError>(())
        }
        .boxed()
    });
    story.await.unwrap();

    //                                        unset private friends selected emails public
    let table = [
        (reader("friend", None), [false, false, true, false, false, true]),
        (reader("listed", None), [false, false, true, true, false, true]),
        (reader("stranger", None), [false, false, false, false, false, true]),
        (reader("asked", None), [false, false, false, false, false, true]),
        (
            reader("x", Some("one@mail.test")),
            [false, false, false, false, true, true],
        ),
        (
            reader("x", Some("two@firm.test")),
            [false, false, false, false, true, true],
        ),
        (
            reader("x", Some("one@sub.firm.test")),
            [false, false, false, false, false, true],
        ),
        (
            reader("friend", Some("x@firm.test")),
            [false, false, true, false, true, true],
        ),
        (reader("blocked", Some("one@mail.test")), [false; 6]),
        (reader("blocks", Some("x@firm.test")), [false; 6]),
    ];
    let owned: Vec<(TimerId, UserId)> = timers.iter().map(|(id, _)| (*id, "owner".into())).collect();
    for (reader, row) in &table {
        let (answers, mut shared) = store
            .read(async |conn| {
                let answers = readable(conn, reader, &owned).await?;
                Ok::<_, StoreError>((answers, shared_with::<TimerId>(conn, reader).await?))
            })
            .await
            .unwrap();
        for ((id, level), readable) in timers.iter().zip(row) {
            let expected = match (*readable, level) {
                (true, Some(Level::Public)) if !["friend", "listed"].contains(&reader.user.as_str()) => Access::Public,
                (true, _) => Access::Shared,
                (false, _) => Access::Hidden,
            };
            assert_eq!(answers[id], expected, "{reader:?} {level:?}");
        }
        let mut expected: Vec<TimerId> = owned
            .iter()
            .zip(row)
            .filter(|(_, yes)| **yes)
            .map(|(one, _)| one.0)
            .collect();
        expected.sort();
        shared.sort_by_key(|shared| shared.id);
        assert!(shared.iter().all(|shared| shared.owner == "owner".into()));
        assert_eq!(
            shared.iter().map(|shared| shared.id).collect::<Vec<_>>(),
            expected,
            "{reader:?}"
        );
    }

    let owner = reader("owner", None);
    store
        .read(async |conn| {
            let answers = readable(conn, &owner, &owned).await?;
            for (id, level) in timers {
                assert_eq!(answers[&id], Access::Owner { level });
            }
            assert!(shared_with::<TimerId>(conn, &owner).await?.is_empty(), "it is mine");
            let public = ScheduleId(timers[5].0.0);
            let other_kind = readable(conn, &table[0].0, &[(public, "owner".into())]).await?;
            assert_eq!(other_kind[&public], Access::Hidden, "the id of another kind");
            let other_owner = readable(conn, &table[0].0, &[(timers[5].0, "eve".into())]).await?;
            assert_eq!(other_owner[&timers[5].0], Access::Hidden, "another owner's setting");
            assert!(readable::<TimerId>(conn, &owner, &[]).await?.is_empty());
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_pair_of_users_has_one_record() {
    let (store, _folder) = testing::store().await;
    let first = friendship("b", "a", FriendshipStatus::Pending);
    let id = first.id;
    let put = |new: Friendship| {
        store
            .writer()
            .write(move |conn| async move { friendships::insert(conn, &new).await }.boxed())
    };
    put(first).await.unwrap();
    for (one, other) in [("a", "b"), ("b", "a")] {
        assert!(put(friendship(one, other, FriendshipStatus::Pending)).await.is_err());
        let found = store
            .read(async |conn| friendships::between(conn, &one.into(), &other.into()).await)
            .await
            .unwrap();
        assert_eq!(found.unwrap().id, id);
    }
}

#[tokio::test]
async fn public_resources_of_strangers_are_bounded_and_come_last() {
    let (store, _folder) = testing::store().await;
    let public = |owner: &str, millis: i64| Visibility {
        owner: owner.into(),
        updated_at: Timestamp::from_millis(millis),
        ..setting(Uuid::now_v7(), Level::Public)
    };
    // The resources of the friend and the blocked user are the oldest and the newest of all.
    let friends = public("friend", 0);
    let strangers: Vec<Visibility> = (1..=300).map(|millis| public("eve", millis)).collect();
    let blocked: Vec<Visibility> = (400..450).map(|millis| public("blocked", millis)).collect();
    let newest: Vec<Uuid> = strangers[100..].iter().rev().map(|one| one.resource_id).collect();
    let expected: Vec<Uuid> = std::iter::once(friends.resource_id).chain(newest).collect();
    let story = store.writer().write(move |conn| {
        async move {
            friendships::insert(conn, &friendship("ada", "friend", FriendshipStatus::Accepted)).await?;
            blocks::insert(conn, &block("blocked", "ada")).await?;
            for setting in std::iter::once(&friends).chain(&strangers).chain(&blocked) {
                visibilities::put(conn, setting).await?;
            }
            Ok::<_, StoreError>(())
        }
        .boxed()
    });
    story.await.unwrap();
    let shared = store
        .read(async |conn| shared_with::<TimerId>(conn, &reader("ada", None)).await)
        .await
        .unwrap();
    let ids: Vec<Uuid> = shared.iter().map(|shared| shared.id.0).collect();
    assert_eq!(ids, expected);
    assert_eq!(shared.iter().filter(|shared| !shared.by_stranger).count(), 1);
}
