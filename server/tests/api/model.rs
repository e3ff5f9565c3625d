//! Two users, three devices, and a model. Whatever the devices send, each hears exactly what the model says, in its own
//! dialect and timezone; what it keeps of that, what the server tells when asked, and the model are the same.

mod device;
mod oracle;
mod steps;
mod voice;

use crate::support::{TestServer, User};
use device::Device;
use oracle::{Answer, World};
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use std::cell::Cell;
use steps::{Echo, Step, Story};

/// Whose the three devices are.
const OWNERS: [usize; 3] = [0, 0, 1];

#[test]
fn every_device_the_server_and_the_model_agree_after_every_step() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(TestServer::unlimited());
    let config = Config {
        cases: 24,
        max_shrink_iters: 400,
        max_shrink_time: 60_000,
        // What failed is printed, and small; there is nothing to keep in a file.
        failure_persistence: None,
        ..Config::default()
    };
    let cases = Cell::new(0);
    TestRunner::new(config)
        .run(&steps::stories(), |story| {
            cases.set(cases.get() + 1);
            runtime.block_on(play(&server, cases.get(), &story));
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

async fn play(server: &TestServer, case: u32, story: &Story) {
    let users = [
        server.user(&format!("ada-{case}")).await,
        server.user(&format!("eve-{case}")).await,
    ];
    let mut devices = Vec::new();
    for (voice, owner) in story.voices.iter().zip(OWNERS) {
        devices.push(Device::open(&users[owner], voice.clone()).await);
    }
    let mut world = World::of(users.each_ref().map(|user| user.grant.user.id.0.clone()));
    for step in &story.steps {
        take(step, &mut devices, &mut world).await;
        for (device, owner) in devices.iter_mut().zip(OWNERS) {
            check(device, &users[owner], &world, owner).await;
        }
    }
}

/// Sends a step's message, twice where it says so, and compares all that is heard of it.
async fn take(step: &Step, devices: &mut [Device], world: &mut World) {
    let (sender, owner) = (step.device, OWNERS[step.device]);
    let id = step.id.map(|id| format!("id-{id}"));
    let text = step
        .say
        .text(id.as_deref(), &world.target(step.which), step.camel_names);
    let other = (0..OWNERS.len()).find(|device| *device != sender && OWNERS[*device] == owner);
    // Only commands with an id may be repeated, and only commands are kept under it.
    let echo = step.echo.filter(|_| id.is_some() && step.say.is_command());
    let senders = match (echo, other) {
        (Some(Echo::There), Some(other)) => vec![sender, other],
        (Some(_), _) => vec![sender, sender],
        (None, _) => vec![sender],
    };
    for device in &senders {
        devices[*device].say(&text).await;
    }
    let mut heard: Vec<Vec<Value>> = vec![Vec::new(); devices.len()];
    for device in &senders {
        heard[*device].extend(devices[*device].hear_answer(id.as_deref()).await);
    }
    for (device, heard) in devices.iter_mut().zip(&mut heard) {
        heard.extend(device.barrier().await);
    }

    // Whichever of two arrived first is the one that was not told "replayed".
    let answer_to = |device: usize| {
        heard[device]
            .iter()
            .find(|m| devices[device].is_answer(m, id.as_deref()))
    };
    let is_first = |device: &usize| answer_to(*device).is_some_and(|answer| answer["replayed"].is_null());
    let first = senders.iter().copied().find(is_first).unwrap_or(sender);
    let (at, timer_id) = devices[first].what(answer_to(first).unwrap());

    let (answer, replayed) = world.answer(owner, step, id.as_deref(), at, timer_id);
    let happened = matches!(answer, Answer::Event { .. }) && !replayed;
    let reply_to = id.as_deref().filter(|_| step.say.names_its_id());
    for (index, device) in devices.iter_mut().enumerate() {
        let say = |to, again| device.voice.message(&answer, world.user(owner), to, again);
        let mut expected = Vec::new();
        if happened && OWNERS[index] == owner && index != first {
            expected.push(say(None, false));
        }
        for nth in 0..senders.iter().filter(|sender| **sender == index).count() {
            expected.push(say(reply_to, replayed || index != first || nth > 0));
        }
        device.compare(&heard[index], expected, step);
        device.apply(&heard[index]);
    }
}

/// What a device keeps, what `timer.sync` and `GET /v1/timers` say, and the model.
async fn check(device: &mut Device, user: &User, world: &World, owner: usize) {
    let timers = world.newest_first(owner);
    let (at, synced) = device.sync().await;
    let modelled: Vec<Value> = timers.iter().map(|timer| device.voice.timer(timer, at)).collect();
    assert_eq!(synced, modelled, "timer.sync is not the model's");
    device.agrees(&synced);

    let before = chrono::Utc::now().timestamp_millis();
    let (_, listed) = user.get(&format!("/v1/timers{}", device.voice.rest_query())).await;
    let after = chrono::Utc::now().timestamp_millis();
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len(), timers.len(), "GET /v1/timers is not the model's");
    for (listed, timer) in listed.iter().zip(timers) {
        device.voice.compare_rest(listed, timer, before, after);
    }
}
