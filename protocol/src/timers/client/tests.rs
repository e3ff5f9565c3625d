use super::*;
use crate::{
    id::TagId,
    timers::{Action, ErrorCode},
};
use proptest::prelude::*;
use uuid::Uuid;

fn refused(text: &str) -> (ErrorCode, String, Option<String>) {
    let rejection = ClientMessage::parse(text).unwrap_err();
    (rejection.error.code, rejection.error.message, rejection.reply_to)
}

#[test]
fn field_names_are_accepted_in_both_cases() {
    let snake = r#"{"type":"timer.create","payload":{"allocated_duration":60,"tag_ids":[],"todo_id":null}}"#;
    let camel = r#"{"type":"timer.create","payload":{"allocatedDuration":60,"tagIds":[],"unknown":[1]}}"#;
    let command = ClientMessage::parse(snake).unwrap().command;
    assert_eq!(ClientMessage::parse(camel).unwrap().command, command);
    assert!(matches!(
        command,
        Command::Timer {
            command: TimerCommand::Create {
                new: NewTimer {
                    allocated_seconds: 60,
                    ..
                },
                ..
            },
            occurred_at: None,
        }
    ));
}

#[test]
fn a_member_in_camel_case_reveals_the_senders_dialect() {
    for (text, is_camel) in [
        (
            r#"{"type":"timer.create","payload":{"allocated_duration":60,"some_thing":1,"someThing":1}}"#,
            false,
        ),
        (r#"{"type":"timer.create","payload":{"allocatedDuration":60}}"#, true),
        (
            r#"{"type":"timer.create","payload":{"allocated_duration":60,"tagIds":[]}}"#,
            true,
        ),
        (r#"{"type":"timer.pause","payload":{"timerId":"x"}}"#, true),
        // Not in the older table.
        (
            r#"{"type":"timer.pause","payload":{"timer_id":"x","occurredAt":1}}"#,
            false,
        ),
        (r#"{"type":"timer.explode","payload":{"timerId":"x"}}"#, false),
        (r#"{"type":"ping"}"#, false),
        ("{", false),
    ] {
        assert_eq!(ClientMessage::read(text).is_camel, is_camel, "{text}");
    }
}

#[test]
fn whole_numbers_may_be_written_with_a_fraction_of_zero() {
    let text = r#"{"type":"timer.create","payload":{"allocated_duration":1500.0}}"#;
    let Command::Timer {
        command: TimerCommand::Create { new, .. },
        ..
    } = ClientMessage::parse(text).unwrap().command
    else {
        panic!("a create");
    };
    assert_eq!(new.allocated_seconds, 1500);
    let text = r#"{"type":"timer.sync","payload":{"limit":7.0}}"#;
    let Command::Sync { page, .. } = ClientMessage::parse(text).unwrap().command else {
        panic!("a sync");
    };
    assert_eq!(page.limit, Some(7));
}

#[test]
fn an_invalid_message_is_refused_with_its_reason() {
    for (text, part) in [
        ("", "not JSON"),
        ("[]", "must be a JSON object"),
        ("3", "must be a JSON object"),
        (r#"{"payload":{}}"#, "type is required"),
        (r#"{"type":7}"#, "type must be a string"),
        (r#"{"type":"timer.pause"}"#, "payload.timer_id is required"),
        (
            r#"{"type":"timer.pause","payload":[]}"#,
            "payload must be a JSON object",
        ),
        (
            r#"{"type":"timer.pause","payload":{"timer_id":"x"}}"#,
            r#"payload.timer_id must be a UUID; it is "x""#,
        ),
        (
            r#"{"type":"timer.create","payload":{"allocated_duration":"60"}}"#,
            "must be an integer",
        ),
        (
            r#"{"type":"timer.create","payload":{"allocated_duration":1.5}}"#,
            "must be an integer; it is 1.5",
        ),
        (
            r#"{"type":"timer.create","payload":{"allocated_duration":9,"title":1}}"#,
            "title must be a string",
        ),
        (
            r#"{"type":"timer.create","payload":{"allocated_duration":9,"tag_ids":["a"]}}"#,
            "tag_ids must be a UUID",
        ),
        (
            r#"{"type":"timer.sync","payload":{"scope":"some"}}"#,
            "must be active or all",
        ),
        (r#"{"type":"ping","id":""}"#, "id must be a string of 1 to 64"),
        (r#"{"type":"ping","id":5}"#, "id must be a string"),
        (r#"{"type":"auth.renew","payload":{}}"#, "payload.token is required"),
    ] {
        let (code, message, _) = refused(text);
        assert_eq!(code, ErrorCode::InvalidMessage, "{text}");
        assert!(message.contains(part), "{text}: {message}");
    }
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    assert_eq!(refused(&deep).0, ErrorCode::InvalidMessage);
}

#[test]
fn the_error_of_an_unknown_type_names_it_and_carries_the_id() {
    let (code, message, reply_to) = refused(r#"{"type":"timer.explode","id":"a1"}"#);
    assert_eq!((code, reply_to.as_deref()), (ErrorCode::UnknownType, Some("a1")));
    assert_eq!(message, "Unknown message type: timer.explode");
}

#[test]
fn errors_repeat_only_an_excerpt_of_the_input() {
    let (_, message, _) = refused(&format!(r#"{{"type":"{}"}}"#, "x".repeat(60_000)));
    assert!(message.len() < 200, "{}", message.len());
}

#[test]
fn a_moment_is_rfc_3339_with_an_offset_or_milliseconds() {
    let timer = Uuid::nil();
    let stop = |moment: &str| {
        let text = format!(r#"{{"type":"timer.stop","payload":{{"timer_id":"{timer}","occurred_at":{moment}}}}}"#);
        ClientMessage::parse(&text).map(|message| match message.command {
            Command::Timer { occurred_at, .. } => occurred_at.map(Timestamp::millis),
            other => panic!("{other:?}"),
        })
    };
    for moment in [
        "1769594400123",
        r#""2026-01-28T10:00:00.123Z""#,
        r#""2026-01-28T19:00:00.123+09:00""#,
    ] {
        assert_eq!(stop(moment), Ok(Some(1_769_594_400_123)), "{moment}");
    }
    for moment in [r#""2026-01-28T10:00:00""#, r#""1769594400123""#, "1.5", "true", "9e18"] {
        let error = stop(moment).unwrap_err().error;
        assert!(error.message.starts_with("payload.occurred_at must be"), "{error:?}");
    }
    assert_eq!(stop("null"), Ok(None));
}

#[test]
fn debug_output_contains_no_token() {
    let message = ClientMessage::parse(r#"{"type":"auth.renew","payload":{"token":"abc.def"}}"#).unwrap();
    assert!(!format!("{message:?}").contains("abc"));
}

fn commands() -> impl Strategy<Value = Command> {
    let timer_id = any::<u128>().prop_map(|n| TimerId(Uuid::from_u128(n)));
    let create = (
        any::<i64>(),
        any::<Option<String>>(),
        any::<Option<String>>(),
        any::<Vec<u128>>(),
    )
        .prop_map(|(allocated_seconds, title, description, tags)| TimerCommand::Create {
            new: NewTimer {
                allocated_seconds,
                title,
                description,
                ..NewTimer::default()
            },
            tag_ids: tags.into_iter().map(|n| TagId(Uuid::from_u128(n))).collect(),
        });
    let act = (prop::sample::select(Action::ALL.to_vec()), timer_id.clone())
        .prop_map(|(action, timer_id)| TimerCommand::Act { action, timer_id });
    let instant = any::<i64>().prop_map(Timestamp::from_millis);
    let correct = (timer_id.clone(), instant.clone())
        .prop_map(|(timer_id, ended_at)| Command::from(TimerCommand::Correct { timer_id, ended_at }));
    let occurred = (prop_oneof![create, act], prop::option::of(instant))
        .prop_map(|(command, occurred_at)| Command::Timer { command, occurred_at });
    let pages = (
        prop::sample::select(vec![SyncScope::Active, SyncScope::All]),
        prop::option::of(1..=1_000u16),
        any::<Option<String>>(),
    );
    prop_oneof![
        occurred,
        correct,
        timer_id.prop_map(|id| Command::sync(SyncScope::One(id))),
        pages.prop_map(|(scope, limit, cursor)| Command::Sync {
            scope,
            page: SyncPage { limit, cursor },
        }),
        any::<String>().prop_map(|token| Command::Renew { token: Secret(token) }),
        Just(Command::Ping),
    ]
}

proptest! {
    #[test]
    fn a_written_command_parses_to_itself(command in commands(), id in prop::option::of("[a-z0-9-]{1,64}")) {
        let message = ClientMessage { id, command };
        prop_assert_eq!(ClientMessage::parse(&message.to_json()), Ok(message));
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = ClientMessage::parse(&text);
    }
}
