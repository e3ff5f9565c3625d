//! A timer's history: bounded, stored in rows of its own, and complete in every message.

use crate::support::{Client, TestDatabase, TestServer, act, create};
use protocol::{
    id::TimerId,
    limits::HISTORY_ENTRIES,
    timers::{Action, Body, Command, ErrorCode, Reason, ServerMessage, Timer, TimerStatus},
};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

/// Adds pauses and resumes to a RUNNING timer's single entry until there are `entries`, an even number: it is PAUSED.
pub async fn extend_history(database: &TestDatabase, timer: &Timer, entries: usize) {
    let (id, start, last) = (timer.id, timer.started_at.millis(), entries - 1);
    // Each step takes a millisecond, so half of them have elapsed.
    let elapsed = entries / 2;
    database
        .run(&format!(
            "WITH RECURSIVE steps(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM steps WHERE n < {last})
             INSERT INTO timer_history (timer_id, position, action, at, elapsed)
             SELECT '{id}', n, CASE WHEN n % 2 = 1 THEN 'pause' ELSE 'resume' END, {start} + n,
                    CASE WHEN n % 2 = 1 THEN ((n + 1) / 2) / 1000 END FROM steps;
             UPDATE timers SET status = 'PAUSED', elapsed_millis = {elapsed}, started_at = {start} + {last} - 1,
                    paused_at = {start} + {last} WHERE id = '{id}'"
        ))
        .await;
}

fn refusal(message: ServerMessage) -> (ErrorCode, Reason, String) {
    match message.body {
        Body::Error(error) => (error.code, error.reason, error.message),
        other => panic!("expected an error, got {other:?}"),
    }
}

#[tokio::test]
async fn timer_with_a_full_history_refuses_pause_and_resume_and_can_be_stopped() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let mut desk = ada.connect().live().await;
    let timer = desk.change(create("Long")).await;
    extend_history(&server.database, &timer, HISTORY_ENTRIES).await;

    desk.send(act(Action::Resume, timer.id)).await;
    let (code, reason, message) = refusal(desk.next().await);
    assert_eq!((code, reason), (ErrorCode::ResumeFailed, Reason::HistoryFull));
    assert!(
        message.contains("10000 entries") && message.contains("stopped"),
        "{message}"
    );
    let mut camel = ada.connect().query("dialect=camel").open().await.unwrap();
    for _ in 0..2 {
        camel.next_json().await;
    }
    let resume = json!({ "type": "timer.resume", "payload": { "timerId": timer.id } });
    camel.send_raw(Message::text(resume.to_string())).await;
    let refused = camel.next_json().await["payload"].take();
    assert_eq!(refused["code"], "VALIDATION_ERROR");
    assert_eq!(refused["details"]["reason"], "HISTORY_FULL");

    let path = format!("/v1/timers/{}", timer.id);
    let stored = ada.read(&path).await;
    assert_eq!(stored["pause_history"].as_array().unwrap().len(), HISTORY_ENTRIES);
    assert_eq!(stored["status"], "PAUSED");
    desk.send(act(Action::Stop, timer.id)).await;
    let text = desk.next_text().await;
    assert!(text.len() < 1_200_000, "{} bytes", text.len());
    let Body::Timer { timer: stopped, .. } = ServerMessage::parse(&text).unwrap().body else {
        panic!("{text}")
    };
    assert_eq!(
        (stopped.status, stopped.history.len()),
        (TimerStatus::Completed, HISTORY_ENTRIES + 1)
    );
    assert_eq!(stopped.elapsed_millis, HISTORY_ENTRIES as i64 / 2);
}

/// Sends `commands` further pauses and resumes of a timer; returns the bytes that they add to the log.
async fn logged_bytes(server: &TestServer, client: &mut Client, timer: &TimerId, commands: i64) -> i64 {
    let sum = "SELECT CAST(SUM(LENGTH(payload)) AS BIGINT) FROM events";
    let before = server.database.number(sum).await;
    // An odd number of entries: it is RUNNING.
    let entries = server.database.number("SELECT COUNT(*) FROM timer_history").await;
    for step in entries..entries + commands {
        let action = if step % 2 == 1 { Action::Pause } else { Action::Resume };
        client.send(act(action, *timer)).await;
        let text = client.next_text().await;
        assert!(text.contains("timer.updated"), "{text}");
    }
    server.database.number(sum).await - before
}

