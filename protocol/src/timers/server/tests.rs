use super::*;
use crate::timers::NewTimer;
use crate::timers::TransitionError;
use serde_json::Value;
use uuid::Uuid;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_769_594_400_000 + millis)
}

fn paused() -> Timer {
    let new = NewTimer {
        allocated_seconds: 1500,
        title: Some("Write".into()),
        ..NewTimer::default()
    };
    let timer = Timer::create(TimerId(Uuid::nil()), "ada".into(), new, at(123)).unwrap();
    timer.apply(Action::Pause, at(2_122)).unwrap()
}

fn message(body: Body) -> ServerMessage {
    ServerMessage::new(body, at(60_000))
}

fn rendered(body: Body, dialect: Dialect, zone: Option<&str>) -> Value {
    let rendering = Rendering {
        dialect,
        zone: zone.map(|zone| zone.parse().unwrap()),
    };
    serde_json::from_str(&message(body).render(&rendering)).unwrap()
}

#[test]
fn a_timer_has_exactly_the_members_of_the_contract() {
    let value = rendered(
        Body::Timer {
            timer: Box::new(paused()),
            action: TimerAction::Pause,
        },
        Dialect::Snake,
        None,
    );
    let expected = json!({
        "type": "timer.updated",
        "timestamp": "2026-01-28T10:01:00",
        "payload": { "action": "pause", "timer": {
            "id": "00000000-0000-0000-0000-000000000000", "schedule_id": null, "todo_id": null,
            "title": "Write", "description": null, "allocated_duration": 1500, "elapsed_time": 1,
            "status": "PAUSED", "started_at": "2026-01-28T10:00:00.123000", "paused_at": "2026-01-28T10:00:02.122000",
            "ended_at": null, "created_at": "2026-01-28T10:00:00.123000", "updated_at": "2026-01-28T10:00:02.122000",
            "owner_id": "ada", "tags": [], "is_shared": false,
            "pause_history": [
                { "action": "start", "at": "2026-01-28T10:00:00.123000" },
                { "action": "pause", "at": "2026-01-28T10:00:02.122000", "elapsed": 1 },
            ],
        } },
    });
    assert_eq!(value, expected);
}

#[test]
fn the_camel_dialect_has_its_own_type_names() {
    let stopped = paused().apply(Action::Stop, at(3_000)).unwrap();
    let body = Body::Timer {
        timer: Box::new(stopped),
        action: TimerAction::Stop,
    };
    let value = rendered(body, Dialect::Camel, Some("Asia/Seoul"));
    assert_eq!(value["type"], "timer.completed");
    assert_eq!(value["payload"]["timer"]["endedAt"], "2026-01-28T19:00:03+09:00");
    assert_eq!(
        value["payload"]["timer"]["pauseHistory"][1]["at"],
        "2026-01-28T19:00:02.122000+09:00"
    );
    assert!(value["payload"].get("action").is_none());

    assert_eq!(
        rendered(
            Body::Sync {
                timers: vec![],
                next: None,
            },
            Dialect::Camel,
            None
        )["type"],
        "timer.synced"
    );
    let refused = paused().apply(Action::Pause, at(1)).unwrap_err();
    let camel = rendered(Body::Error(refused.into()), Dialect::Camel, None);
    assert_eq!(camel["payload"]["code"], "TIMER_NOT_RUNNING");
    let snake = rendered(Body::Error(refused.into()), Dialect::Snake, None);
    assert_eq!(snake["payload"]["code"], "PAUSE_FAILED");
    assert_eq!(snake["payload"]["details"]["reason"], "TIMER_NOT_RUNNING");
    assert_eq!(snake["payload"]["message"], "Cannot pause timer with status PAUSED");
}

