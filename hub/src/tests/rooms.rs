//! Rooms, broadcasts, outboxes and deadlines, without sockets.

use super::support::*;
use crate::{codec::Encoding, connection::MemberSettings, connection::OutboxLimits, *};
use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// Renders its format's number, and counts the renderings.
struct Counted(String, Arc<AtomicUsize>);

impl Render for Counted {
    fn render(&self, format: &Format) -> Payload {
        self.1.fetch_add(1, Ordering::Relaxed);
        Payload::Text(format!("{:?} {}", format.get::<u8>(), self.0))
    }
}

#[tokio::test]
async fn message_to_a_room_reaches_its_members_but_not_the_excepted_one() {
    let (hub, _) = hub();
    let (phone, desk, other) = (member(&hub, "ada"), member(&hub, "ada"), member(&hub, "eve"));
    hub.to_room(&room("ada"), &text("one"), None);
    hub.to_room(&room("ada"), &text("two"), Some(desk.id()));
    assert_eq!(received(&phone), ["one", "two"]);
    assert_eq!(received(&desk), ["one"]);
    assert!(received(&other).is_empty());
}

#[tokio::test]
async fn broadcast_reaches_each_connection_once() {
    let (hub, _) = hub();
    let mut ada = member(&hub, "ada");
    ada.join(&room("chat")).unwrap();
    ada.join(&room("chat")).unwrap();
    let eve = member(&hub, "chat");
    ada.broadcast(
        Audience::Rooms(&[room("ada"), room("chat")]),
        Message::text("rooms"),
        true,
    );
    ada.broadcast(
        Audience::Rooms(&[room("ada"), room("chat")]),
        Message::text("others"),
        false,
    );
    ada.broadcast(Audience::Everyone(TEST), Message::text("all"), false);
    assert!(hub.to_connection(ada.id(), text("you")));
    assert_eq!(received(&ada), ["rooms", "you"]);
    assert_eq!(received(&eve), ["rooms", "others", "all"]);
}

#[tokio::test]
async fn empty_rooms_are_removed() {
    let (hub, registry) = hub();
    let mut ada = member(&hub, "ada");
    ada.join(&room("chat")).unwrap();
    assert_eq!(hub.members(&room("chat")), [ada.id()]);
    ada.leave(&room("chat"));
    hub.to_room(&room("chat"), &text("late"), None);
    assert!(received(&ada).is_empty());
    assert_eq!(hub.rooms().len(), 1);
    drop(ada);
    assert_eq!((hub.rooms().len(), hub.connections()), (0, 0));
    let metrics = metrics(&registry);
    assert!(metrics.contains(&"rooms 0".to_owned()) && metrics.contains(&"connections 0".to_owned()));
}

#[tokio::test]
async fn connection_cannot_join_more_rooms_than_its_limit() {
    let (hub, _) = hub();
    let mut ada = connection(&hub, SETTINGS);
    for key in ["a", "b", "c", "d"] {
        ada.join(&room(key)).unwrap();
    }
    assert_eq!(ada.join(&room("e")), Err(TooManyRooms { limit: 4 }));
    assert_eq!(ada.join(&room("a")), Ok(()), "already a member");
    ada.leave(&room("a"));
    assert_eq!(ada.join(&room("e")), Ok(()));
    assert_eq!(ada.rooms().len(), 4);
}

#[tokio::test]
async fn broadcast_to_a_thousand_builds_one_frame_per_format_and_encoding() {
    let (hub, _) = hub();
    let deflate = |window_bits| Encoding::Deflate {
        window_bits,
        threshold: 100,
    };
    let encodings = [Encoding::Plain, deflate(15), deflate(10)];
    let members: Vec<_> = (0..1_000_usize)
        .map(|n| {
            let mut connection = member(&hub, "room");
            connection.set_format(Format::new(if n % 2 == 0 { 1_u8 } else { 2 }));
            (connection, encodings[n % 3])
        })
        .collect();
    // Below the threshold nothing is compressed.
    for (text, frames_of_all) in [("hello".repeat(100), 6), ("hello".to_owned(), 2)] {
        let rendered = Arc::new(AtomicUsize::new(0));
        hub.to_room(
            &room("room"),
            &Arc::new(Message::new(Counted(text, rendered.clone()))),
            None,
        );
        // All frames are kept alive, so equal addresses mean shared frames.
        let frames: Vec<_> = members
            .iter()
            .map(|(member, encoding)| match member.handle().next_entry() {
                Some(connection::Entry::Message(message)) => message.frame(&member.handle().format(), *encoding),
                _ => panic!("no message"),
            })
            .collect();
        let distinct: HashSet<_> = frames.iter().map(|frame| frame.bytes().as_ptr()).collect();
        assert_eq!((frames.len(), distinct.len()), (1_000, frames_of_all));
        assert_eq!(rendered.load(Ordering::Relaxed), 2);
    }
}

