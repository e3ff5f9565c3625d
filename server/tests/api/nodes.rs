//! Several nodes on one PostgreSQL database and a NATS server: connections to any node receive the same events.

use crate::{
    changes::{next_kinds, told},
    history::extend_history,
    support::{
        Client, PATIENCE, Process, TestServer, User, act, answer, create,
        nats::NatsServer,
        oidc_users::{befriend, share, watching},
        output, sign_up,
    },
};
use protocol::timers::{Action, Body, ClientMessage, Command, DataKind, ServerMessage, Timer, TimerAction};
use reqwest::{Method, StatusCode};
use serde_json::json;
use std::time::Instant;
use tokio::time::timeout;

/// Starts a NATS server and nodes that use it; `None` without nats-server or PostgreSQL.
async fn start_nodes<const N: usize>() -> Option<(NatsServer, [TestServer; N])> {
    let nats = NatsServer::start()?;
    let nodes = TestServer::nodes(&nats.url()).await?;
    Some((nats, nodes))
}

/// The `seq`s of the next events, replies included.
async fn seqs(client: &mut Client, count: usize) -> Vec<u64> {
    let mut seqs = Vec::with_capacity(count);
    while seqs.len() < count {
        seqs.push(client.next().await.seq.expect("a message with a seq"));
    }
    seqs
}

async fn expect_friend_activity(client: &mut Client, timer: &Timer, done: TimerAction) {
    match client.next().await.body {
        Body::FriendActivity { timer_id, action, .. } => assert_eq!((timer_id, action), (timer.id, done)),
        other => panic!("{other:?}"),
    }
}

/// The next message that is not `timer.friend_activity`.
async fn next_shared(client: &mut Client) -> Body {
    loop {
        let body = client.next().await.body;
        if !matches!(body, Body::FriendActivity { .. }) {
            return body;
        }
    }
}

#[tokio::test]
async fn devices_on_different_nodes_stay_in_step() {
    let Some((_nats, [one, other])) = start_nodes().await else {
        return;
    };
    let ada = one.user("ada").await;
    let mut phone = ada.connect().live().await;
    let mut desk = ada.at(&other).connect().live().await;
    let mut stranger = other.user("eve").await.connect().live().await;

    let timer = phone.change(create("Write")).await;
    assert_eq!(desk.next_timer().await, timer);
    let timer = desk.change(act(Action::Pause, timer.id)).await;
    assert_eq!(phone.next_timer().await, timer);
    let (status, _) = ada
        .at(&other)
        .patch(&format!("/v1/timers/{}", timer.id), json!({ "title": "Read" }))
        .await;
    assert_eq!(status, StatusCode::OK);
    for device in [&mut phone, &mut desk] {
        assert_eq!(device.next_timer().await.title.as_deref(), Some("Read"));
        device.is_silent().await;
    }
    stranger.is_silent().await;
}

#[tokio::test]
async fn concurrent_commands_on_three_nodes_reach_every_device_once_and_in_order() {
    const COMMANDS: u64 = 150;
    let Some((_nats, [one, other, third])) = start_nodes().await else {
        return;
    };
    let ada = one.user("ada").await;
    let mut listener = ada.at(&third).connect().live().await;
    let mut devices = Vec::new();
    for node in [&one, &one, &other, &third] {
        devices.push(ada.at(node).connect().live().await);
    }
    let all = devices.len() as u64 * COMMANDS;
    let tasks: Vec<_> = devices
        .into_iter()
        .map(|mut device| {
            tokio::spawn(async move {
                for _ in 0..COMMANDS {
                    device.send(create("At once")).await;
                }
                seqs(&mut device, usize::try_from(all).unwrap()).await
            })
        })
        .collect();
    let order: Vec<u64> = (1..=all).collect();
    assert_eq!(seqs(&mut listener, order.len()).await, order);
    for task in tasks {
        assert_eq!(task.await.unwrap(), order);
    }
    listener.is_silent().await;
}

