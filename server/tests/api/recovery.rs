//! What a reconnecting client receives, and commands that are sent again.

use crate::support::{Client, TestServer, User, act, create};
use protocol::timers::{Action, Body, ServerMessage};

async fn connected(client: &mut Client) -> (String, u64) {
    match client.next().await.body {
        Body::Connected { epoch, seq, .. } => (epoch, seq),
        other => panic!("{other:?}"),
    }
}

async fn since(user: &User, epoch: &str, seq: u64) -> Client {
    user.connect()
        .query(&format!("since={epoch}:{seq}"))
        .open()
        .await
        .unwrap()
}

#[tokio::test]
async fn reconnecting_client_gets_exactly_the_events_it_missed() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let mut desk = ada.connect().open().await.unwrap();
    let (epoch, _) = connected(&mut desk).await;
    desk.next().await;
    let mut sent: Vec<ServerMessage> = Vec::new();
    for command in [create("One"), create("Two")] {
        desk.send(command).await;
        sent.push(desk.next().await);
    }
    let Body::Timer { timer, .. } = &sent[0].body else {
        panic!("{sent:?}")
    };
    desk.send(act(Action::Pause, timer.id)).await;
    sent.push(desk.next().await);

    let mut phone = since(&ada, &epoch, 1).await;
    assert_eq!(connected(&mut phone).await, (epoch.clone(), 3));
    assert_eq!([phone.next().await, phone.next().await], sent[1..]);
    phone.is_silent().await;

    let mut up_to_date = since(&ada, &epoch, 3).await;
    connected(&mut up_to_date).await;
    up_to_date.is_silent().await;
}

#[tokio::test]
async fn client_with_an_unknown_position_gets_a_full_sync() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let mut desk = ada.connect().live().await;
    desk.change(create("One")).await;
    for (epoch, seq) in [("another", "1"), ("", ""), ("another:epoch", "x")] {
        let mut phone = ada
            .connect()
            .query(&format!("since={epoch}:{seq}"))
            .open()
            .await
            .unwrap();
        connected(&mut phone).await;
        assert!(matches!(phone.next().await.body, Body::Sync { timers, .. } if timers.len() == 1));
    }
}

#[tokio::test]
async fn repeated_command_id_applies_once_and_replays_the_first_answer() {
    let server = TestServer::start().await;
    let (ada, eve) = (server.user("ada").await, server.user("eve").await);
    let (mut phone, mut desk) = (ada.connect().live().await, ada.connect().live().await);
    phone.send_with_id(Some("c1"), create("Once")).await;
    let first = phone.next().await;
    assert_eq!(desk.next().await.body, first.body);

    desk.send_with_id(Some("c1"), create("Once")).await;
    assert_eq!(
        desk.next().await,
        ServerMessage {
            replayed: true,
            ..first.clone()
        }
    );
    phone.is_silent().await;

    let mut stranger = eve.connect().live().await;
    stranger.send_with_id(Some("c1"), create("Another's")).await;
    let theirs = stranger.next().await;
    assert!(
        !theirs.replayed && theirs.body != first.body,
        "command ids are per user"
    );
}

#[tokio::test]
async fn same_command_id_sent_by_two_devices_concurrently_applies_once() {
    let server = TestServer::start().await;
    let ada = server.user("ada").await;
    let (mut phone, mut desk) = (ada.connect().live().await, ada.connect().live().await);
    let reply = async |client: &mut Client| loop {
        let message = client.next().await;
        if message.reply_to.is_some() {
            return message;
        }
    };
    for round in 0..20 {
        let id = format!("round-{round}");
        tokio::join!(
            phone.send_with_id(Some(&id), create("Race")),
            desk.send_with_id(Some(&id), create("Race")),
        );
        let (one, two) = tokio::join!(reply(&mut phone), reply(&mut desk));
        assert_eq!(one.body, two.body);
        assert!(one.replayed != two.replayed, "exactly one answer is a replay");
    }
}
