//! Which connections receive events and syncs, and in which order.

use crate::support::{TestServer, act, create};
use protocol::{
    socket::CloseCode,
    timers::{Action, Body, Command, SyncScope, TimerAction},
};

#[tokio::test]
async fn change_is_delivered_to_all_of_the_users_devices_and_to_no_other_user() {
    let server = TestServer::start().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let (mut phone, mut desk) = (ada.connect().live().await, ada.connect().live().await);
    let mut stranger = eve.connect().live().await;

    let timer = phone.change(create("Write")).await;
    assert_eq!(desk.next_timer().await, timer);
    let paused = desk.change(act(Action::Pause, timer.id)).await;
    let seen = phone.next().await;
    assert_eq!(
        seen.body,
        Body::Timer {
            timer: Box::new(paused),
            action: TimerAction::Pause
        }
    );
    assert_eq!((seen.seq, seen.reply_to), (Some(2), None));
    stranger.is_silent().await;
}

#[tokio::test]
async fn each_connection_gets_its_own_dialect_and_timezone() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let mut snake = ada.connect().live().await;
    let mut camel = ada
        .connect()
        .query("dialect=camel&timezone=Asia/Seoul")
        .open()
        .await
        .unwrap();
    assert_eq!(camel.next_json().await["type"], "connected");
    assert_eq!(camel.next_json().await["type"], "timer.synced");

    let timer = snake.change(create("Write")).await;
    let created = camel.next_json().await;
    assert_eq!(created["payload"]["timer"]["allocatedDuration"], 1500);
    snake.change(act(Action::Stop, timer.id)).await;
    let completed = camel.next_json().await;
    assert_eq!(completed["type"], "timer.completed");
    assert!(
        completed["payload"]["timer"]["pauseHistory"][1]["at"]
            .as_str()
            .unwrap()
            .ends_with("+09:00")
    );
}

#[tokio::test]
async fn a_connection_starts_with_the_active_timers() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let mut phone = ada.connect().live().await;
    let running = phone.change(create("Write")).await;
    let done = phone.change(create("Done")).await;
    phone.change(act(Action::Stop, done.id)).await;

    let mut desk = ada.connect().open().await.unwrap();
    let Body::Connected { user_id, seq, .. } = desk.next().await.body else {
        panic!("not connected")
    };
    assert_eq!((user_id, seq), (ada.grant.user.id.clone(), 3));
    assert_eq!(
        desk.next().await.body,
        Body::Sync {
            timers: vec![running],
            next: None,
        }
    );
}

#[tokio::test]
async fn stopping_server_answers_pending_commands_and_closes_with_restart() {
    let server = TestServer::start().await;
    let mut client = server.user("ada").await.connect().live().await;
    client.send_with_id(Some("last"), create("Last words")).await;
    assert_eq!(client.next().await.reply_to.as_deref(), Some("last"));
    let closed = tokio::spawn(async move { client.closed().await.0 });
    server.stop().await;
    assert_eq!(closed.await.unwrap(), CloseCode::Restart.code());
}

#[tokio::test]
async fn sync_is_ordered_with_the_surrounding_events() {
    let server = TestServer::with([("WS_RATE_LIMIT_ENABLED", "false")]).await;
    let ada = server.user("ada").await;
    let (mut desk, mut phone) = (ada.connect().live().await, ada.connect().live().await);
    let timer = desk.change(create("Write")).await;
    phone.next_timer().await;
    const ROUNDS: usize = 100;
    let working = async {
        for round in 0..ROUNDS {
            let action = if round % 2 == 0 { Action::Pause } else { Action::Resume };
            desk.change(act(action, timer.id)).await;
        }
    };
    let asking = async {
        let (mut known, mut events, mut syncs) = (timer.history.len(), 0, 0);
        while events < ROUNDS {
            phone.send(Command::sync(SyncScope::Active)).await;
            loop {
                let (history, is_sync) = match phone.next().await.body {
                    Body::Sync { timers, .. } => (timers[0].history.len(), true),
                    Body::Timer { timer, .. } => (timer.history.len(), false),
                    other => panic!("{other:?}"),
                };
                assert!(history >= known, "a later message has an older state");
                known = history;
                if is_sync {
                    syncs += 1;
                    break;
                }
                events += 1;
            }
        }
        assert!(syncs > 1);
    };
    tokio::join!(working, asking);
}