#[tokio::test]
async fn friend_activity_crosses_nodes_until_a_block() {
    let Some((_nats, [one, other])) = start_nodes().await else {
        return;
    };
    let (ada, eve, ida) = (one.user("ada").await, other.user("eve").await, other.user("ida").await);
    befriend(&ada, &eve.at(&one)).await;
    befriend(&eve, &ida).await;
    let (mut device, mut friend) = (eve.connect().live().await, ada.connect().live().await);
    let mut witness = ida.at(&one).connect().live().await;
    let timer = device.change(create("Write")).await;
    expect_friend_activity(&mut friend, &timer, TimerAction::Start).await;
    expect_friend_activity(&mut witness, &timer, TimerAction::Start).await;

    let (status, _) = answer(ada.request(Method::POST, &format!("/v1/friends/block/{}", eve.grant.user.id))).await;
    assert_eq!(status, StatusCode::OK);
    // The block reaches the other node after a moment, long before cached relationships would expire.
    let start = Instant::now();
    let (mut action, mut done) = (Action::Pause, TimerAction::Pause);
    loop {
        device.change(act(action, timer.id)).await;
        expect_friend_activity(&mut witness, &timer, done).await;
        friend.send(Command::Ping).await;
        if friend.next().await.body == Body::Pong {
            break;
        }
        assert_eq!(friend.next().await.body, Body::Pong);
        assert!(start.elapsed() < PATIENCE, "events still arrive after the block");
        (action, done) = match action {
            Action::Pause => (Action::Resume, TimerAction::Resume),
            _ => (Action::Pause, TimerAction::Pause),
        };
    }
}

