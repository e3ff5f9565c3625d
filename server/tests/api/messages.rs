//! Every command and every error of the timer WebSocket.

use crate::support::{TestServer, act, create};
use protocol::timers::{
    Action, Body, Command, ErrorCode, Reason, Secret, SyncScope, TimerAction, TimerStatus, WireError,
};
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

fn error(body: Body) -> WireError {
    match body {
        Body::Error(error) => error,
        other => panic!("expected an error, got {other:?}"),
    }
}

#[tokio::test]
async fn timer_is_created_paused_resumed_stopped_and_cancelled() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let mut client = ada.connect().live().await;

    let created = client.ask(create("Write")).await;
    assert_eq!(created.reply_to.as_deref(), Some("ask-once"));
    assert_eq!(
        (created.seq, created.from_user.as_ref()),
        (Some(1), Some(&ada.grant.user.id))
    );
    let Body::Timer {
        timer,
        action: TimerAction::Start,
    } = created.body
    else {
        panic!("{created:?}")
    };
    assert_eq!(
        (timer.status, timer.title.as_deref()),
        (TimerStatus::Running, Some("Write"))
    );

    let paused = client.change(act(Action::Pause, timer.id)).await;
    let resumed = client.change(act(Action::Resume, timer.id)).await;
    assert_eq!(
        resumed.elapsed_millis, paused.elapsed_millis,
        "no time elapses while it is paused"
    );
    let stopped = client.change(act(Action::Stop, timer.id)).await;
    assert_eq!(stopped.status, TimerStatus::Completed);
    assert_eq!(stopped.history.len(), 4);

    let cancelled = client.change(create("Never mind")).await;
    let cancelled = client.change(act(Action::Cancel, cancelled.id)).await;
    assert_eq!(cancelled.status, TimerStatus::Cancelled);
}

#[tokio::test]
async fn impossible_action_is_refused_with_its_reason_and_changes_nothing() {
    let server = TestServer::start().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let mut client = ada.connect().live().await;
    let timer = client.change(create("Write")).await;
    client.change(act(Action::Pause, timer.id)).await;

    client.send(act(Action::Pause, timer.id)).await;
    let refused = error(client.next().await.body);
    assert_eq!(
        (refused.code, refused.reason),
        (ErrorCode::PauseFailed, Reason::TimerNotRunning)
    );
    assert_eq!(refused.message, "Cannot pause timer with status PAUSED");

    client
        .send(act(Action::Stop, protocol::id::TimerId(Uuid::now_v7())))
        .await;
    let refused = error(client.next().await.body);
    assert_eq!(
        (refused.code, refused.reason),
        (ErrorCode::StopFailed, Reason::TimerNotFound)
    );

    let mut stranger = eve.connect().live().await;
    stranger.send(act(Action::Cancel, timer.id)).await;
    let refused = error(stranger.next().await.body);
    assert_eq!(
        (refused.code, refused.reason),
        (ErrorCode::CancelFailed, Reason::TimerNotFound)
    );

    client.send(Command::sync(SyncScope::One(timer.id))).await;
    assert_eq!(client.next_timer().await.status, TimerStatus::Paused);
    client.is_silent().await;
}

