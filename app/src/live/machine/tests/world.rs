//! A browser with several tabs, a server and the network between them, with a clock of its own: hours pass in
//! milliseconds, and everything that can go wrong does at a chosen moment.

use super::{
    network::{HTTP_TIMEOUT, LATENCY},
    server::Server,
    words::{WordNotice, Words},
};
use crate::live::{
    clock::ServerClock,
    election::{Election, ElectionEffect, ElectionInput},
    machine::{Alarm, Effect, Environment, Frame, Input, Machine},
    outbox::Pending,
    session::{Session, SessionEffect, SessionInput, TokenError},
    status::Status,
};
use protocol::time::Timestamp;
use std::collections::{BTreeMap, HashMap, VecDeque};

pub(super) const USER: &str = "ada";

/// All there is. Times are in milliseconds since its beginning.
pub struct World {
    pub now: f64,
    /// What the device's clock shows more than the world's.
    pub device_ahead: f64,
    pub server: Server,
    /// Whether anything reaches the server, and is answered.
    pub network: bool,
    /// Whether the browser has noticed that there is no network.
    pub online: bool,
    pub tabs: Vec<Tab>,
    /// The browser's storage.
    stored: BTreeMap<String, Pending<String>>,
    lock: Lock,
    pub(super) connections: HashMap<u64, Connection>,
    deliveries: VecDeque<(f64, Delivery)>,
    opened: u64,
    random: u64,
    /// What readers were told.
    pub notices: Vec<WordNotice>,
    /// The command ids in the order in which they were given.
    pub given: Vec<String>,
}

pub struct Tab {
    pub machine: Machine<Words>,
    election: Election,
    session: Session,
    pub(super) connection: Option<u64>,
    alarms: HashMap<AnyAlarm, f64>,
    pub is_open: bool,
    pub is_frozen: bool,
    pub is_visible: bool,
    probed_at: f64,
    /// What arrives while it is frozen.
    backlog: Vec<Event>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum AnyAlarm {
    Live(Alarm),
    Renew,
    Probe,
    ProbeTimeout,
}

#[derive(Default)]
struct Lock {
    holder: Option<usize>,
    queue: VecDeque<usize>,
}

pub(super) struct Connection {
    pub(super) tab: usize,
    pub(super) generation: u32,
    /// Whether a message was lost, so that nothing more arrives in either direction.
    pub(super) broken: bool,
}

pub(super) enum Delivery {
    Tab(usize, Event),
    ToServer(u64, String),
    FromServer(u64, Input<Words>),
    Open(u64, String),
}

pub(super) enum Event {
    Live(Input<Words>),
    Session(SessionInput),
    Election(ElectionInput),
    Frame(Frame),
    Alarm(AnyAlarm),
    Awake,
}

impl World {
    pub fn new(tabs: usize) -> Self {
        let mut world = Self {
            now: 0.0,
            device_ahead: 97_000.0,
            server: Server::default(),
            network: true,
            online: true,
            tabs: Vec::new(),
            stored: BTreeMap::new(),
            lock: Lock::default(),
            connections: HashMap::new(),
            deliveries: VecDeque::new(),
            opened: 0,
            random: 1,
            notices: Vec::new(),
            given: Vec::new(),
        };
        (0..tabs).for_each(|_| world.open_tab());
        world
    }

    /// Opens a tab: the server renders its page, which continues with the stored commands.
    pub fn open_tab(&mut self) {
        let index = self.tabs.len();
        let clock = ServerClock::new(Timestamp::from_millis(self.now as i64), self.device_now());
        let words = Words::new(USER, self.server.state());
        self.tabs.push(Tab {
            machine: Machine::new(words, clock, format!("tab{index}"), self.device_now()),
            election: Election::default(),
            session: Session::new(USER.into()),
            connection: None,
            alarms: HashMap::new(),
            is_open: true,
            is_frozen: false,
            is_visible: true,
            probed_at: f64::MIN,
            backlog: Vec::new(),
        });
        let stored = self.stored.values().cloned().collect();
        self.live(index, Input::Stored(stored));
        self.election(index, ElectionInput::Start { supported: true });
    }