#[tokio::test]
async fn shared_timer_events_reach_the_reader_on_another_node() {
    let Some((_nats, [one, other])) = start_nodes().await else {
        return;
    };
    let (ada, eve) = (one.user("ada").await, other.user("eve").await);
    let mut device = ada.connect().live().await;
    let timer = device.change(create("Shared")).await;
    befriend(&ada, &eve.at(&one)).await;
    let mut guest = watching(&eve).live().await;
    let mut stranger = watching(&other.user("ida").await).live().await;
    let setting = json!({ "level": "selected", "allowed_user_ids": [eve.grant.user.id] });
    share(&ada, "timer", &timer.id.to_string(), setting).await;
    match next_shared(&mut guest).await {
        Body::SharedTimer { timer: shared, action } => {
            assert_eq!((*shared, action), (timer.clone(), TimerAction::Sync))
        }
        other => panic!("{other:?}"),
    }
    let paused = device.change(act(Action::Pause, timer.id)).await;
    match next_shared(&mut guest).await {
        Body::SharedTimer { timer, action } => assert_eq!((*timer, action), (paused, TimerAction::Pause)),
        other => panic!("{other:?}"),
    }
    let (status, _) = ada.delete(&format!("/v1/timers/{}", timer.id)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(next_shared(&mut guest).await, Body::TimerDeleted { timer_id: timer.id });
    stranger.is_silent().await;
}

#[tokio::test]
async fn hints_that_data_has_changed_reach_pages_on_another_node() {
    let Some((_nats, [one, other])) = start_nodes().await else {
        return;
    };
    let (ada, eve) = (one.user("ada").await, other.user("eve").await);
    befriend(&ada, &eve.at(&one)).await;
    let mut page = told(&ada.at(&other)).live().await;
    let (mut friend, mut plain) = (told(&eve).live().await, ada.at(&other).connect().live().await);
    let group = ada
        .made("/v1/tags/groups", json!({ "name": "G", "color": "#abcdef" }))
        .await;
    assert_eq!(next_kinds(&mut page).await, [DataKind::Tags]);
    let todo = json!({ "title": "Write", "tag_group_id": group["id"] });
    let todo = ada.made("/v1/todos", todo).await;
    assert_eq!(next_kinds(&mut page).await, [DataKind::Todos]);
    share(
        &ada,
        "todo",
        todo["id"].as_str().unwrap(),
        json!({ "level": "friends" }),
    )
    .await;
    assert_eq!(next_kinds(&mut page).await, [DataKind::Todos, DataKind::Sharing]);
    assert_eq!(next_kinds(&mut friend).await, [DataKind::Sharing]);
    for client in [&mut page, &mut friend, &mut plain] {
        client.is_silent().await;
    }
}

/// A device that follows the contract: closed with 4008, it reconnects, asks for what it missed, and sends the
/// unanswered command again under the same id.
struct Device {
    user: User,
    client: Client,
    epoch: String,
    seq: u64,
    /// The unanswered command and its id.
    sent: Option<(String, Command)>,
    /// How many times it was closed with 4008.
    closed: u32,
}

impl Device {
    async fn of(user: User) -> Self {
        let mut client = user.connect().open().await.unwrap();
        let Body::Connected { epoch, seq, .. } = client.next().await.body else {
            panic!("not connected")
        };
        assert!(matches!(client.next().await.body, Body::Sync { .. }));
        Self {
            user,
            client,
            epoch,
            seq,
            sent: None,
            closed: 0,
        }
    }

    async fn create(&mut self, title: &str) {
        self.sent = Some((format!("{title} after {}", self.seq), create(title)));
        self.send().await;
    }

    /// Sends the pending command. If the connection is closed, the next read finds out and sends it again.
    async fn send(&mut self) {
        if let Some((id, command)) = self.sent.clone() {
            let message = ClientMessage { id: Some(id), command };
            self.client.offer(message.to_json()).await;
        }
    }

    /// The next message that is not a replayed answer, or `None` if the connection was closed and is open again.
    async fn next(&mut self) -> Option<ServerMessage> {
        match self.client.next_or_close().await {
            Ok(text) => {
                let message = ServerMessage::parse(&text).unwrap();
                self.sent = self.sent.take().filter(|(id, _)| message.reply_to.as_ref() != Some(id));
                Some(message).filter(|message| !message.replayed)
            }
            Err(code) => {
                // A command that crosses the close may be answered by a TCP reset.
                assert!(code == Some(4008) || code.is_none() && self.sent.is_some(), "{code:?}");
                self.closed += 1;
                self.recover().await;
                self.send().await;
                None
            }
        }
    }

    /// Reconnects and asks for what was missed. The other node may report its losses before this node notices that the bus
    /// was away, so the new connection may be closed with 4008 once more.
    async fn recover(&mut self) {
        let since = format!("since={}:{}", self.epoch, self.seq);
        loop {
            self.client = self.user.connect().query(&since).open().await.unwrap();
            match self.client.next_or_close().await {
                Ok(text) => {
                    let message = ServerMessage::parse(&text).unwrap();
                    assert!(matches!(message.body, Body::Connected { .. }), "{text}");
                    return;
                }
                Err(code) => assert_eq!(code, Some(4008)),
            }
        }
    }

    /// The next event over all connections; asserts that it follows the one before.
    async fn next_timer(&mut self) -> Timer {
        let event = loop {
            if let Some(event) = self.next().await {
                break event;
            }
        };
        assert_eq!(event.seq, Some(self.seq + 1));
        self.seq += 1;
        match event.body {
            Body::Timer { timer, .. } => *timer,
            other => panic!("{other:?}"),
        }
    }

    /// Waits until the connection was closed so many times, with no new event in between.
    async fn wait_until_closed(&mut self, times: u32) {
        while self.closed < times {
            let message = self.next().await;
            assert!(message.is_none(), "{message:?}");
        }
    }
}

#[tokio::test]
async fn devices_recover_every_event_after_nats_was_away() {
    let Some((mut nats, [one, other])) = start_nodes().await else {
        return;
    };
    let ada = one.user("ada").await;
    let (mut phone, mut desk) = (Device::of(ada.at(&one)).await, Device::of(ada.at(&other)).await);
    for round in 1..=3 {
        phone.create("Before").await;
        assert_eq!(phone.next_timer().await, desk.next_timer().await);
        nats.kill();
        // Each node works without the other.
        phone.create("Meanwhile").await;
        let meanwhile = phone.next_timer().await;
        nats.restart();
        assert_eq!(desk.next_timer().await, meanwhile);
        // Nodes that were disconnected close all their connections with 4008, even those that are up to date from the log.
        desk.wait_until_closed(round).await;
        phone.wait_until_closed(round).await;
        let path = format!("/v1/timers/{}", meanwhile.id);
        let (status, _) = ada.at(&other).patch(&path, json!({ "title": "After" })).await;
        assert_eq!(status, StatusCode::OK);
        let after = desk.next_timer().await;
        assert_eq!(
            (phone.next_timer().await, after.title.as_deref()),
            (after.clone(), Some("After"))
        );
    }
}

#[tokio::test]
async fn unpublished_events_are_delivered_from_the_log_before_newer_ones() {
    // Both nodes run without NATS, so neither receives the other's events.
    let Some([one, other]) = TestServer::nodes("").await else {
        return;
    };
    let ada = one.user("ada").await;
    let mut remote = Device::of(ada.at(&one)).await;
    let (mut phone, mut desk) = (Device::of(ada.at(&other)).await, Device::of(ada.at(&other)).await);
    for title in ["One", "Two"] {
        remote.create(title).await;
        remote.next_timer().await;
    }
    phone.create("Three").await;
    for device in [&mut phone, &mut desk] {
        for title in ["One", "Two", "Three"] {
            assert_eq!(device.next_timer().await.title.as_deref(), Some(title));
        }
        device.client.is_silent().await;
    }
    phone.create("Four").await;
    assert_eq!(phone.next_timer().await, desk.next_timer().await);
}

#[tokio::test]
async fn event_poller_delivers_events_that_were_never_published() {
    let Some(nats) = NatsServer::start() else { return };
    // The first node publishes nothing to the other, like a node that crashes after its commits.
    let Some([silent, other]) = TestServer::nodes_each(["", &nats.url()]).await else {
        return;
    };
    let ada = silent.user("ada").await;
    let mut remote = Device::of(ada.at(&silent)).await;
    let mut desk = Device::of(ada.at(&other)).await;
    for title in ["One", "Two"] {
        remote.create(title).await;
        assert_eq!(remote.next_timer().await, desk.next_timer().await);
        desk.client.is_silent().await;
    }
    assert_eq!(desk.closed, 0);
}

#[tokio::test]
async fn event_too_large_for_nats_is_recovered_from_the_log() {
    let Some((_nats, [one, other])) = start_nodes().await else {
        return;
    };
    let ada = one.user("ada").await;
    let (mut phone, mut desk) = (ada.connect().live().await, Device::of(ada.at(&other)).await);
    let timer = phone.change(create("Old")).await;
    assert_eq!(desk.next_timer().await, timer);
    // A release without a bound may have stored this: more than NATS takes in one message.
    extend_history(&one.database, &timer, 30_000).await;
    let stopped = phone.change(act(Action::Stop, timer.id)).await;
    assert_eq!(stopped.history.len(), 30_001);
    assert_eq!(desk.next_timer().await, stopped);
    desk.wait_until_closed(1).await;
}

#[tokio::test]
async fn nats_password_is_used_and_never_logged() {
    if std::env::var_os("LOCKSTEP_TEST_POSTGRES").is_none() {
        return;
    }
    let Some(nats) = NatsServer::guarded("ada", "correct@horse") else {
        return;
    };
    let url = |password: &str| format!("nats://ada:{password}@{}", nats.address);
    let mut node = Process::with([("NATS_URL", url("correct%40horse").as_str()), ("LOG_LEVEL", "trace")]).await;
    let ada = sign_up(&node.address, "ada").await;
    ada.connect().live().await.change(create("Write")).await;
    node.kill();
    assert!(node.log().contains("connected to NATS"));
    for secret in ["correct@horse", "correct%40horse"] {
        assert!(!node.log().contains(secret));
    }

    let folder = tempfile::tempdir().unwrap();
    let database = node.database_url().to_owned();
    let refused = output(
        folder.path(),
        &[
            ("DATABASE_URL", &database),
            ("NATS_URL", &url("battery")),
            ("LOG_LEVEL", "off"),
        ],
    );
    let stderr = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success());
    assert!(
        stderr.contains("NATS_URL") && stderr.contains("authorization"),
        "{stderr}"
    );
    assert!(!stderr.contains("battery") && stderr.lines().count() == 1, "{stderr}");
}

#[tokio::test]
async fn last_event_before_a_node_stops_reaches_the_other_nodes() {
    let Some((_nats, [one, other])) = start_nodes().await else {
        return;
    };
    let ada = one.user("ada").await;
    let mut phone = ada.connect().live().await;
    let mut desk = ada.at(&other).connect().live().await;
    let timer = phone.change(create("Last")).await;
    timeout(PATIENCE, one.stop()).await.unwrap();
    assert_eq!(desk.next_timer().await, timer);
    desk.is_silent().await;
}
