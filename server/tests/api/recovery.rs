//! What a client that was away gets, and what happens to a command that is sent again.

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
async fn a_client_that_was_away_gets_just_what_it_missed() {
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
async fn where_the_log_does_not_reach_everything_is_sent() {
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
async fn a_command_with_an_id_applies_once_and_is_answered_as_the_first_time() {
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
    assert!(!theirs.replayed && theirs.body != first.body, "ids are a user's own");
}

#[tokio::test]
async fn one_id_sent_by_two_devices_at_once_applies_once() {
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
        assert!(one.replayed != two.replayed, "one of them was first");
    }
}
