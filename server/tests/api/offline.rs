//! What was done offline happened when it was done (contract, WebSocket, the section of that name).

use crate::support::{Client, TestServer, act, create};
use protocol::{
    time::Timestamp,
    timers::{Action, Body, Command, ErrorCode, Reason, Timer, TimerAction, TimerCommand, TimerStatus, WireError},
};

const MINUTE: i64 = 60_000;

/// A command that happened so many milliseconds before `now`.
fn ago(command: Command, now: Timestamp, millis: i64) -> Command {
    let Command::Timer { command, .. } = command else {
        panic!("{command:?} changes no timer")
    };
    Command::Timer {
        command,
        occurred_at: Some(now.plus_millis(-millis)),
    }
}

fn correct(timer: &Timer, ended_at: Timestamp) -> Command {
    let timer_id = timer.id;
    TimerCommand::Correct { timer_id, ended_at }.into()
}

async fn refused(device: &mut Client, command: Command) -> WireError {
    device.send(command).await;
    match device.next().await.body {
        Body::Error(error) => error,
        other => panic!("expected an error, got {other:?}"),
    }
}

fn moments(timer: &Timer) -> Vec<(i64, bool)> {
    let late = |at: Timestamp, received: Option<Timestamp>| received.is_some_and(|received| received > at);
    let entries = timer.history.iter();
    entries
        .map(|entry| (entry.at.millis(), late(entry.at, entry.received_at)))
        .collect()
}

#[tokio::test]
async fn a_timer_of_an_hour_offline_has_its_real_times_on_all_devices() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let (mut phone, mut laptop) = (ada.connect().live().await, ada.connect().live().await);
    let now = Timestamp::from(chrono::Utc::now());
    let timer = phone.change(ago(create("Tunnel"), now, 60 * MINUTE)).await;
    phone.change(ago(act(Action::Pause, timer.id), now, 30 * MINUTE)).await;
    phone.change(ago(act(Action::Resume, timer.id), now, 20 * MINUTE)).await;
    let stopped = phone.change(ago(act(Action::Stop, timer.id), now, 5 * MINUTE)).await;

    assert_eq!(stopped.elapsed_millis, 45 * MINUTE);
    assert_eq!(stopped.created_at, now.plus_millis(-60 * MINUTE));
    let expected = [60, 30, 20, 5].map(|minutes| (now.millis() - minutes * MINUTE, true));
    assert_eq!(moments(&stopped), expected);
    for _ in 0..3 {
        laptop.next_timer().await;
    }
    assert_eq!(laptop.next_timer().await, stopped, "another device sees the same");
    let mut later = ada.connect().open().await.unwrap();
    later.next().await;
    later.next().await;
    let read = later
        .change(Command::sync(protocol::timers::SyncScope::One(timer.id)))
        .await;
    assert_eq!(read, stopped, "and so does one that reads it from the database");
}

#[tokio::test]
async fn a_moment_outside_of_the_range_is_refused_with_the_range() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let mut device = ada.connect().live().await;
    let now = Timestamp::from(chrono::Utc::now());
    let day = 24 * 60 * MINUTE;
    let error = refused(&mut device, ago(create("Too old"), now, day + MINUTE)).await;
    assert_eq!(
        (error.code, error.reason),
        (ErrorCode::CreateFailed, Reason::OccurredAtInvalid)
    );

    let timer = device.change(ago(create("Write"), now, 10 * MINUTE)).await;
    let paused = device.change(ago(act(Action::Pause, timer.id), now, 5 * MINUTE)).await;
    for millis in [6 * MINUTE, -MINUTE] {
        let error = refused(&mut device, ago(act(Action::Stop, timer.id), now, millis)).await;
        assert_eq!(
            (error.code, error.reason),
            (ErrorCode::StopFailed, Reason::OccurredAtInvalid)
        );
        let (earliest, latest) = error.accepted.unwrap();
        assert_eq!(earliest, now.plus_millis(-5 * MINUTE));
        assert!(latest >= now);
    }
    let resumed = device
        .change(ago(act(Action::Resume, timer.id), now, 5 * MINUTE + 1_500))
        .await;
    assert_eq!(
        resumed.started_at,
        paused.paused_at.unwrap(),
        "a little too early counts as the latest change"
    );
}

#[tokio::test]
async fn a_stop_that_comes_too_late_gets_the_ended_timer_and_a_person_may_correct_its_end() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let (mut phone, mut laptop) = (ada.connect().live().await, ada.connect().live().await);
    let now = Timestamp::from(chrono::Utc::now());
    let timer = laptop.change(ago(create("Write"), now, 60 * MINUTE)).await;
    let error = refused(&mut laptop, correct(&timer, now)).await;
    assert_eq!(
        (error.code, error.reason),
        (ErrorCode::CorrectFailed, Reason::TimerNotCompleted)
    );
    let stopped = laptop.change(ago(act(Action::Stop, timer.id), now, 10 * MINUTE)).await;
    phone.next_timer().await;
    phone.next_timer().await;

    let error = refused(&mut phone, ago(act(Action::Stop, timer.id), now, 30 * MINUTE)).await;
    assert_eq!(
        (error.code, error.reason),
        (ErrorCode::StopFailed, Reason::TimerAlreadyCompleted)
    );
    assert_eq!(error.timer.as_deref(), Some(&stopped));

    let error = refused(&mut phone, correct(&timer, now.plus_millis(-61 * MINUTE))).await;
    assert_eq!(
        (error.code, error.reason),
        (ErrorCode::CorrectFailed, Reason::OccurredAtInvalid)
    );
    assert_eq!(error.accepted.unwrap().0, timer.started_at);

    phone.send(correct(&timer, now.plus_millis(-30 * MINUTE))).await;
    let answer = phone.next().await;
    let Body::Timer {
        timer: corrected,
        action: TimerAction::Sync,
    } = answer.body
    else {
        panic!("{answer:?}")
    };
    assert_eq!(
        (corrected.status, corrected.elapsed_millis),
        (TimerStatus::Completed, 30 * MINUTE)
    );
    assert_eq!(corrected.history.last().unwrap().corrected_from, stopped.ended_at);
    assert_eq!(laptop.next_timer().await, *corrected);
    let (status, list) = ada.get(&format!("/v1/timers/{}", timer.id)).await;
    assert_eq!(status, 200);
    assert_eq!(list["elapsed_time"], 30 * 60);
    assert!(list["pause_history"][1]["corrected_from"].is_string(), "{list}");
}

#[tokio::test]
async fn a_command_with_a_moment_applies_once() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let mut device = ada.connect().live().await;
    let now = Timestamp::from(chrono::Utc::now());
    for replayed in [false, true] {
        device
            .send_with_id(Some("offline-1"), ago(create("Once"), now, MINUTE))
            .await;
        assert_eq!(device.next().await.replayed, replayed);
    }
}
