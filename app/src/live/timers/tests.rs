use super::*;
use crate::{
    friends::Friends,
    links::{Linked, ScheduleLink, TagLink},
    local_time::UtcOffsets,
};
use proptest::prelude::*;
use protocol::{
    id::{ScheduleId, TagGroupId, TagId},
    rest::account::Account,
    tag::Tag,
    timers::{Action, NewTimer, Reason, Timer, TimerStatus},
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
        unread: 0,
        seq,
        epoch: "e1".into(),
        now: at(0),
        day_start: at(0),
        utc_offsets: UtcOffsets::default(),
    }
}

/// The state with an outbox, as the connection keeps them.
struct Page {
    timers: Timers,
    outbox: Outbox<TimerCommand>,
}

impl Page {
    fn of(snapshot: TimersSnapshot) -> Self {
        Self {
            timers: Timers::new(snapshot),
            outbox: Outbox::default(),
        }
    }

    fn push(&mut self, command: Pending<TimerCommand>) {
        self.timers.touch(&command);
        self.outbox.push(command);
    }

    fn receive(&mut self, message: ServerMessage) -> Received<Timers> {
        self.timers.receive_message(message, &mut self.outbox)
    }

    /// All timers, newest first.
    fn view(&self) -> Vec<TimerItem> {
        let ids = self.timers.ids(&self.outbox).into_iter();
        let mut items: Vec<TimerItem> = ids.filter_map(|id| self.timers.item(id, &self.outbox)).collect();
        items.sort_by_key(|item| std::cmp::Reverse((item.timer.created_at, item.timer.id)));
        items
    }
}

