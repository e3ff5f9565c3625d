//! What was acknowledged is there, whatever happens to the process.

use crate::support::{Process, act, create, sign_up};
use protocol::{
    timer::{Action, TimerStatus},
    wire::{Body, Command, SyncScope},
};

#[tokio::test]
async fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let mut server = Process::start().await;
    let ada = sign_up(&server.address, "ada").await;
    let mut acknowledged = Vec::new();
    for round in 0..5 {
        let mut client = ada.connect().live().await;
        let timer = client.change(create(&format!("Round {round}"))).await;
        acknowledged.push(client.change(act(Action::Pause, timer.id)).await);
        // Under way when it dies: there afterwards or not, but whole.
        client
            .send_with_id(Some(&format!("under-way-{round}")), create("Under way"))
            .await;
        server.kill();
        server.start_again().await;
    }
    let mut client = ada.connect().live().await;
    client.send(Command::Sync(SyncScope::All)).await;
    let Body::Sync { timers } = client.next().await.body else {
        panic!("not a sync")
    };
    for timer in &acknowledged {
        assert!(timers.contains(timer), "{timer:?} is missing from {timers:?}");
    }
    for round in 0..5 {
        client
            .send_with_id(Some(&format!("under-way-{round}")), create("Under way"))
            .await;
        assert_eq!(client.next_timer().await.status, TimerStatus::Running);
    }
    client.send(Command::Sync(SyncScope::Active)).await;
    let Body::Sync { timers } = client.next().await.body else {
        panic!("not a sync")
    };
    assert_eq!(timers.len(), 10, "each of the five was applied once");
}
