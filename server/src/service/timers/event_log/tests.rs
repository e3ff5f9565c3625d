use super::*;
use crate::{
    service::streams::TIMERS,
    store::{
        command_replies::{self, CommandKey, Reply},
        testing,
        timer_history::Added,
    },
};
use futures_util::FutureExt;
use protocol::timers::{Action, NewTimer, WireError};
use uuid::Uuid;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_704_067_200_000 + millis)
}

/// A timer after each action on it.
fn life(user: &UserId, title: Option<&str>) -> Vec<(Timer, TimerAction)> {
    let new = NewTimer {
        allocated_seconds: 60,
        title: title.map(str::to_owned),
        description: title.map(|title| format!("{title}: \"quoted\"\n")),
        schedule_id: title.map(|_| ScheduleId(Uuid::now_v7())),
        todo_id: title.map(|_| TodoId(Uuid::now_v7())),
    };
    let timer = Timer::create(TimerId(Uuid::now_v7()), user.clone(), new, at(0)).unwrap();
    let mut life = vec![(timer, TimerAction::Start)];
    for (index, action) in [Action::Pause, Action::Resume, Action::Pause, Action::Stop]
        .into_iter()
        .enumerate()
    {
        let (timer, _) = life.last().unwrap();
        life.push((
            timer.apply(action, at(1_234 * (index as i64 + 1))).unwrap(),
            action.into(),
        ));
    }
    life
}

#[tokio::test]
async fn appended_events_are_read_unchanged() {
    let (store, _folder) = testing::store().await;
    let (ada, eve) = (UserId::from("ada"), UserId::from("auth0|eve:2"));
    let mut events = Vec::new();
    let mut entries = Vec::new();
    for (user, title) in [(&ada, Some("Tea")), (&eve, None), (&ada, None)] {
        let life = life(user, title);
        entries.push(life.last().unwrap().0.clone());
        let deleted = Body::TimerDeleted { timer_id: life[0].0.id };
        let bodies = life.into_iter().map(|(timer, action)| Body::Timer {
            timer: Box::new(timer),
            action,
        });
        events.extend(bodies.chain([deleted]).map(|body| TimerEvent {
            user: user.clone(),
            message: ServerMessage {
                from_user: Some(user.clone()),
                ..ServerMessage::new(body, at(9_999))
            },
        }));
    }
    // Messages in an unusual form are stored whole.
    let odd = ServerMessage::new(Body::Error(WireError::invalid_message("odd")), at(5));
    events.push(TimerEvent {
        user: ada.clone(),
        message: odd,
    });
    let story = store.writer().write(move |conn| {
        async move {
            timer_history::append(conn, entries.iter().map(|timer| Added::beyond(0, timer))).await?;
            append(conn, &mut events).await?;
            for user in [ada, eve] {
                let own = events.iter().filter(|event| event.user == user);
                let own: Vec<ServerMessage> = own.map(|event| event.message.clone()).collect();
                assert_eq!(own.iter().filter_map(|event| event.seq).max(), Some(own.len() as u64));
                assert_eq!(since(conn, &user, 0).await?, Some(own));
            }
            Ok::<_, StoreError>(())
        }
        .boxed()
    });
    story.await.unwrap();
}

#[test]
fn a_stored_event_contains_neither_history_nor_member_names() {
    let ada = UserId::from("ada");
    let (timer, action) = life(&ada, None).pop().unwrap();
    let id = timer.id;
    let message = ServerMessage {
        from_user: Some(ada.clone()),
        ..ServerMessage::new(
            Body::Timer {
                timer: Box::new(timer),
                action,
            },
            at(0),
        )
    };
    let (kind, payload) = encode(&ada, &message).unwrap();
    assert_eq!(kind, TIMER);
    let expected = format!(
        "[\"{id}\",\"stop\",5,{{\"s\":\"COMPLETED\",\"e\":2468,\"b\":1704067202468,\"p\":1704067203702,\"f\":1704067204936,\
         \"u\":1704067204936}},{{\"a\":60,\"c\":1704067200000}}]"
    );
    assert_eq!(payload, expected);
}

#[test]
fn payloads_of_unknown_or_malformed_events_are_corrupt() {
    for (kind, payload) in [
        ("unknown", "{}"),
        (TIMER, "[]"),
        (TIMER, "{"),
        (TIMER_DELETED, "1"),
        (MESSAGE, "{}"),
        (MESSAGE_WITHOUT_HISTORY, "{}"),
        (MESSAGE_WITHOUT_HISTORY, "x {}"),
    ] {
        let event = StoredEvent {
            seq: 1,
            at: at(0),
            kind: kind.to_owned(),
            payload: payload.to_owned(),
        };
        assert!(decode_one("ada".into(), event).is_err(), "{kind} {payload}");
    }
}

