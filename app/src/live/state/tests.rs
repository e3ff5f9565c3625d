use super::*;
use crate::{
    friends::Friends,
    links::{ScheduleLink, TagLink},
    live::pending::Intent,
    local_time::UtcOffsets,
};
use proptest::prelude::*;
use protocol::{
    id::{ScheduleId, TagGroupId, TagId},
    rest::account::Account,
    tag::Tag,
    timers::{Action, NewTimer, Reason, TimerStatus},
};
use uuid::Uuid;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_000_000_000 + seconds * 1000)
}

fn id(n: u128) -> TimerId {
    TimerId(Uuid::from_u128(n))
}

fn new_timer(title: &str) -> NewTimer {
    NewTimer {
        allocated_seconds: 1500,
        title: Some(title.into()),
        ..NewTimer::default()
    }
}

fn timer(n: u128) -> Timer {
    Timer::create(id(n), "ada".into(), new_timer("Write"), at(0)).unwrap()
}

fn snapshot(seq: u64, timers: Vec<Timer>) -> TimersSnapshot {
    TimersSnapshot {
        account: Account {
            id: "ada".into(),
            email: "ada@example.com".into(),
            display_name: None,
        },
        timers,
        next_active: None,
        has_more_ended: false,
        links: Links::default(),
        friends: Friends::default(),
        seq,
        epoch: "e1".into(),
        now: at(0),
        day_start: at(0),
        utc_offsets: UtcOffsets::default(),
    }
}

fn state() -> LiveState {
    LiveState::new(snapshot(5, vec![timer(1)]))
}

fn event(seq: u64, timer: Timer, action: TimerAction) -> ServerMessage {
    let body = Body::Timer {
        timer: Box::new(timer),
        action,
    };
    ServerMessage {
        seq: Some(seq),
        ..ServerMessage::new(body, at(1))
    }
}

fn paused(n: u128, seconds: i64) -> Timer {
    timer(n).apply(Action::Pause, at(seconds)).unwrap()
}

fn command(name: &str, order: i64, intent: Intent) -> Pending {
    Pending {
        id: name.into(),
        order,
        made_at: at(order),
        intent,
    }
}

fn pause(name: &str, order: i64) -> Pending {
    let intent = Intent::Act {
        action: Action::Pause,
        timer_id: id(1),
    };
    command(name, order, intent)
}

fn status(state: &LiveState) -> Vec<TimerStatus> {
    state.view().iter().map(|shown| shown.timer.status).collect()
}

#[test]
fn a_command_shows_at_once_and_is_rolled_back_when_refused() {
    let mut state = state();
    state.push(pause("a", 3));
    assert_eq!(status(&state), [TimerStatus::Paused]);
    assert!(state.view()[0].waiting);
    let error = WireError::new(ErrorCode::PauseFailed, Reason::TimerNotRunning, "Cannot pause");
    let refusal = ServerMessage::new(Body::Error(error), at(4)).in_reply_to(Some("a".into()));
    let outcome = state.receive(refusal);
    assert_eq!(outcome.refused.unwrap().message, "Cannot pause");
    assert_eq!(outcome.settled.unwrap().id, "a");
    assert_eq!(status(&state), [TimerStatus::Running]);
    assert!(state.pending().is_empty());
}

#[test]
fn the_reply_replaces_the_optimistic_view_and_settles_the_command() {
    let mut state = state();
    state.push(pause("a", 3));
    let reply = event(6, paused(1, 9), TimerAction::Pause).in_reply_to(Some("a".into()));
    let outcome = state.receive(reply);
    assert!(!outcome.resync && outcome.settled.is_some());
    assert_eq!(state.view()[0].timer, paused(1, 9));
    assert_eq!(state.position(), "e1:6");
}