    /// Closes a tab, or crashes it: it does nothing more, and the browser passes its lock on.
    pub fn close_tab(&mut self, index: usize) {
        self.tabs[index].is_open = false;
        self.tabs[index].connection = None;
        self.release(index);
    }

    /// The user gives a command in a tab. Returns its id.
    pub fn give(&mut self, index: usize) -> String {
        let id = format!("c{}", self.given.len());
        self.given.push(id.clone());
        self.live(index, Input::Command(id.clone(), format!("word of {id}")));
        id
    }

    /// Nothing runs in a tab until it is thawed.
    pub fn freeze(&mut self, index: usize) {
        self.tabs[index].is_frozen = true;
    }

    pub fn thaw(&mut self, index: usize) {
        self.tabs[index].is_frozen = false;
        for event in std::mem::take(&mut self.tabs[index].backlog) {
            self.on_event(index, event);
        }
        self.awake(index);
    }

    pub fn show(&mut self, index: usize, is_visible: bool) {
        self.tabs[index].is_visible = is_visible;
        self.awake(index);
    }

    /// The browser's event that the page is shown or online again. Hidden tabs ignore it.
    pub fn awake(&mut self, index: usize) {
        if self.tabs[index].is_visible {
            self.deliver(0.0, Delivery::Tab(index, Event::Awake));
        }
    }

    /// Another tab of the browser reports a sign-out, which the session checks.
    pub fn report_sign_out(&mut self) {
        for index in self.open_tabs() {
            self.session(index, SessionInput::SignedOutElsewhere);
        }
    }

    /// The indexes of the open tabs.
    pub fn open_tabs(&self) -> Vec<usize> {
        (0..self.tabs.len()).filter(|index| self.tabs[*index].is_open).collect()
    }

    /// The tabs that hold a live connection.
    pub fn leaders(&self) -> Vec<usize> {
        let leads = |index: &usize| self.tabs[*index].machine.is_leader();
        self.open_tabs().into_iter().filter(leads).collect()
    }

    /// Whether a tab is in step: live, nothing waits, and its words are the server's.
    pub fn is_in_step(&self, index: usize) -> bool {
        let machine = &self.tabs[index].machine;
        machine.status() == Status::Live
            && machine.outbox().is_empty()
            && machine.protocol().state.words == self.server.state().words
    }

    /// Lets so many milliseconds pass.
    pub fn pass(&mut self, millis: f64) {
        let end = self.now + millis;
        while let Some((due, step)) = self.next_step().filter(|(due, _)| *due <= end) {
            self.now = self.now.max(due);
            match step {
                Step::Delivery => {
                    if let Some((_, delivery)) = self.deliveries.pop_front() {
                        self.arrive(delivery);
                    }
                }
                Step::Alarm(index, alarm) => {
                    self.tabs[index].alarms.remove(&alarm);
                    self.on_event(index, Event::Alarm(alarm));
                }
            }
        }
        self.now = end;
    }

    fn next_step(&self) -> Option<(f64, Step)> {
        let delivery = self.deliveries.front().map(|(due, _)| (*due, Step::Delivery));
        let alarms = self.tabs.iter().enumerate().flat_map(|(index, tab)| {
            let rings = tab.is_open && !tab.is_frozen;
            let alarms = tab.alarms.iter().filter(move |_| rings);
            alarms.map(move |(alarm, due)| (*due, Step::Alarm(index, *alarm)))
        });
        delivery.into_iter().chain(alarms).min_by(|a, b| a.0.total_cmp(&b.0))
    }

    fn device_now(&self) -> f64 {
        self.now + self.device_ahead
    }

    /// A number in 0..1, the same in each run.
    fn random(&mut self) -> f64 {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.random >> 40) as f64 / (1u64 << 24) as f64
    }

