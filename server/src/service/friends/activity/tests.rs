use super::*;
use crate::{
    service::{
        streams::{TIMERS, TimerStreams, timers_of},
        timers::event_log::{self, TimerEvent},
    },
    store::{
        Conn, StoreError,
        friendships::{self, Friendship, FriendshipStatus},
        testing, timer_history, timers, users,
    },
};
use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use hub::{Bus, Deliver, Subject};
use protocol::{
    time::Timestamp,
    timers::{Action, Body, NewTimer, ServerMessage},
};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

const CHANGES: usize = 40;

fn at(millis: usize) -> Timestamp {
    Timestamp::from_millis(1_704_067_200_000 + millis as i64)
}

/// Makes Ada and Eve friends.
async fn befriend(conn: &mut Conn) -> Result<(), StoreError> {
    for user in ["ada", "eve"] {
        users::find_or_add(conn, "https://idp.example", user, at(0)).await?;
    }
    let friendship = Friendship {
        id: Uuid::now_v7(),
        requester: "ada".into(),
        addressee: "eve".into(),
        status: FriendshipStatus::Accepted,
        created_at: at(0),
        updated_at: at(0),
    };
    friendships::insert(conn, &friendship).await
}

/// The logged events of one of Ada's timers that is paused and resumed.
async fn log(conn: &mut Conn) -> Result<Vec<TimerEvent>, StoreError> {
    let new = NewTimer {
        allocated_seconds: 60,
        ..NewTimer::default()
    };
    let mut timer = Timer::create(TimerId(Uuid::now_v7()), "ada".into(), new, at(0)).unwrap();
    timers::insert_whole(conn, &[&timer]).await?;
    let mut events = Vec::new();
    for change in 0..CHANGES {
        let action = [Action::Pause, Action::Resume][change % 2];
        timer = timer.apply(action, at(change)).unwrap();
        let body = Body::Timer {
            timer: Box::new(timer.clone()),
            action: action.into(),
        };
        events.push(TimerEvent {
            user: "ada".into(),
            message: ServerMessage {
                from_user: Some("ada".into()),
                ..ServerMessage::new(body, at(change))
            },
        });
    }
    timer_history::append(conn, [timer_history::Added::beyond(1, &timer)]).await?;
    event_log::append(conn, &mut events).await?;
    Ok(events)
}

/// A bus that records the messages published to Eve's room.
#[derive(Clone, Default)]
struct EvesRoom(Arc<Mutex<Vec<Bytes>>>);

impl Bus for EvesRoom {
    fn has_peers(&self) -> bool {
        true
    }

    fn start(&self, _: Deliver) {}

    fn publish(&self, subject: &Subject, frame: Bytes) {
        if *subject == Subject::Room(timers_of(&"eve".into()).room().clone()) {
            self.0.lock().unwrap().push(frame);
        }
    }

    fn subscribe(&self, _: &Subject) {}

    fn unsubscribe(&self, _: &Subject) {}

    fn settled(&self) -> BoxFuture<'_, ()> {
        std::future::ready(()).boxed()
    }
}

#[tokio::test]
async fn friends_receive_all_changes_in_order_when_the_queue_overflows() {
    let (store, _database) = testing::store().await;
    let room = EvesRoom::default();
    let streams = TimerStreams { store: store.clone() };
    let hub = Hub::builder(room.clone()).scope(TIMERS, streams).build();
    let relationships = RelationshipCache::new(store.clone(), hub.clone());
    let activity = Activity::with_queue(store.clone(), hub, relationships, 2);
    let events = store
        .writer()
        .write(|conn| {
            async move {
                befriend(conn).await?;
                log(conn).await
            }
            .boxed()
        })
        .await
        .unwrap();
    // The dispatcher is not running yet: all but two changes overflow.
    for event in &events {
        if let Body::Timer { timer, action } = &event.message.body {
            activity.timer_changed(timer, *action, event.message.seq.unwrap());
        }
    }
    while room.0.lock().unwrap().len() < CHANGES {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    let frames = room.0.lock().unwrap();
    assert_eq!(frames.len(), CHANGES);
    for (change, frame) in frames.iter().enumerate() {
        let text = String::from_utf8_lossy(frame);
        let action = ["\"pause\"", "\"resume\""][change % 2];
        assert!(
            text.contains("friend_activity") && text.contains(action),
            "{change}: {text}"
        );
    }
}