#[test]
fn a_timer_created_here_keeps_its_key_when_the_server_assigns_an_id() {
    let mut state = state();
    let intent = Intent::Create {
        provisional: id(99),
        new: new_timer("Read"),
        tag_ids: Vec::new(),
    };
    state.push(command("a", 3, intent));
    assert!(
        state
            .view()
            .iter()
            .any(|shown| shown.key == id(99) && shown.provisional)
    );
    state.receive(event(6, timer(7), TimerAction::Start).in_reply_to(Some("a".into())));
    let view = state.view();
    assert_eq!(view.len(), 2);
    let named = view.iter().find(|shown| shown.key == id(99)).unwrap();
    assert_eq!((named.timer.id, named.provisional), (id(7), false));
}

/// A list with timer 1, and a tag and a schedule that timers can be linked to.
fn linked_snapshot(seq: u64) -> TimersSnapshot {
    let tag = TagLink {
        id: TagId(Uuid::from_u128(3)),
        name: "deep".into(),
        color: "#2E7D32".into(),
    };
    let schedule = ScheduleLink {
        id: ScheduleId(Uuid::from_u128(4)),
        title: "Mornings".into(),
        start: at(0),
        recurs: false,
        open: true,
    };
    TimersSnapshot {
        links: Links {
            tags: vec![tag],
            schedules: vec![schedule],
            ..Links::default()
        },
        ..snapshot(seq, vec![timer(1)])
    }
}

fn linked(state: &LiveState, key: TimerId) -> Linked {
    let view = state.view();
    view.iter().find(|shown| shown.key == key).unwrap().linked.clone()
}

#[test]
fn a_timer_created_here_shows_its_links_before_and_after_its_reply() {
    let mut state = LiveState::new(linked_snapshot(5));
    let schedule_id = Some(ScheduleId(Uuid::from_u128(4)));
    let new = NewTimer {
        schedule_id,
        ..new_timer("Read")
    };
    let intent = Intent::Create {
        provisional: id(99),
        new,
        tag_ids: vec![TagId(Uuid::from_u128(3))],
    };
    state.push(command("a", 3, intent));
    let before = linked(&state, id(99));
    assert_eq!(
        (before.schedule.as_deref(), before.tags[0].name.as_str()),
        (Some("Mornings"), "deep")
    );
    let deep = Tag {
        id: TagId(Uuid::from_u128(3)),
        owner_id: "ada".into(),
        group_id: TagGroupId(Uuid::nil()),
        name: "deep".into(),
        color: before.tags[0].color.clone(),
        description: None,
        created_at: at(0),
        updated_at: at(0),
    };
    let named = Timer {
        schedule_id,
        tags: vec![deep],
        ..timer(7)
    };
    let outcome = state.receive(event(6, named, TimerAction::Start).in_reply_to(Some("a".into())));
    assert!(!outcome.resync, "all links are known here");
    assert_eq!(linked(&state, id(99)), before);
}

#[test]
fn an_event_with_an_unknown_schedule_asks_for_a_resync() {
    let asks = |timer: Timer, action| {
        let mut state = LiveState::new(linked_snapshot(5));
        state.receive(event(6, timer, action)).resync
    };
    let elsewhere = Timer {
        schedule_id: Some(ScheduleId(Uuid::from_u128(8))),
        ..paused(1, 9)
    };
    assert!(asks(elsewhere, TimerAction::Pause), "its schedule is not known here");
    assert!(!asks(timer(7), TimerAction::Start), "its tags are in the event");
    assert!(!asks(timer(1), TimerAction::Sync));
}

#[test]
fn old_and_duplicate_events_change_nothing() {
    let mut state = state();
    state.receive(event(6, paused(1, 9), TimerAction::Pause));
    state.push(pause("a", 3));
    let mut replay = event(4, timer(1), TimerAction::Start).in_reply_to(Some("a".into()));
    replay.replayed = true;
    let outcome = state.receive(replay);
    assert_eq!((outcome.resync, outcome.settled.is_some()), (false, true));
    assert_eq!(status(&state), [TimerStatus::Paused]);
}

