//! Presence on one node and over several.

use super::{nodes::Network, support::*};
use crate::*;
use serde_json::{Value, json};
use std::time::Duration;

/// Sends changes to members as `ada +phone` or `ada -`, with `!` if the user joined or left with it.
struct Announcing;

impl ScopeHandler for Announcing {
    fn presence_changed(&self, _: &RoomId, diff: &PresenceDiff) -> Option<Message> {
        let meta = diff
            .meta
            .as_ref()
            .map(|meta| format!("+{}", meta.as_str().unwrap_or("?")));
        let mark = if diff.user_changed { "!" } else { "" };
        Some(Message::text(format!(
            "{} {}{mark}",
            diff.user,
            meta.unwrap_or("-".to_owned())
        )))
    }
}

/// Subscribes a device; returns its connection and the devices in its snapshot.
async fn enter(hub: &Hub, user: &str, device: &str) -> (Connection, String) {
    let mut connection = connection(hub, SETTINGS);
    connection.identify(user);
    let mut found = String::new();
    let on_start = |snapshot: &Snapshot, _: u64, _: &Missed| {
        found = devices(snapshot);
        vec![]
    };
    let stream = StreamId::new(TEST, "chat");
    connection
        .subscribe(&stream, None, Some(Value::from(device)), on_start)
        .await
        .unwrap();
    (connection, found)
}

fn devices(snapshot: &Snapshot) -> String {
    let users = snapshot.users.iter().map(|(user, devices)| {
        let mut metas: Vec<_> = devices.values().map(|meta| meta.as_str().unwrap_or("?")).collect();
        metas.sort_unstable();
        format!("{user} {}", metas.join(" "))
    });
    users.collect::<Vec<_>>().join(", ")
}

fn present(hub: &Hub) -> String {
    devices(&hub.presence(&room("chat")))
}

#[tokio::test]
async fn user_is_present_from_the_first_device_to_the_last() {
    let (hub, _) = hub_with(LocalBus, Announcing);
    let (phone, found) = enter(&hub, "ada", "phone").await;
    assert_eq!(found, "");
    let (desk, found) = enter(&hub, "ada", "desk").await;
    assert_eq!(found, "ada phone");
    let (eve, found) = enter(&hub, "eve", "tablet").await;
    assert_eq!(found, "ada desk phone");
    assert_eq!(received(&phone), ["ada +desk", "eve +tablet!"]);
    assert!(received(&eve).is_empty(), "a device is not notified of itself");
    drop(phone);
    drop(desk);
    assert_eq!(received(&eve), ["ada -", "ada -!"]);
    assert_eq!(present(&hub), "eve tablet");
    drop(eve);
    assert_eq!(present(&hub), "");
}

#[tokio::test]
async fn presence_is_consistent_over_nodes() {
    let network = Network::default();
    let (first, second) = (network.node(Announcing), network.node(Announcing));
    let (ada, _) = enter(&first, "ada", "phone").await;
    let (eve, found) = enter(&second, "eve", "desk").await;
    assert_eq!(found, "ada phone", "the snapshot includes other nodes");
    assert_eq!(received(&ada), ["eve +desk!"]);
    let (tablet, _) = enter(&second, "ada", "tablet").await;
    assert_eq!(
        received(&ada),
        ["ada +tablet"],
        "the user was present already, on another node"
    );
    assert_eq!(
        (present(&first), present(&second)),
        (present(&second), "ada phone tablet, eve desk".to_owned())
    );
    drop(tablet);
    drop(eve);
    assert_eq!(received(&ada), ["ada -", "eve -!"]);
    assert_eq!(present(&first), "ada phone");
}

#[tokio::test(start_paused = true)]
async fn devices_of_a_crashed_node_leave_when_its_lease_expires() {
    let network = Network::default();
    let (first, second) = (network.node(Announcing), network.node(Announcing));
    let (ada, _) = enter(&first, "ada", "phone").await;
    let (_eve, _) = enter(&second, "eve", "desk").await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(present(&first), "ada phone, eve desk", "heartbeats keep the lease");
    network.cut(1);
    received(&ada);
    tokio::time::sleep(Duration::from_secs(45)).await;
    assert_eq!(received(&ada), ["eve -!"]);
    assert_eq!(present(&first), "ada phone");
}

#[tokio::test(start_paused = true)]
async fn lost_presence_changes_are_requested_when_the_loss_is_reported() {
    let network = Network::default();
    let (first, second) = (network.node(Announcing), network.node(Announcing));
    let (ada, _) = enter(&first, "ada", "phone").await;
    let (eve, _) = enter(&second, "eve", "desk").await;
    let subject = Subject::Room(room("chat"));
    network.silent.lock().unwrap().insert(subject.clone());
    let (_ida, _) = enter(&second, "ida", "tablet").await;
    drop(eve);
    assert_eq!(present(&first), "ada phone, eve desk");
    network.silent.lock().unwrap().clear();
    network.deliver(0, Arrival::Lost(&subject));
    assert_eq!(present(&first), "ada phone, ida tablet");
    assert!(
        ada.handle().closing().is_some(),
        "other messages to the room may be lost, too"
    );
}

#[tokio::test]
async fn evicted_device_is_no_longer_present() {
    let (hub, _) = hub_with(LocalBus, Announcing);
    let (_ada, _) = enter(&hub, "ada", "phone").await;
    let (eve, _) = enter(&hub, "eve", "desk").await;
    hub.evict(&room("chat"), "ada");
    assert_eq!(received(&eve), ["ada -!"]);
    assert_eq!(present(&hub), "eve desk");
    let everyone = hub.presence(&room("chat")).users;
    assert_eq!(everyone["eve"].values().collect::<Vec<_>>(), [&json!("desk")]);
}