#[tokio::test]
async fn stored_bytes_of_a_command_do_not_grow_with_the_history() {
    const ROUND: i64 = 60;
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let mut desk = ada.connect().live().await;
    let timer = desk.change(create("Pomodoro")).await;
    let first = logged_bytes(&server, &mut desk, &timer.id, ROUND + 1).await;
    // Fills up to 3,000 entries in SQL: sending that many commands would transfer 270 MB.
    server
        .database
        .run(&format!(
            "WITH RECURSIVE steps(n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM steps WHERE n < 2939)
             INSERT INTO timer_history (timer_id, position, action, at, elapsed)
             SELECT '{id}', n, CASE WHEN n % 2 = 1 THEN 'pause' ELSE 'resume' END,
                    (SELECT MAX(at) FROM timer_history), CASE WHEN n % 2 = 1 THEN 1 END FROM steps",
            id = timer.id,
            from = ROUND + 2,
        ))
        .await;
    assert_eq!(
        server.database.number("SELECT COUNT(*) FROM timer_history").await,
        2_940
    );
    let last = logged_bytes(&server, &mut desk, &timer.id, ROUND + 1).await;
    assert!(
        last < first + first / 10,
        "{first} bytes at the start, {last} at the end"
    );
    let rows = server.database.number("SELECT COUNT(*) FROM timer_history").await;
    assert_eq!(rows, 3_001, "one row per command");
    let read = ada.read(&format!("/v1/timers/{}", timer.id)).await;
    assert_eq!(read["pause_history"].as_array().unwrap().len(), 3_001);
}

async fn connected(client: &mut Client) -> (String, u64) {
    match client.next().await.body {
        Body::Connected { epoch, seq, .. } => (epoch, seq),
        other => panic!("{other:?}"),
    }
}

/// Removes what belongs to a reply alone.
fn as_event(message: ServerMessage) -> ServerMessage {
    ServerMessage {
        reply_to: None,
        ..message
    }
}

#[tokio::test]
async fn missed_events_equal_the_live_ones_after_later_changes_and_a_deletion() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let mut desk = ada.connect().open().await.unwrap();
    let (epoch, start) = connected(&mut desk).await;
    desk.next().await;
    let mut live = Vec::new();
    let mut created = Vec::new();
    for title in ["One", "Two"] {
        desk.send_with_id(Some(title), create(title)).await;
        live.push(desk.next().await);
    }
    for message in &live {
        let Body::Timer { timer, .. } = &message.body else {
            panic!("{message:?}")
        };
        created.push(timer.id);
    }
    for round in 0..6 {
        let action = if round % 2 == 0 { Action::Pause } else { Action::Resume };
        for id in &created {
            desk.send_with_id(Some(&format!("{round} {id}")), act(action, *id))
                .await;
            live.push(desk.next().await);
        }
    }
    let path = format!("/v1/timers/{}", created[0]);
    assert_eq!(ada.patch(&path, json!({ "title": "Renamed" })).await.0, StatusCode::OK);
    live.push(desk.next().await);
    desk.send(act(Action::Stop, created[0])).await;
    live.push(desk.next().await);
    assert_eq!(ada.delete(&path).await.0, StatusCode::OK);
    live.push(desk.next().await);
    let live: Vec<ServerMessage> = live.into_iter().map(as_event).collect();

    for known in [start, start + 3, start + 14] {
        let since = format!("since={epoch}:{known}");
        let mut phone = ada.connect().query(&since).open().await.unwrap();
        assert_eq!(connected(&mut phone).await.1, start + live.len() as u64);
        for event in &live[(known - start) as usize..] {
            assert_eq!(phone.next().await, *event);
        }
        phone.is_silent().await;
    }
    for (id, command, event) in [
        ("One".to_owned(), create("One"), &live[0]),
        (format!("1 {}", created[0]), act(Action::Resume, created[0]), &live[4]),
        (format!("4 {}", created[1]), act(Action::Pause, created[1]), &live[11]),
    ] {
        desk.send_with_id(Some(&id), command).await;
        let again = desk.next().await;
        assert!(again.replayed, "{again:?}");
        assert_eq!((&again.body, again.seq), (&event.body, event.seq));
    }
}

#[tokio::test]
async fn other_devices_receive_the_complete_history_with_each_change() {
    let server = TestServer::unlimited().await;
    let ada = server.user("ada").await;
    let (mut desk, mut phone) = (ada.connect().live().await, ada.connect().live().await);
    let mut timer = desk.change(create("Whole")).await;
    assert_eq!(phone.next_timer().await, timer);
    // Sent at once: they are applied in few transactions, each of which adds several entries.
    for round in 0..20 {
        let action = if round % 2 == 0 { Action::Pause } else { Action::Resume };
        desk.send(act(action, timer.id)).await;
    }
    for _ in 0..20 {
        let changed = desk.next_timer().await;
        assert_eq!(changed.history.len(), timer.history.len() + 1);
        assert_eq!(changed.history[..timer.history.len()], *timer.history);
        assert_eq!(phone.next_timer().await, changed);
        timer = changed;
    }
    desk.send(Command::sync(protocol::timers::SyncScope::Active)).await;
    assert_eq!(
        desk.next().await.body,
        Body::Sync {
            timers: vec![timer.clone()],
            next: None,
        }
    );
    let read: Value = ada.read(&format!("/v1/timers/{}", timer.id)).await;
    assert_eq!(read["pause_history"].as_array().unwrap().len(), 21);
}