#[tokio::test]
async fn events_and_replies_stored_before_streams_are_read() {
    // As a release with migrations 8 to 11 stored them.
    let (store, _database) = testing::upgraded(
        12,
        r#"INSERT INTO event_streams (user_id, seq) VALUES ('ada', 3), ('eve', 1);
        INSERT INTO timer_history (timer_id, position, action, at, elapsed) VALUES
            ('0199bbbb-0000-7000-8000-000000000001', 0, 'start', 1000, NULL),
            ('0199bbbb-0000-7000-8000-000000000001', 1, 'pause', 3500, 2);
        INSERT INTO events (user_id, seq, at, message, timer_id, history_entries) VALUES
            ('ada', 1, 1000, '{"body":{"timer":{"timer":{"id":"0199bbbb-0000-7000-8000-000000000001","owner_id":"ada",
                "title":"Tea","description":null,"schedule_id":null,"todo_id":null,"allocated_seconds":60,
                "elapsed_millis":0,"status":"RUNNING","started_at":1000,"paused_at":null,"ended_at":null,"history":[],
                "created_at":1000,"updated_at":1000},"action":"start"}},"timestamp":1000,"from_user":"ada","seq":1,
                "reply_to":null,"replayed":false}', '0199bbbb-0000-7000-8000-000000000001', 1),
            ('ada', 2, 3500, '{"body":{"timer":{"timer":{"id":"0199bbbb-0000-7000-8000-000000000001","owner_id":"ada",
                "title":"Tea","description":null,"schedule_id":null,"todo_id":null,"allocated_seconds":60,
                "elapsed_millis":2500,"status":"PAUSED","started_at":1000,"paused_at":3500,"ended_at":null,"history":[],
                "created_at":1000,"updated_at":3500},"action":"pause"}},"timestamp":3500,"from_user":"ada","seq":2,
                "reply_to":null,"replayed":false}', '0199bbbb-0000-7000-8000-000000000001', 2),
            ('ada', 3, 9000, '{"body":{"timer_deleted":{"timer_id":"0199bbbb-0000-7000-8000-000000000001"}},
                "timestamp":9000,"from_user":"ada","seq":3,"reply_to":null,"replayed":false}', NULL, NULL),
            ('eve', 1, 5, '{"body":"pong","timestamp":5,"from_user":null,"seq":1,"reply_to":null,"replayed":false}',
                NULL, NULL);
        INSERT INTO command_replies (user_id, command_id, at, reply, event_seq) VALUES
            ('ada', 'event', 3500, '', 2), ('ada', 'own', 3600, 'own text', NULL);"#,
    )
    .await;
    let (ada, eve) = (UserId::from("ada"), UserId::from("eve"));
    let keys = ["event", "own", "unknown"].map(|command| {
        let key = CommandKey {
            user: ada.clone(),
            protocol: TIMERS.name(),
            command: command.to_owned(),
        };
        (key, timers_of(&ada))
    });
    let (events, other, replies) = store
        .read(async |conn| {
            let events = since(conn, &ada, 0).await?.unwrap();
            let other = since(conn, &eve, 0).await?.unwrap();
            Ok::<_, StoreError>((events, other, command_replies::find(conn, TIMERS.name(), &keys).await?))
        })
        .await
        .unwrap();
    let seen = |message: &ServerMessage| match &message.body {
        Body::Timer { timer, action } => (message.seq, *action, timer.history.len(), timer.elapsed_millis),
        body => panic!("{body:?}"),
    };
    assert_eq!(seen(&events[0]), (Some(1), TimerAction::Start, 1, 0));
    assert_eq!(seen(&events[1]), (Some(2), TimerAction::Pause, 2, 2_500));
    assert!(matches!(events[2].body, Body::TimerDeleted { .. }) && events.len() == 3);
    assert!(matches!(other[0].body, Body::Pong));

    let replies: HashMap<String, Reply> = replies.into_iter().map(|(key, reply)| (key.command, reply)).collect();
    assert!(matches!(&replies["event"], Reply::Event(event) if event.seq == 2));
    assert_eq!(replies["own"], Reply::Payload("own text".to_owned()));
    assert_eq!(replies.len(), 2);

    // New events continue the log.
    let appended = store.writer().write(move |conn| {
        async move {
            let message = ServerMessage::new(Body::Pong, at(0));
            let mut events = [TimerEvent { user: ada, message }];
            append(conn, &mut events).await?;
            Ok::<_, StoreError>(events[0].message.seq)
        }
        .boxed()
    });
    assert_eq!(appended.await.unwrap(), Some(4));
}