#[test]
fn a_full_history_maps_to_a_camel_code_of_the_older_table() {
    let refused = TransitionError::HistoryFull { action: Action::Pause };
    let camel = rendered(Body::Error(refused.into()), Dialect::Camel, None);
    assert_eq!(camel["payload"]["code"], "VALIDATION_ERROR");
    assert_eq!(camel["payload"]["details"]["reason"], "HISTORY_FULL");
    let snake = rendered(Body::Error(refused.into()), Dialect::Snake, None);
    assert_eq!(snake["payload"]["code"], "PAUSE_FAILED");
    assert_eq!(snake["payload"]["details"]["reason"], "HISTORY_FULL");
}

#[test]
fn connected_has_its_members_in_both_dialects() {
    for dialect in [Dialect::Snake, Dialect::Camel] {
        let body = Body::Connected {
            user_id: "ada".into(),
            seq: 7,
            epoch: "e".into(),
        };
        let value = rendered(body, dialect, None);
        assert_eq!(value["payload"]["message"], "Connected to timer WebSocket");
    }
}

#[test]
fn a_timer_has_is_shared() {
    let shared = Body::SharedTimer {
        timer: Box::new(paused()),
        action: TimerAction::Pause,
    };
    let value = rendered(shared.clone(), Dialect::Snake, None);
    assert_eq!(value["payload"]["timer"]["is_shared"], true);
    let read = ServerMessage::parse(&message(shared.clone()).render(&Rendering::default())).unwrap();
    assert_eq!(read.body, shared);
}

#[test]
fn a_rendered_message_parses_to_itself() {
    let limited = WireError {
        retry_after: Some(7),
        ..WireError::invalid_message("no")
    };
    for body in [
        Body::Connected {
            user_id: "ada".into(),
            seq: 7,
            epoch: "e".into(),
        },
        Body::Timer {
            timer: Box::new(paused()),
            action: TimerAction::Sync,
        },
        Body::TimerDeleted {
            timer_id: TimerId(Uuid::nil()),
        },
        Body::Sync {
            timers: vec![paused(), paused().apply(Action::Resume, at(9_999)).unwrap()],
            next: Some("WzEsMl0".into()),
        },
        Body::Pong,
        Body::Renewed { expires_at: at(0) },
        Body::Error(limited),
    ] {
        let sent = ServerMessage {
            from_user: Some("ada".into()),
            seq: Some(3),
            reply_to: Some("id".into()),
            replayed: true,
            ..message(body)
        };
        assert_eq!(ServerMessage::parse(&sent.render(&Rendering::default())).unwrap(), sent);
    }
}

#[test]
fn the_error_of_an_unknown_type_names_it() {
    let text = r#"{"type":"timer.sung","payload":{},"timestamp":"2026-01-28T10:00:00"}"#;
    assert!(matches!(ServerMessage::parse(text), Err(UnreadableMessage::Type(kind)) if kind == "timer.sung"));
}

#[test]
fn a_hint_round_trips_and_is_the_same_in_both_dialects() {
    let body = Body::DataChanged {
        kinds: DataKind::ALL.to_vec(),
    };
    let expected = json!({ "type": "data.changed", "timestamp": "2026-01-28T10:01:00", "payload": {
        "kinds": ["todos", "tags", "schedules", "timers", "friends", "sharing", "preferences", "notifications"] } });
    for dialect in [Dialect::Snake, Dialect::Camel] {
        assert_eq!(rendered(body.clone(), dialect, None), expected);
    }
    let text = message(body.clone()).render(&Rendering::default());
    assert_eq!(ServerMessage::parse(&text).unwrap(), message(body));
    let newer = text.replace("\"tags\"", "\"songs\"");
    let Body::DataChanged { kinds } = ServerMessage::parse(&newer).unwrap().body else {
        panic!("{newer}");
    };
    assert_eq!(
        kinds,
        DataKind::ALL
            .iter()
            .copied()
            .filter(|kind| *kind != DataKind::Tags)
            .collect::<Vec<_>>(),
        "a newer server's kind is ignored, and the others are not"
    );
}