    pub(super) fn deliver(&mut self, after: f64, delivery: Delivery) {
        let due = self.now + after;
        let at = self.deliveries.partition_point(|(other, _)| *other <= due);
        self.deliveries.insert(at, (due, delivery));
    }

    pub(super) fn on_event(&mut self, index: usize, event: Event) {
        if !self.tabs[index].is_open {
            return;
        }
        if self.tabs[index].is_frozen {
            self.tabs[index].backlog.push(event);
            return;
        }
        match event {
            Event::Live(input) => self.live(index, input),
            Event::Session(input) => self.session(index, input),
            Event::Election(input) => self.election(index, input),
            Event::Frame(Frame::Probe) => {
                self.tabs[index].probed_at = self.now;
                self.election(index, ElectionInput::Probed);
            }
            Event::Frame(Frame::Alive) => self.election(index, ElectionInput::Alive),
            Event::Frame(frame) => self.live(index, Input::Frame(frame)),
            Event::Alarm(AnyAlarm::Live(alarm)) => self.live(index, Input::Alarm(alarm)),
            Event::Alarm(AnyAlarm::Renew) => self.session(index, SessionInput::RenewDue),
            Event::Alarm(AnyAlarm::Probe) => self.election(index, ElectionInput::ProbeDue),
            Event::Alarm(AnyAlarm::ProbeTimeout) => self.election(index, ElectionInput::TimedOut),
            Event::Awake => {
                self.election(index, ElectionInput::Shown);
                self.session(index, SessionInput::Awake);
                self.live(index, Input::Awake);
            }
        }
    }

    fn live(&mut self, index: usize, input: Input<Words>) {
        let tab = &self.tabs[index];
        let environment = Environment {
            now: self.device_now(),
            online: self.online,
            visible: tab.is_visible || self.now - tab.probed_at < 3_000.0,
            random: self.random(),
        };
        for effect in self.tabs[index].machine.step(input, environment) {
            self.perform(index, effect);
        }
    }

    fn perform(&mut self, index: usize, effect: Effect<Words>) {
        match effect {
            Effect::RequestToken => self.session(index, SessionInput::Requested),
            Effect::DiscardToken => self.session(index, SessionInput::Refused),
            Effect::Open { generation, path, .. } => {
                self.opened += 1;
                let connection = Connection {
                    tab: index,
                    generation,
                    broken: false,
                };
                self.connections.insert(self.opened, connection);
                self.tabs[index].connection = Some(self.opened);
                self.deliver(LATENCY, Delivery::Open(self.opened, path));
            }
            Effect::Close => self.tabs[index].connection = None,
            Effect::Send(text) => {
                if let Some(id) = self.tabs[index].connection {
                    self.deliver(LATENCY, Delivery::ToServer(id, text));
                }
            }
            Effect::SetAlarm(alarm, millis) => self.set_alarm(index, AnyAlarm::Live(alarm), millis),
            Effect::ClearAlarm(alarm) => {
                self.tabs[index].alarms.remove(&AnyAlarm::Live(alarm));
            }
            Effect::Store(command) => {
                self.stored.insert(command.id.clone(), command);
            }
            Effect::Forget(command) => {
                self.stored.remove(&command.id);
            }
            Effect::LoadStored => {
                let stored = self.stored.values().cloned().collect();
                self.deliver(0.0, Delivery::Tab(index, Event::Live(Input::Stored(stored))));
            }
            Effect::FetchSnapshot => {
                let (after, input) = match self.is_reachable() {
                    true => (2.0 * LATENCY, Input::Snapshot(self.server.state())),
                    false => (HTTP_TIMEOUT, Input::SnapshotUnavailable),
                };
                self.deliver(after, Delivery::Tab(index, Event::Live(input)));
            }
            Effect::Post(frame) => self.post(index, &frame),
            Effect::Notify { notice, .. } => self.notices.push(notice),
            Effect::Reload => panic!("the user has not changed"),
        }
    }

