//! The order commit, publish, acknowledge: the process is killed (SIGKILL) at random moments under load.

mod device;

use crate::support::{Process, User, seeded, sign_up};
use device::Device;
use protocol::timers::{Body, Command, SyncScope, Timer};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::{collections::BTreeMap, time::Duration};

const KILLS: u32 = 100;
/// A busy machine may process few commands in 100 lifetimes: then there are more kills, with longer lifetimes.
const MAX_KILLS: u32 = 400;
/// The maximum lifetime of a process for the first 100 kills.
const MAX_LIFETIME: Duration = Duration::from_millis(160);
const USERS: [&str; 3] = ["ada", "bob", "eve"];
const DEVICES_PER_USER: usize = 2;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hundred_kills_lose_no_command_and_apply_none_twice() {
    let mut random = seeded();
    let mut server = Process::start().await;
    let mut users = Vec::new();
    let mut devices = Vec::new();
    for name in USERS {
        let user = sign_up(&server.address, name).await;
        for nth in 0..DEVICES_PER_USER {
            let random = StdRng::from_rng(&mut random);
            devices.push(Device::new(&user, format!("{name}-{nth}"), random).await);
        }
        users.push(user);
    }
    for kill in 0..MAX_KILLS {
        if kill >= KILLS && interrupted_enough(&devices) {
            break;
        }
        let lifetime = MAX_LIFETIME * (1 + kill / KILLS);
        let working: Vec<_> = devices.drain(..).map(|device| tokio::spawn(device.work())).collect();
        // The duration is the random input of the test; it waits for nothing.
        tokio::time::sleep(lifetime.mul_f64(random.random_range(0.0..1.0))).await;
        server.kill();
        for device in working {
            devices.push(device.await.unwrap());
        }
        server.start_again().await;
    }
    let finishing: Vec<_> = devices.drain(..).map(|device| tokio::spawn(device.finish())).collect();
    for device in finishing {
        devices.push(device.await.unwrap());
    }
    for device in &mut devices {
        device.catch_up().await;
    }

    for (user, own) in users.iter().zip(devices.chunks(DEVICES_PER_USER)) {
        assert_consistent(user, own).await;
    }
    assert!(interrupted_enough(&devices), "the kills interrupted too few commands");
}

/// Whether some commands were committed, left unacknowledged by a kill, and sent again.
fn interrupted_enough(devices: &[Device]) -> bool {
    let commands: usize = devices.iter().map(|device| device.acknowledged.len()).sum();
    let replayed: usize = devices.iter().map(|device| device.replayed).sum();
    eprintln!("{commands} commands, {replayed} of them committed, unacknowledged and sent again");
    commands > 100 && replayed > 0
}

/// Asserts that the log, the stored timers and the events that the user's devices received agree.
async fn assert_consistent(user: &User, devices: &[Device]) {
    let mut acknowledged = BTreeMap::new();
    for device in devices {
        assert_eq!(
            device.received, devices[0].received,
            "all devices received the same log"
        );
        for (id, seq) in &device.acknowledged {
            assert_eq!(acknowledged.insert(*seq, id), None, "two commands, one event: {seq}");
        }
    }
    // Consecutive and each caused by one command: none is lost, none was applied twice.
    let log = &devices[0].received;
    assert!(acknowledged.keys().copied().eq(1..=log.len() as u64));

    let mut newest: BTreeMap<_, Timer> = BTreeMap::new();
    for event in log {
        let Body::Timer { timer, .. } = &event.body else {
            panic!("{event:?}")
        };
        newest.insert(timer.id, (**timer).clone());
    }
    let mut client = user.connect().live().await;
    client.send(Command::sync(SyncScope::All)).await;
    let Body::Sync { timers, .. } = client.next().await.body else {
        panic!("not a sync")
    };
    let stored: BTreeMap<_, Timer> = timers.into_iter().map(|timer| (timer.id, timer)).collect();
    assert_eq!(stored, newest, "the stored timers equal their last events");
}
