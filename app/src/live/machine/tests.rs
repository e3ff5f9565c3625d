//! The connection against a simulated server, in one tab and in several.

mod happenings;
mod network;
mod server;
mod words;
mod world;

use crate::live::status::Status;
use happenings::happening;
use proptest::prelude::*;
use words::WordNotice;
use world::World;

/// Enough for any wait between two attempts.
const A_MINUTE: f64 = 60_000.0;
const AN_HOUR: f64 = 60.0 * A_MINUTE;

/// A world in which a tab is connected.
fn connected(tabs: usize) -> World {
    let mut world = World::new(tabs);
    world.pass(1_000.0);
    assert_in_step(&world);
    world
}

/// All tabs show what the server has, and it applied each command once.
fn assert_in_step(world: &World) {
    let mut applied = world.server.state().words;
    applied.sort();
    let mut given: Vec<String> = world.given.iter().map(|id| format!("word of {id}")).collect();
    given.sort();
    assert_eq!(applied, given, "each command is applied once");
    assert_eq!(world.leaders().len(), 1, "one tab has the connection");
    for index in world.open_tabs() {
        let machine = &world.tabs[index].machine;
        assert_eq!(machine.status(), Status::Live, "tab {index}");
        assert!(machine.outbox().is_empty(), "tab {index}: {:?}", machine.outbox());
        assert!(world.is_in_step(index), "tab {index}: {:?}", machine.protocol().state);
    }
}

#[test]
fn a_command_shows_in_all_tabs_before_the_server_has_it_and_goes_out_once() {
    let mut world = connected(3);
    world.give(2);
    world.pass(5.0);
    for index in 0..3 {
        assert_eq!(world.tabs[index].machine.outbox().len(), 1, "tab {index}");
    }
    world.pass(1_000.0);
    assert_in_step(&world);
    assert_eq!(world.server.received, world.given);
}

#[test]
fn commands_of_all_tabs_go_out_once_and_in_order() {
    let mut world = connected(5);
    for index in [4, 1, 3, 0, 2, 4] {
        world.give(index);
        world.pass(2.0);
    }
    world.pass(1_000.0);
    assert_in_step(&world);
    assert_eq!(world.server.received, world.given);
}

#[test]
fn a_refused_token_is_replaced_again_and_again_with_growing_waits() {
    let mut world = connected(1);
    world.give(0);
    world.server.refuses = 6;
    world.close_connections(1008);
    world.pass(2.0 * A_MINUTE);
    assert_in_step(&world);
}

#[test]
fn a_server_that_does_not_answer_is_given_up_after_the_timeout() {
    let mut world = connected(1);
    world.close_connections(1012);
    world.pass(25.0);
    world.set_network(false);
    world.give(0);
    world.pass(9_000.0);
    assert_ne!(world.tabs[0].machine.status(), Status::Live);
    world.set_network(true);
    world.pass(A_MINUTE);
    assert_in_step(&world);
}

#[test]
fn a_missing_pong_ends_a_connection_that_looks_alive() {
    let mut world = connected(1);
    world.set_network(false);
    world.set_network(true);
    world.give(0);
    world.pass(20_000.0);
    assert_eq!(world.tabs[0].machine.status(), Status::Live, "nothing has told it yet");
    world.pass(A_MINUTE);
    assert_in_step(&world);
}

#[test]
fn rate_limited_commands_are_sent_again_after_the_period() {
    let mut world = connected(1);
    world.server.slow_until = world.now + 3_000.0;
    world.give(0);
    world.pass(1_000.0);
    assert_eq!(world.tabs[0].machine.outbox().len(), 1);
    world.pass(3_000.0);
    assert_in_step(&world);
}

#[test]
fn a_false_report_of_a_sign_out_changes_nothing() {
    let mut world = connected(2);
    world.report_sign_out();
    world.pass(1_000.0);
    assert_in_step(&world);
}

