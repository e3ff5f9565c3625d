//! Committed, then published, then acknowledged: the process is killed at random moments under load.

mod device;

use crate::support::{Process, User, seeded, sign_up};
use device::Device;
use protocol::timers::{Body, Command, SyncScope, Timer};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::{collections::BTreeMap, time::Duration};

const KILLS: u32 = 100;
/// On a busy machine a hundred kills may meet few commands: then there are more, after longer lives.
const MOST_KILLS: u32 = 400;
/// Between connecting and the end, for the first hundred.
const LIFE: Duration = Duration::from_millis(160);
const USERS: [&str; 3] = ["ada", "bob", "eve"];
const DEVICES_PER_USER: usize = 2;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_kills_lose_nothing_and_apply_nothing_twice() {
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
    for kill in 0..MOST_KILLS {
        if kill >= KILLS && met_enough(&devices) {
            break;
        }
        let life = LIFE * (1 + kill / KILLS);
        let working: Vec<_> = devices.drain(..).map(|device| tokio::spawn(device.work())).collect();
        // The moment is what is random here; nothing is waited for.
        tokio::time::sleep(life.mul_f64(random.random_range(0.0..1.0))).await;
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
        compare(user, own).await;
    }
    assert!(met_enough(&devices), "the kills met too little");
}

/// Whether some commands were committed, not acknowledged because of a kill, and sent again.
fn met_enough(devices: &[Device]) -> bool {
    let commands: usize = devices.iter().map(|device| device.acknowledged.len()).sum();
    let replayed: usize = devices.iter().map(|device| device.replayed).sum();
    eprintln!("{commands} commands, {replayed} of them committed, not acknowledged, and sent again");
    commands > 100 && replayed > 0
}

/// The log, the timers, and what the devices of a user were told are the same story.
async fn compare(user: &User, devices: &[Device]) {
    let mut acknowledged = BTreeMap::new();
    for device in devices {
        assert_eq!(
            device.seen, devices[0].seen,
            "all devices were told the same, and it is the log"
        );
        for (id, seq) in &device.acknowledged {
            assert_eq!(acknowledged.insert(*seq, id), None, "two commands, one event: {seq}");
        }
    }
    // Consecutive, and each caused by one command: none is lost, none was applied twice.
    let log = &devices[0].seen;
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
    assert_eq!(stored, newest, "the timers are what their events say");
}
