//! Model-based test: two users with three devices send random commands. Each device must receive exactly the messages
//! that the model predicts, in its own dialect and timezone. Afterwards the state that each device keeps, the server's
//! answers and the model must agree.

mod client_format;
mod device;
mod oracle;
mod steps;

use crate::support::{TestServer, User};
use device::Device;
use oracle::{Answer, Model};
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use std::cell::Cell;
use steps::{Repeat, Scenario, Step};

/// The user of each of the three devices.
const OWNERS: [usize; 3] = [0, 0, 1];

#[test]
fn devices_server_and_model_agree_after_every_step() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(TestServer::unlimited());
    let config = Config {
        cases: 24,
        max_shrink_iters: 400,
        max_shrink_time: 60_000,
        // The shrunk failure is printed, so nothing is written to a file.
        failure_persistence: None,
        ..Config::default()
    };
    let cases = Cell::new(0);
    TestRunner::new(config)
        .run(&steps::scenarios(), |scenario| {
            cases.set(cases.get() + 1);
            runtime.block_on(run_scenario(&server, cases.get(), &scenario));
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

async fn run_scenario(server: &TestServer, case: u32, scenario: &Scenario) {
    let users = [
        server.user(&format!("ada-{case}")).await,
        server.user(&format!("eve-{case}")).await,
    ];
    let mut devices = Vec::new();
    for (format, owner) in scenario.formats.iter().zip(OWNERS) {
        devices.push(Device::open(&users[owner], format.clone()).await);
    }
    let mut model = Model::of(users.each_ref().map(|user| user.grant.user.id.0.clone()));
    for step in &scenario.steps {
        let occurred_at = step.late.map(|late| chrono::Utc::now().timestamp_millis() - late);
        let step = Step {
            occurred_at,
            ..step.clone()
        };
        run_step(&step, &mut devices, &mut model).await;
        for (device, owner) in devices.iter_mut().zip(OWNERS) {
            assert_consistent(device, &users[owner], &model, owner).await;
        }
    }
}

/// Sends a step's request, repeated if it says so, and compares all messages that follow.
async fn run_step(step: &Step, devices: &mut [Device], model: &mut Model) {
    let (sender, owner) = (step.device, OWNERS[step.device]);
    let id = step.id.map(|id| format!("id-{id}"));
    let text = step.request.text(
        id.as_deref(),
        &model.target(step.target),
        step.camel_names,
        step.occurred_at,
    );
    let other = (0..OWNERS.len()).find(|device| *device != sender && OWNERS[*device] == owner);
    // Only commands with an id are idempotent, so only they are repeated.
    let repeat = step.repeat.filter(|_| id.is_some() && step.request.is_command());
    let senders = match (repeat, other) {
        (Some(Repeat::OtherDevice), Some(other)) => vec![sender, other],
        (Some(_), _) => vec![sender, sender],
        (None, _) => vec![sender],
    };
    for device in &senders {
        devices[*device].send(&text).await;
    }
    let mut received: Vec<Vec<Value>> = vec![Vec::new(); devices.len()];
    for device in &senders {
        received[*device].extend(devices[*device].read_until_answer(id.as_deref()).await);
    }
    for (device, received) in devices.iter_mut().zip(&mut received) {
        received.extend(device.barrier().await);
    }

    // Of two senders, the one whose answer is not marked `replayed` arrived first.
    let answer_to = |device: usize| {
        received[device]
            .iter()
            .find(|m| devices[device].is_answer(m, id.as_deref()))
    };
    let is_first = |device: &usize| answer_to(*device).is_some_and(|answer| answer["replayed"].is_null());
    let first = senders.iter().copied().find(is_first).unwrap_or(sender);
    let (at, timer_id) = devices[first].server_choices(answer_to(first).unwrap());

    let (answer, replayed) = model.answer(owner, step, id.as_deref(), at, timer_id);
    let is_new_event = matches!(answer, Answer::Event { .. }) && !replayed;
    let reply_to = id.as_deref().filter(|_| step.request.has_readable_id());
    for (index, device) in devices.iter_mut().enumerate() {
        let message = |to, replayed| device.format.message(&answer, model.user(owner), to, replayed);
        let mut expected = Vec::new();
        if is_new_event && OWNERS[index] == owner && index != first {
            expected.push(message(None, false));
        }
        for nth in 0..senders.iter().filter(|sender| **sender == index).count() {
            expected.push(message(reply_to, replayed || index != first || nth > 0));
        }
        device.assert_received(&received[index], expected, step);
        device.apply(&received[index]);
    }
}

/// Asserts that a device's state, `timer.sync`, `GET /v1/timers` and the model agree.
async fn assert_consistent(device: &mut Device, user: &User, model: &Model, owner: usize) {
    let timers = model.newest_first(owner);
    let (at, synced) = device.sync().await;
    let expected: Vec<Value> = timers.iter().map(|timer| device.format.timer(timer, at)).collect();
    assert_eq!(synced, expected, "timer.sync differs from the model");
    device.assert_state_matches(&synced);

    let before = chrono::Utc::now().timestamp_millis();
    let (_, listed) = user.get(&format!("/v1/timers{}", device.format.rest_query())).await;
    let after = chrono::Utc::now().timestamp_millis();
    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len(), timers.len(), "GET /v1/timers differs from the model");
    for (listed, timer) in listed.iter().zip(timers) {
        device.format.assert_rest_timer(listed, timer, before, after);
    }
}