fn page() -> Page {
    Page::of(snapshot(5, vec![timer(1)]))
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

fn command(name: &str, order: i64, command: TimerCommand) -> Pending<TimerCommand> {
    Pending {
        id: name.into(),
        order,
        made_at: at(order),
        command,
    }
}

fn pause(name: &str, order: i64) -> Pending<TimerCommand> {
    let pause = TimerCommand::Act {
        action: Action::Pause,
        timer_id: id(1),
    };
    command(name, order, pause)
}

/// The creation of a timer by a command whose id is that of the provisional timer.
fn create(provisional: u128, order: i64, new: NewTimer, tag_ids: Vec<TagId>) -> Pending<TimerCommand> {
    let name = Uuid::from_u128(provisional).to_string();
    command(&name, order, TimerCommand::Create { new, tag_ids })
}

fn status(page: &Page) -> Vec<TimerStatus> {
    page.view().iter().map(|shown| shown.timer.status).collect()
}

#[test]
fn a_command_shows_at_once_and_is_rolled_back_when_refused() {
    let mut state = page();
    state.push(pause("a", 3));
    assert_eq!(status(&state), [TimerStatus::Paused]);
    assert!(state.view()[0].waiting);
    let error = WireError::new(ErrorCode::PauseFailed, Reason::TimerNotRunning, "Cannot pause");
    let refusal = ServerMessage::new(Body::Error(error), at(4)).in_reply_to(Some("a".into()));
    let outcome = state.receive(refusal);
    let Some(TimerNotice::Refused(error)) = outcome.notice else {
        panic!("{:?}", outcome.notice);
    };
    assert_eq!(error.message, "Cannot pause");
    assert_eq!(outcome.settled.unwrap().id, "a");
    assert_eq!(status(&state), [TimerStatus::Running]);
    assert!(state.outbox.is_empty());
}

#[test]
fn the_reply_replaces_the_optimistic_view_and_settles_the_command() {
    let mut state = page();
    state.push(pause("a", 3));
    let reply = event(6, paused(1, 9), TimerAction::Pause).in_reply_to(Some("a".into()));
    let outcome = state.receive(reply);
    assert!(!outcome.resync && outcome.settled.is_some());
    assert_eq!(state.view()[0].timer, paused(1, 9));
    assert_eq!(state.timers.position(), "e1:6");
}

#[test]
fn a_timer_created_here_keeps_its_key_when_the_server_assigns_an_id() {
    let mut state = page();
    let name = Uuid::from_u128(99).to_string();
    state.push(create(99, 3, new_timer("Read"), Vec::new()));
    assert!(
        state
            .view()
            .iter()
            .any(|shown| shown.key == id(99) && shown.provisional)
    );
    state.receive(event(6, timer(7), TimerAction::Start).in_reply_to(Some(name)));
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

fn linked(state: &Page, key: TimerId) -> Linked {
    let view = state.view();
    view.iter().find(|shown| shown.key == key).unwrap().linked.clone()
}

#[test]
fn a_timer_created_here_shows_its_links_before_and_after_its_reply() {
    let mut state = Page::of(linked_snapshot(5));
    let schedule_id = Some(ScheduleId(Uuid::from_u128(4)));
    let new = NewTimer {
        schedule_id,
        ..new_timer("Read")
    };
    let name = Uuid::from_u128(99).to_string();
    state.push(create(99, 3, new, vec![TagId(Uuid::from_u128(3))]));
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
    let outcome = state.receive(event(6, named, TimerAction::Start).in_reply_to(Some(name)));
    assert!(!outcome.resync, "all links are known here");
    assert_eq!(linked(&state, id(99)), before);
}

#[test]
fn an_event_with_an_unknown_schedule_asks_for_a_resync() {
    let asks = |timer: Timer, action| {
        let mut state = Page::of(linked_snapshot(5));
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
    let mut state = page();
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
    let mut state = page();
    let stopped = paused(1, 9).apply(Action::Stop, at(10)).unwrap();
    assert!(state.receive(event(7, stopped.clone(), TimerAction::Stop)).resync);
    assert_eq!(status(&state), [TimerStatus::Running], "nothing is skipped");
    let too_old = state.timers.replace(snapshot(4, vec![]));
    assert_eq!(too_old, Replaced::TooOld);
    assert_eq!(state.timers.replace(snapshot(6, vec![paused(1, 9)])), Replaced::Done);
    assert_eq!(status(&state), [TimerStatus::Completed]);
    assert_eq!(state.timers.position(), "e1:7");
}

#[test]
fn a_kept_page_is_read_again_with_its_first_connection() {
    let mut state = page();
    state.timers.set_old();
    let connected = || Body::Connected {
        user_id: "ada".into(),
        seq: 5,
        epoch: "e1".into(),
    };
    assert!(state.receive(ServerMessage::new(connected(), at(1))).resync);
    assert!(!state.receive(ServerMessage::new(connected(), at(2))).resync);
}

#[test]
fn a_new_log_is_adopted_with_the_next_list() {
    let mut state = page();
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
    assert_eq!(state.timers.position(), "e2:2");
}

#[test]
fn a_rate_limited_command_stays_pending() {
    let mut state = page();
    state.push(pause("a", 3));
    let mut error = WireError::new(ErrorCode::RateLimitExceeded, Reason::RateLimitExceeded, "Slow down");
    error.retry_after = Some(7);
    let outcome = state.receive(ServerMessage::new(Body::Error(error), at(4)).in_reply_to(Some("a".into())));
    assert_eq!(outcome.signal, Signal::RateLimited { seconds: 7 });
    assert_eq!((state.outbox.len(), outcome.notice), (1, None));
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
        let mut state = page();
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
    let mut state = Page::of(TimersSnapshot {
        next_active: Some("c1".into()),
        ..snapshot(5, vec![timer(9)])
    });
    let cursor = |state: &mut Page, id: &str| {
        let asked: serde_json::Value = serde_json::from_str(&state.timers.request_more(id)?).unwrap();
        Some(asked["payload"]["cursor"].as_str()?.to_owned())
    };
    assert_eq!(cursor(&mut state, "r1").as_deref(), Some("c1"));
    assert_eq!(cursor(&mut state, "r2"), None, "each page is requested once");
    let page = |timers, next: Option<&str>, asked: &str| {
        let next = next.map(str::to_owned);
        ServerMessage::new(Body::Sync { timers, next }, at(1)).in_reply_to(Some(asked.into()))
    };
    assert!(!state.receive(page(vec![timer(3), timer(2)], Some("c2"), "r1")).resync);
    state.receive(page(vec![timer(5)], Some("far"), "of another tab"));
    assert_eq!(cursor(&mut state, "r3").as_deref(), Some("c2"));
    state.receive(page(vec![timer(1)], None, "r3"));
    assert_eq!(cursor(&mut state, "r4"), None);
    assert_eq!(state.view().len(), 5);
}

#[test]
fn only_what_a_message_concerns_is_painted_again() {
    let mut state = page();
    assert_eq!(state.timers.take_changes(), TimerChanges::default());
    state.receive(event(6, paused(1, 9), TimerAction::Pause));
    let changes = state.timers.take_changes();
    assert_eq!(
        (changes.all, changes.timers.into_iter().collect::<Vec<_>>()),
        (false, vec![id(1)])
    );
    state.push(pause("a", 3));
    assert!(state.timers.take_changes().timers.contains(&id(1)), "a pending command");
    state.timers.replace(snapshot(7, vec![]));
    assert!(state.timers.take_changes().all);
}

#[test]
fn a_tab_notices_that_another_has_seen_more() {
    let state = page();
    assert!(!state.timers.is_behind("e1:5") && !state.timers.is_behind("e1:4"));
    assert!(state.timers.is_behind("e1:6") && state.timers.is_behind("e2:1"));
}
