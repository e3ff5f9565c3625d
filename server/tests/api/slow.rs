//! A client that stops reading: it is closed with 4008, and no other connection is affected.

use crate::support::{Client, Connect, PATIENCE, TestServer, create};
use protocol::timers::{Body, Command, NewTimer, SyncScope, TimerCommand};
use reqwest::Method;
use std::sync::Arc;
use tokio::{sync::Barrier, task::JoinSet, time::timeout};

const OTHERS: usize = 500;
/// The maximum number of events; the stalled client is closed long before.
const EVENTS: u64 = 2_000;
/// The title of the last timer.
const LAST: &str = "the last one";
/// More than the kernel buffers for a client that does not read.
const UNREAD_BYTES: usize = 12 * 1024 * 1024;

/// A timer that is nearly as large as allowed.
fn large() -> Command {
    let new = NewTimer {
        allocated_seconds: 60,
        description: Some("🌍".repeat(15_000)),
        ..NewTimer::default()
    };
    TimerCommand::Create { new, tag_ids: vec![] }.into()
}

async fn connected(connect: &Connect) -> (Client, String) {
    let mut client = connect.open_narrow().await;
    match client.next().await.body {
        Body::Connected { epoch, .. } => (client, epoch),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn client_that_stops_reading_is_closed_and_500_others_miss_nothing() {
    let server = TestServer::with([("WS_RATE_LIMIT_ENABLED", "false"), ("WS_OUTBOX_MESSAGES", "16")]).await;
    let ada = Arc::new(server.user("ada").await);
    let mut author = ada.connect().live().await;
    let timer = author.change(large()).await;
    let (mut stalled, epoch) = connected(&ada.connect()).await;
    // It requests much and reads nothing.
    for _ in 0..UNREAD_BYTES / 60_000 {
        stalled.send(Command::sync(SyncScope::One(timer.id))).await;
    }
    let mut readers = JoinSet::new();
    let ready = Arc::new(Barrier::new(OTHERS + 1));
    for _ in 0..OTHERS {
        let (ada, ready) = (ada.clone(), ready.clone());
        readers.spawn(async move {
            let mut client = ada.connect().live().await;
            ready.wait().await;
            for expected in 2.. {
                let text = client.next_text().await;
                assert_eq!(seq(&text), Some(expected));
                if text.contains(LAST) {
                    break;
                }
            }
            client
        });
    }
    ready.wait().await;
    // Until the kernel's buffers and its outbox are full.
    let mut events = 1;
    while overflows(&server).await == 0 {
        assert!(events < EVENTS, "the stalled client is never closed");
        events += 1;
        author.change(create(&events.to_string())).await;
    }
    author.change(create(LAST)).await;
    events += 1;
    let clients = timeout(6 * PATIENCE, readers.join_all()).await;
    let mut clients = clients.expect("all events on all other connections");
    assert_eq!(clients.len(), OTHERS);
    // The others are still connected.
    clients[0].is_silent().await;
    assert_eq!(overflows(&server).await, 1, "another connection was closed");

    // It reads again: first what was already sent, then the close.
    let mut last = 1;
    let code = loop {
        match stalled.next_or_close().await {
            Ok(text) => last = seq(&text).unwrap_or(last),
            Err(code) => break code,
        }
    };
    assert!(code.is_none_or(|code| code == 4008), "{code:?}");
    assert!(last < events, "the stalled client missed nothing");
    let again = ada.connect().query(&format!("since={epoch}:{last}"));
    let (mut again, _) = connected(&again).await;
    for expected in last + 1..=events {
        assert_eq!(seq(&again.next_text().await), Some(expected));
    }
    again.is_silent().await;
}

async fn overflows(server: &TestServer) -> u64 {
    let response = server.request(Method::GET, "/metrics").send().await.unwrap();
    let metrics = response.text().await.unwrap();
    let overflows = metrics
        .lines()
        .find_map(|line| line.strip_prefix("lockstep_outbox_overflows_total "));
    overflows.unwrap().parse().unwrap()
}

/// The `seq` of a message, without parsing all of a large text.
fn seq(text: &str) -> Option<u64> {
    let (_, rest) = text.rsplit_once("\"seq\":")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