#[tokio::test]
async fn full_outbox_closes_its_own_connection_only() {
    let (hub, registry) = hub();
    let settings = MemberSettings {
        outbox: OutboxLimits {
            messages: 2,
            bytes: 1_000,
        },
        ..SETTINGS
    };
    let (mut slow, mut quick) = (connection(&hub, settings), connection(&hub, settings));
    for connection in [&mut slow, &mut quick] {
        connection.join(&room("ada")).unwrap();
    }
    for number in ["1", "2", "3"] {
        hub.to_room(&room("ada"), &text(number), None);
        assert_eq!(received(&quick).len(), 1);
    }
    assert_eq!(slow.handle().closing().unwrap().code, CloseCode::SLOW_CONSUMER);
    assert!(quick.handle().closing().is_none());
    assert!(metrics(&registry).contains(&"outbox_overflows_total 1".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn drain_closes_in_batches_and_waits_for_the_last_connection() {
    let (hub, _) = hub();
    let leaving: Vec<_> = (0..10)
        .map(|_| {
            let connection = member(&hub, "ada");
            tokio::spawn(async move { connection.handle().close_requested().await.code })
        })
        .collect();
    let start = tokio::time::Instant::now();
    hub.drain(Duration::from_secs(1)).await;
    assert_eq!(hub.connections(), 0);
    assert_eq!(start.elapsed(), Duration::from_millis(900), "ten batches, 100 ms apart");
    for closed in leaving {
        assert_eq!(closed.await.unwrap(), CloseCode::RESTART);
    }
    let late = member(&hub, "late");
    assert_eq!(late.handle().closing().unwrap().code, CloseCode::RESTART);
}

#[tokio::test(start_paused = true)]
async fn deadline_closes_the_connection_and_can_be_moved() {
    let (hub, _) = hub();
    let (ada, eve) = (member(&hub, "ada"), member(&hub, "eve"));
    let start = tokio::time::Instant::now();
    let close = |reason: &'static str| CloseFrame::new(CloseCode::POLICY, reason);
    for connection in [&ada, &eve] {
        hub.close_after(connection.handle(), Duration::from_secs(120), close("late"));
    }
    hub.close_after(eve.handle(), Duration::from_secs(1), close("sooner"));
    assert_eq!(eve.handle().close_requested().await.reason, "sooner");
    assert!((1_000..1_300).contains(&start.elapsed().as_millis()));
    assert_eq!(ada.handle().close_requested().await.reason, "late");
    assert!((120_000..120_300).contains(&start.elapsed().as_millis()));
}

#[tokio::test]
async fn closed_connections_leave_no_entries_in_the_timer_wheel() {
    let (hub, _) = hub();
    let mut open = Vec::new();
    for number in 0..100 {
        let connection = connection(&hub, SETTINGS);
        let close = CloseFrame::new(CloseCode::POLICY, "over");
        hub.close_after(connection.handle(), Duration::from_secs(number), close);
        open.push(connection);
    }
    assert_eq!(hub.timer_entries(), 200, "a ping and a deadline each");
    open.truncate(50);
    assert_eq!(hub.timer_entries(), 100);
    open.clear();
    assert_eq!(hub.timer_entries(), 0);
}

#[tokio::test]
async fn evicted_user_leaves_the_room_and_others_stay() {
    let (hub, _) = hub();
    let (mut ada, eve) = (member(&hub, "note"), member(&hub, "note"));
    ada.identify("ada");
    hub.evict(&room("note"), "ada");
    hub.to_room(&room("note"), &text("secret"), None);
    assert!(received(&ada).is_empty() && ada.rooms().is_empty());
    assert_eq!(received(&eve), ["secret"]);
    let controls = ada.handle().take_controls();
    assert!(matches!(&controls[..], [Control::Evicted(left)] if *left == room("note")));
}

#[tokio::test(start_paused = true)]
async fn connection_that_is_not_identified_in_time_is_closed() {
    let (hub, _) = hub();
    let (mut ada, eve, mut ida) = (member(&hub, "a"), member(&hub, "e"), member(&hub, "i"));
    for connection in [&ada, &eve] {
        hub.await_identity(connection.handle(), Duration::from_secs(30));
    }
    ada.identify("ada");
    // A deadline of the application stays.
    let expired = CloseFrame::new(CloseCode::POLICY, "the token has expired");
    hub.close_after(ida.handle(), Duration::from_secs(60), expired.clone());
    ida.identify("ida");
    tokio::time::sleep(Duration::from_secs(90)).await;
    assert_eq!(ada.handle().closing(), None);
    let late = CloseFrame::new(CloseCode::POLICY, "not authenticated in time");
    assert_eq!(eve.handle().closing(), Some(late));
    assert_eq!(ida.handle().closing(), Some(expired));
}