#[tokio::test]
async fn create_with_invalid_values_is_refused_and_stores_nothing() {
    let server = TestServer::start().await;
    // One of these payloads has a camelCase member, which a connection without a dialect would follow.
    let mut client = server.user("ada").await.connect().query("dialect=snake").live().await;
    let unknown = Uuid::now_v7();
    for (payload, reason) in [
        (r#"{"allocated_duration":0}"#.to_owned(), Reason::ValidationError),
        (r#"{"allocated_duration":-1}"#.to_owned(), Reason::ValidationError),
        (
            r#"{"allocated_duration":400000000}"#.to_owned(),
            Reason::ValidationError,
        ),
        (
            format!(r#"{{"allocated_duration":9,"title":"{}"}}"#, "x".repeat(501)),
            Reason::ValidationError,
        ),
        (
            format!(r#"{{"allocated_duration":9,"schedule_id":"{unknown}"}}"#),
            Reason::ScheduleNotFound,
        ),
        (
            format!(r#"{{"allocated_duration":9,"todoId":"{unknown}"}}"#),
            Reason::TodoNotFound,
        ),
        (
            format!(r#"{{"allocated_duration":9,"tag_ids":["{unknown}"]}}"#),
            Reason::TagNotFound,
        ),
    ] {
        client
            .send_raw(Message::text(format!(
                r#"{{"type":"timer.create","payload":{payload}}}"#
            )))
            .await;
        let refused = error(client.next().await.body);
        assert_eq!(
            (refused.code, refused.reason),
            (ErrorCode::CreateFailed, reason),
            "{payload}"
        );
    }
    client.send(Command::sync(SyncScope::All)).await;
    assert_eq!(
        client.next().await.body,
        Body::Sync {
            timers: vec![],
            next: None,
        }
    );
}

#[tokio::test]
async fn invalid_message_is_answered_with_an_error_and_the_connection_stays_open() {
    let server = TestServer::start().await;
    let mut client = server.user("ada").await.connect().live().await;
    for text in [
        "",
        "hello",
        "[]",
        "null",
        "{}",
        r#"{"type":1}"#,
        r#"{"type":"timer.pause","payload":7}"#,
    ] {
        client.send_raw(Message::text(text)).await;
        assert_eq!(
            error(client.next().await.body).code,
            ErrorCode::InvalidMessage,
            "{text}"
        );
    }
    client
        .send_raw(Message::text(r#"{"type":"timer.sing","id":"7"}"#))
        .await;
    let reply = client.next().await;
    assert_eq!(
        (reply.reply_to.as_deref(), error(reply.body).code),
        (Some("7"), ErrorCode::UnknownType)
    );
    client.is_silent().await;
}

#[tokio::test]
async fn binary_or_too_long_message_closes_the_connection_with_its_code() {
    let server = TestServer::with([("WS_MAX_MESSAGE_BYTES", "2048")]).await;
    let ada = server.user("ada").await;
    for (message, code) in [
        (Message::binary(vec![1, 2, 3]), 1003),
        (Message::text("x".repeat(2_049)), 1009),
    ] {
        let mut client = ada.connect().live().await;
        client.send_raw(message).await;
        assert_eq!(client.closed().await.0, code);
    }
    let mut client = ada.connect().live().await;
    client.send_raw(Message::text(" ".repeat(2_048))).await;
    assert_eq!(
        error(client.next().await.body).code,
        ErrorCode::InvalidMessage,
        "the limit is inclusive"
    );
}

#[tokio::test]
async fn sync_returns_the_requested_scope() {
    let server = TestServer::start().await;
    let mut client = server.user("ada").await.connect().live().await;
    let done = client.change(create("Done")).await;
    let done = client.change(act(Action::Stop, done.id)).await;
    let running = client.change(create("Running")).await;
    let listed = async |client: &mut crate::support::Client, scope| {
        client.send(Command::sync(scope)).await;
        match client.next().await.body {
            Body::Sync { timers, .. } => timers,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        listed(&mut client, SyncScope::Active).await,
        std::slice::from_ref(&running)
    );
    assert_eq!(listed(&mut client, SyncScope::All).await, [running, done.clone()]);
    client.send(Command::sync(SyncScope::One(done.id))).await;
    assert_eq!(client.next_timer().await, done);
}

#[tokio::test]
async fn token_renewal_is_accepted_and_an_invalid_token_closes_the_connection() {
    let server = TestServer::start().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let mut client = ada.connect().live().await;
    client
        .send(Command::Renew {
            token: Secret(ada.grant.access_token.clone()),
        })
        .await;
    assert!(matches!(client.next().await.body, Body::Renewed { .. }));

    for token in [eve.grant.access_token.as_str(), "nonsense"] {
        let mut client = ada.connect().live().await;
        client
            .send(Command::Renew {
                token: Secret(token.into()),
            })
            .await;
        assert_eq!(error(client.next().await.body).code, ErrorCode::Unauthorized);
        assert_eq!(client.closed().await.0, 1008);
    }
    client.is_silent().await;
}