    fn session(&mut self, index: usize, input: SessionInput) {
        let now = self.device_now();
        for effect in self.tabs[index].session.step(input, now) {
            let input = match effect {
                SessionEffect::Fetch => {
                    let available = self.is_reachable() && self.server.grants_tokens;
                    let (after, answer) = match available {
                        true => (2.0 * LATENCY, Ok(self.server.grant(USER))),
                        false => (HTTP_TIMEOUT, Err(TokenError::Unavailable)),
                    };
                    let granted = Event::Session(SessionInput::Granted(answer));
                    self.deliver(after, Delivery::Tab(index, granted));
                    continue;
                }
                SessionEffect::SetAlarm(millis) => {
                    self.set_alarm(index, AnyAlarm::Renew, millis);
                    continue;
                }
                SessionEffect::Token(token) => Input::Token(token),
                SessionEffect::Unavailable => Input::TokenUnavailable,
                SessionEffect::SignedOut | SessionEffect::ShowSignIn | SessionEffect::Reload => {
                    panic!("the session goes on: {effect:?}")
                }
            };
            self.deliver(0.0, Delivery::Tab(index, Event::Live(input)));
        }
    }

    fn election(&mut self, index: usize, input: ElectionInput) {
        let random = self.random();
        let visible = self.tabs[index].is_visible;
        for effect in self.tabs[index].election.step(input, visible, random) {
            match effect {
                ElectionEffect::Lead => self.live(index, Input::Lead),
                ElectionEffect::Follow => {
                    self.session(index, SessionInput::Idle);
                    self.live(index, Input::Follow);
                }
                ElectionEffect::Queue => {
                    self.lock.queue.push_back(index);
                    self.grant();
                }
                ElectionEffect::Steal => {
                    self.lock.queue.retain(|waiting| *waiting != index);
                    if let Some(former) = self.lock.holder.replace(index) {
                        self.deliver(0.0, Delivery::Tab(former, Event::Election(ElectionInput::Lost)));
                    }
                    self.deliver(0.0, Delivery::Tab(index, Event::Election(ElectionInput::Granted)));
                }
                ElectionEffect::Release => self.release(index),
                ElectionEffect::Probe => self.post(index, &Frame::Probe),
                ElectionEffect::Answer => self.post(index, &Frame::Alive),
                ElectionEffect::SetProbe(millis) => self.set_alarm(index, AnyAlarm::Probe, millis),
                ElectionEffect::SetTimeout(millis) => self.set_alarm(index, AnyAlarm::ProbeTimeout, millis),
                ElectionEffect::ClearTimeout => {
                    self.tabs[index].alarms.remove(&AnyAlarm::ProbeTimeout);
                }
            }
        }
    }

    fn release(&mut self, index: usize) {
        self.lock.queue.retain(|waiting| *waiting != index);
        if self.lock.holder == Some(index) {
            self.lock.holder = None;
            self.grant();
        }
    }

    fn grant(&mut self) {
        if self.lock.holder.is_none()
            && let Some(next) = self.lock.queue.pop_front()
        {
            self.lock.holder = Some(next);
            self.deliver(1.0, Delivery::Tab(next, Event::Election(ElectionInput::Granted)));
        }
    }

    fn post(&mut self, from: usize, frame: &Frame) {
        // As in a browser, what is posted is a copy.
        let json = frame.to_json();
        for index in self.open_tabs().into_iter().filter(|index| *index != from) {
            let frame = Frame::parse(&json).unwrap();
            self.deliver(1.0, Delivery::Tab(index, Event::Frame(frame)));
        }
    }

    fn set_alarm(&mut self, index: usize, alarm: AnyAlarm, millis: u32) {
        self.tabs[index].alarms.insert(alarm, self.now + f64::from(millis));
    }
}

enum Step {
    Delivery,
    Alarm(usize, AnyAlarm),
}