#[test]
fn commands_of_yesterday_are_dropped_and_reported_and_not_sent() {
    let mut world = connected(1);
    world.server.is_up = false;
    world.close_connections(1006);
    world.pass(100.0);
    let old = world.give(0);
    world.pass(24.0 * AN_HOUR);
    world.server.is_up = true;
    world.give(0);
    world.pass(A_MINUTE);
    assert!(!world.server.received.contains(&old));
    assert_eq!(world.notices, [WordNotice::Dropped(1)]);
    assert_eq!(world.server.state().words, ["word of c1"]);
}

#[test]
fn a_clock_that_jumps_back_prolongs_no_wait() {
    let mut world = connected(1);
    world.server.is_up = false;
    world.close_connections(1006);
    world.give(0);
    world.pass(A_MINUTE);
    world.device_ahead -= AN_HOUR;
    world.server.is_up = true;
    world.pass(A_MINUTE);
    assert_in_step(&world);
}

#[test]
fn a_page_is_in_step_again_within_a_second_after_an_hour_of_sleep() {
    let mut world = connected(2);
    world.freeze(0);
    world.freeze(1);
    // The server gave the connection up, and somebody else's device went on.
    world.close_connections(1006);
    world.pass(AN_HOUR);
    world.thaw(0);
    world.thaw(1);
    world.pass(1_000.0);
    assert_in_step(&world);
}

#[test]
fn a_network_that_was_gone_for_minutes_is_used_again_within_a_second() {
    let mut world = connected(2);
    world.set_network(false);
    world.online = false;
    world.give(0);
    world.pass(5.0 * A_MINUTE);
    world.set_network(true);
    world.online = true;
    world.awake(0);
    world.awake(1);
    world.pass(1_000.0);
    assert_in_step(&world);
}

#[test]
fn a_hidden_tab_is_in_step_within_a_second_after_it_is_shown() {
    let mut world = connected(2);
    let follower = 1 - world.leaders()[0];
    world.show(follower, false);
    world.server.start_new_log();
    world.close_connections(1012);
    world.pass(A_MINUTE);
    world.give(1 - follower);
    world.pass(A_MINUTE);
    world.show(follower, true);
    world.pass(1_000.0);
    assert_in_step(&world);
}

#[test]
fn events_of_another_log_lead_to_the_whole_list() {
    let mut world = connected(2);
    world.give(0);
    world.pass(1_000.0);
    world.server.start_new_log();
    world.close_connections(1012);
    world.pass(2_000.0);
    world.give(1);
    world.pass(1_000.0);
    assert_in_step(&world);
}

#[test]
fn another_tab_takes_over_within_two_seconds_when_the_leader_is_closed() {
    let mut world = connected(3);
    let leader = world.leaders()[0];
    world.close_tab(leader);
    let other = world.open_tabs()[0];
    world.give(other);
    world.pass(2_000.0);
    assert_in_step(&world);
}

#[test]
fn another_tab_takes_over_within_two_seconds_when_the_leader_is_frozen() {
    let mut world = connected(3);
    let leader = world.leaders()[0];
    world.freeze(leader);
    let other = (leader + 1) % 3;
    world.give(other);
    world.pass(2_000.0);
    assert!(world.is_in_step(other), "{:?}", world.tabs[other].machine.outbox());
    world.thaw(leader);
    world.pass(2_000.0);
    assert_in_step(&world);
}

#[test]
fn what_a_closed_tab_asked_for_is_done_by_the_next() {
    let mut world = connected(1);
    world.server.is_up = false;
    world.close_connections(1006);
    world.give(0);
    world.close_tab(0);
    world.server.is_up = true;
    world.pass(A_MINUTE);
    world.open_tab();
    world.pass(1_000.0);
    assert_in_step(&world);
}

proptest! {
    /// Whatever happens, each command is applied exactly once, and all tabs end in step once the world allows it.
    #[test]
    fn no_command_is_lost_or_applied_twice(
        tabs in 1..5usize,
        happenings in prop::collection::vec((happening(), 0.0..5_000.0), 0..40),
    ) {
        let mut world = World::new(tabs);
        for (happening, then) in &happenings {
            world.happen(happening);
            world.pass(*then);
        }
        world.mend();
        world.pass(3.0 * A_MINUTE);
        assert_in_step(&world);
    }
}