#[test]
fn a_gap_asks_for_a_resync_that_closes_it() {
    let mut state = state();
    let stopped = paused(1, 9).apply(Action::Stop, at(10)).unwrap();
    assert!(state.receive(event(7, stopped.clone(), TimerAction::Stop)).resync);
    assert_eq!(status(&state), [TimerStatus::Running], "nothing is skipped");
    assert!(state.replace(snapshot(4, vec![])), "too old to help");
    assert!(!state.replace(snapshot(6, vec![paused(1, 9)])));
    assert_eq!(status(&state), [TimerStatus::Completed]);
    assert_eq!(state.position(), "e1:7");
}

#[test]
fn a_new_log_is_adopted_with_the_next_list() {
    let mut state = state();
    let connected = Body::Connected {
        user_id: "ada".into(),
        seq: 2,
        epoch: "e2".into(),
    };
    assert!(state.receive(ServerMessage::new(connected, at(1))).resync);
    let sync = Body::Sync {
        timers: vec![timer(2)],
        next: None,
    };
    assert!(state.receive(ServerMessage::new(sync, at(1))).resync);
    assert_eq!(state.view()[0].timer.id, id(2));
    assert_eq!(state.position(), "e2:2");
}

#[test]
fn a_rate_limited_command_stays_pending() {
    let mut state = state();
    state.push(pause("a", 3));
    let mut error = WireError::new(ErrorCode::RateLimitExceeded, Reason::RateLimitExceeded, "Slow down");
    error.retry_after = Some(7);
    let outcome = state.receive(ServerMessage::new(Body::Error(error), at(4)).in_reply_to(Some("a".into())));
    assert_eq!(outcome.hold_seconds, Some(7));
    assert_eq!((state.pending().len(), outcome.refused), (1, None));
}

#[test]
fn loaded_commands_keep_their_order() {
    let mut state = state();
    state.push(pause("b", 4));
    state.push(pause("a", 3));
    state.push(pause("b", 4));
    let ids: Vec<&str> = state.pending().iter().map(|command| command.id.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);
    assert_eq!(state.next_order(Timestamp::from_millis(2)), 5);
    assert_eq!(state.next_order(at(0)), at(0).millis());
}

proptest! {
    /// Once all events have arrived, in any order and with duplicates, the state is that of the right order; and an
    /// older state is never shown after a newer one.
    #[test]
    fn order_of_arrival_does_not_matter(order in prop::collection::vec(1u64..=8, 0..40)) {
        let mut timers = vec![timer(1)];
        for step in 1..=8i64 {
            let action = if step % 2 == 1 { Action::Pause } else { Action::Resume };
            let last = timers.last().unwrap().apply(action, at(step)).unwrap();
            timers.push(last);
        }
        let mut state = state();
        let mut shown = 0;
        for step in order.into_iter().chain(1..=8) {
            state.receive(event(5 + step, timers[step as usize].clone(), TimerAction::Sync));
            let now = timers.iter().position(|timer| *timer == state.view()[0].timer).unwrap();
            prop_assert!(now >= shown);
            shown = now;
        }
        prop_assert_eq!(shown, 8);
    }
}

#[test]
fn requested_pages_add_to_the_known_timers() {
    let mut state = LiveState::new(TimersSnapshot {
        next_active: Some("c1".into()),
        ..snapshot(5, vec![timer(9)])
    });
    assert_eq!(state.take_next_active().as_deref(), Some("c1"));
    assert_eq!(state.take_next_active(), None, "each page is requested once");
    let page = |timers, next: Option<&str>| {
        let next = next.map(str::to_owned);
        ServerMessage::new(Body::Sync { timers, next }, at(1)).in_reply_to(Some("page".into()))
    };
    assert_eq!(
        state.receive(page(vec![timer(3), timer(2)], Some("c2"))),
        Outcome::default()
    );
    assert_eq!(state.take_next_active().as_deref(), Some("c2"));
    state.receive(page(vec![timer(1)], None));
    assert_eq!(state.take_next_active(), None);
    assert_eq!(state.view().len(), 4);
}
