//! Performs the effects of the live connection's state machines in the browser: a single task that handles all events in
//! order.

mod alarms;
mod channel;
mod lock;
mod socket;
mod storage;
mod tabs;
mod token;
mod wake;

use super::{
    election::ElectionInput,
    live_protocol::LiveProtocol,
    machine::{Alarm, Effect, Environment, Frame, Input, Machine},
    session::{Session, SessionEffect, SessionInput},
};
use crate::{api::PageError, browser};
pub use lock::hold as wait_for_lock;

use alarms::Alarms;
use futures_channel::{
    mpsc::{UnboundedSender, unbounded},
    oneshot,
};
use futures_util::StreamExt;
use leptos::{prelude::on_cleanup, task::spawn_local};
use protocol::time::Timestamp;
use socket::{Socket, SocketEvent};
use std::rc::Rc;
use tabs::Tabs;

/// The version of the frames between tabs. Tabs of releases with other frames have a connection of their own.
const FRAMES: u32 = 1;

/// The page, as the connection of a protocol sees it.
pub trait LiveView<P: LiveProtocol>: Copy + 'static {
    /// Fetches the whole state; `None` when the user is signed out.
    fn fetch(self) -> impl Future<Output = Result<Option<P::Snapshot>, PageError>>;

    /// Tells the reader something.
    fn notify(self, notice: P::Notice);

    /// Shows what has changed in the state, the status and the clock.
    fn show(self, machine: &mut Machine<P>);

    /// The page is shown again after it was hidden, or after a sleep.
    fn awake(self);
}

/// Everything that can happen to a page.
enum Event<P: LiveProtocol> {
    Live(Input<P>),
    Session(SessionInput),
    Election(ElectionInput),
    Frame(Frame),
    /// The page is shown or online again, or has the focus.
    Awake,
    SignedOutElsewhere,
    /// A request needs the session's token.
    TokenWanted(oneshot::Sender<Option<String>>),
}

/// The alarms of all machines.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum AnyAlarm {
    Live(Alarm),
    Renew,
    Probe,
    ProbeTimeout,
}

/// Gives a page's requests to its live connection.
pub struct Inputs<P: LiveProtocol>(UnboundedSender<Event<P>>);

impl<P: LiveProtocol> Inputs<P> {
    /// A command of the user.
    pub fn command(&self, command: P::Command) {
        let id = browser::random_uuid().to_string();
        let _ = self.0.unbounded_send(Event::Live(Input::Command(id, command)));
    }

    /// A command that the user gave at this time on the server's clock.
    pub fn held_command(&self, command: P::Command, given_at: Timestamp) {
        let id = browser::random_uuid().to_string();
        let _ = self
            .0
            .unbounded_send(Event::Live(Input::HeldCommand(id, command, given_at)));
    }

    /// The user wants to connect now.
    pub fn awake(&self) {
        let _ = self.0.unbounded_send(Event::Awake);
    }

    /// The session's tokens, for requests.
    pub fn tokens(&self) -> TokenSource
    where
        P: 'static,
    {
        let (wanted, refused) = (self.0.clone(), self.0.clone());
        TokenSource {
            want: Rc::new(move |answer| drop(wanted.unbounded_send(Event::TokenWanted(answer)))),
            refuse: Rc::new(move || drop(refused.unbounded_send(Event::Session(SessionInput::Refused)))),
        }
    }
}

/// The session's tokens, for requests.
#[derive(Clone)]
pub struct TokenSource {
    want: Rc<dyn Fn(oneshot::Sender<Option<String>>)>,
    refuse: Rc<dyn Fn()>,
}

impl TokenSource {
    /// A valid token; `None` when there is none at the moment.
    pub async fn token(&self) -> Option<String> {
        let (sender, receiver) = oneshot::channel();
        (self.want)(sender);
        receiver.await.ok().flatten()
    }

    /// The server refused the token: it is not used again.
    pub fn refuse(&self) {
        (self.refuse)();
    }
}

struct Runtime<P: LiveProtocol, V> {
    machine: Machine<P>,
    session: Session,
    tabs: Tabs,
    view: V,
    socket: Option<Socket>,
    alarms: Alarms<AnyAlarm>,
    /// Requests that wait for a token.
    token_wanted: Vec<oneshot::Sender<Option<String>>>,
    events: UnboundedSender<Event<P>>,
}

/// Starts the live connection of a page; called once, after hydration.
pub fn start<P, V>(machine: Machine<P>, view: V) -> Inputs<P>
where
    P: LiveProtocol + 'static,
    V: LiveView<P>,
{
    let (events, mut receiver) = unbounded();
    listen(&events);
    let inputs = Inputs(events.clone());
    spawn_local(async move {
        let mut runtime = Runtime::new(machine, view, events);
        runtime.begin();
        while let Some(event) = receiver.next().await {
            runtime.on_event(event);
        }
    });
    inputs
}

/// Turns the browser's events into those of the runtime, until the page is left: then the task ends, and drops the
/// socket, the alarms and the lock.
fn listen<P: LiveProtocol + 'static>(events: &UnboundedSender<Event<P>>) {
    let awake = events.clone();
    wake::on_wake(move || {
        let _ = awake.unbounded_send(Event::Awake);
    });
    let lost = events.clone();
    wake::on_offline(move || {
        let _ = lost.unbounded_send(Event::Live(Input::NetworkLost));
    });
    let left = events.clone();
    wake::on_signed_out_elsewhere(move || {
        let _ = left.unbounded_send(Event::SignedOutElsewhere);
    });
    let ended = events.clone();
    on_cleanup(move || ended.close_channel());
}

impl<P, V> Runtime<P, V>
where
    P: LiveProtocol + 'static,
    V: LiveView<P>,
{
    fn new(machine: Machine<P>, view: V, events: UnboundedSender<Event<P>>) -> Self {
        let rings = events.clone();
        let alarms = Alarms::new(move |alarm| {
            let rings = rings.clone();
            Box::new(move || {
                let _ = rings.unbounded_send(match alarm {
                    AnyAlarm::Live(alarm) => Event::Live(Input::Alarm(alarm)),
                    AnyAlarm::Renew => Event::Session(SessionInput::RenewDue),
                    AnyAlarm::Probe => Event::Election(ElectionInput::ProbeDue),
                    AnyAlarm::ProbeTimeout => Event::Election(ElectionInput::TimedOut),
                });
            })
        });
        let user = machine.protocol().user();
        Self {
            session: Session::new(user.clone()),
            tabs: Tabs::open(&format!("lockstep.{FRAMES}.{}.{user}", P::NAME), &events),
            machine,
            view,
            socket: None,
            alarms,
            token_wanted: Vec::new(),
            events,
        }
    }

    fn begin(&mut self) {
        // The channel is open, so a command that another tab settles from now on is settled here as well.
        self.live(Input::Stored(storage::load::<P>(self.machine.protocol().user())));
        let supported = self.tabs.is_supported();
        self.election(ElectionInput::Start { supported });
    }

    fn on_event(&mut self, event: Event<P>) {
        match event {
            Event::Live(input) => self.live(input),
            Event::Session(input) => self.session(input),
            Event::Election(input) => self.election(input),
            Event::Frame(Frame::Probe) => {
                self.tabs.note_probe();
                self.alarms.ring_overdue();
                self.election(ElectionInput::Probed);
            }
            Event::Frame(Frame::Alive) => self.election(ElectionInput::Alive),
            Event::Frame(frame) => self.live(Input::Frame(frame)),
            Event::Awake => {
                self.view.awake();
                self.election(ElectionInput::Shown);
                self.session(SessionInput::Awake);
                self.live(Input::Awake);
            }
            Event::SignedOutElsewhere => self.session(SessionInput::SignedOutElsewhere),
            Event::TokenWanted(answer) => match self.session.token(browser::device_millis()) {
                Some(token) => drop(answer.send(Some(token.to_owned()))),
                None => {
                    self.token_wanted.push(answer);
                    self.session(SessionInput::Requested);
                }
            },
        }
    }

    fn live(&mut self, input: Input<P>) {
        let environment = Environment {
            now: browser::device_millis(),
            random: browser::random(),
            online: browser::is_online(),
            visible: browser::is_visible() || self.tabs.is_watched(),
        };
        let effects = self.machine.step(input, environment);
        for effect in effects {
            self.perform(effect);
        }
        self.view.show(&mut self.machine);
        if self.machine.is_stopped() {
            self.election(ElectionInput::Resign);
        }
    }

    fn perform(&mut self, effect: Effect<P>) {
        let user = self.machine.protocol().user();
        match effect {
            Effect::RequestToken => self.session(SessionInput::Requested),
            Effect::DiscardToken => self.session(SessionInput::Refused),
            Effect::Open {
                generation,
                path,
                token,
            } => self.open(generation, &path, &token),
            Effect::Close => self.socket = None,
            Effect::Send(text) => {
                if let Some(socket) = &self.socket {
                    socket.send(&text);
                }
            }
            Effect::SetAlarm(alarm, millis) => self.alarms.set(AnyAlarm::Live(alarm), millis),
            Effect::ClearAlarm(alarm) => self.alarms.clear(AnyAlarm::Live(alarm)),
            Effect::Store(command) => storage::keep::<P>(user, &command),
            Effect::Forget(command) => storage::forget::<P>(user, &command),
            Effect::LoadStored => {
                let stored = storage::load::<P>(user);
                self.send(Event::Live(Input::Stored(stored)));
            }
            Effect::FetchSnapshot => self.fetch(),
            Effect::Post(frame) => self.tabs.post(&frame),
            // A command of a tab that is gone concerns whoever looks.
            Effect::Notify { notice, here } => {
                if here || browser::is_visible() {
                    self.view.notify(notice);
                }
            }
            Effect::Reload => browser::reload(),
        }
    }

    fn open(&mut self, generation: u32, path: &str, token: &str) {
        let events = self.events.clone();
        let opened = Socket::open(path, token, move |event| {
            let _ = events.unbounded_send(Event::Live(match event {
                SocketEvent::Text(text) => Input::Text(generation, text),
                SocketEvent::Closed { code } => Input::Closed(generation, code),
            }));
        });
        match opened {
            Ok(socket) => self.socket = Some(socket),
            Err(_) => self.send(Event::Live(Input::Closed(generation, super::machine::ABNORMAL))),
        }
    }

    fn fetch(&self) {
        let (view, events) = (self.view, self.events.clone());
        spawn_local(async move {
            let input = match view.fetch().await {
                Ok(Some(snapshot)) => Input::Snapshot(snapshot),
                // Signed out: the next token request reports it.
                Ok(None) | Err(_) => Input::SnapshotUnavailable,
            };
            let _ = events.unbounded_send(Event::Live(input));
        });
    }

    fn session(&mut self, input: SessionInput) {
        for effect in self.session.step(input, browser::device_millis()) {
            match effect {
                SessionEffect::Fetch => {
                    let events = self.events.clone();
                    spawn_local(async move {
                        let granted = SessionInput::Granted(token::fetch().await);
                        let _ = events.unbounded_send(Event::Session(granted));
                    });
                }
                SessionEffect::SetAlarm(millis) => self.alarms.set(AnyAlarm::Renew, millis),
                SessionEffect::Token(token) => {
                    self.answer_wanted(Some(&token));
                    self.send(Event::Live(Input::Token(token)));
                }
                SessionEffect::Unavailable => {
                    self.answer_wanted(None);
                    self.send(Event::Live(Input::TokenUnavailable));
                }
                SessionEffect::SignedOut => {
                    self.answer_wanted(None);
                    self.send(Event::Live(Input::SignedOut));
                }
                SessionEffect::ShowSignIn => browser::go_to("/sign-in"),
                SessionEffect::Reload => browser::reload(),
            }
        }
    }

    fn answer_wanted(&mut self, token: Option<&str>) {
        for answer in self.token_wanted.drain(..) {
            let _ = answer.send(token.map(str::to_owned));
        }
    }

    fn election(&mut self, input: ElectionInput) {
        for effect in self.tabs.step(input) {
            use super::election::ElectionEffect as Effect;
            match effect {
                Effect::Lead => self.live(Input::Lead),
                Effect::Follow => {
                    self.session(SessionInput::Idle);
                    self.live(Input::Follow);
                }
                Effect::SetProbe(millis) => self.alarms.set(AnyAlarm::Probe, millis),
                Effect::SetTimeout(millis) => self.alarms.set(AnyAlarm::ProbeTimeout, millis),
                Effect::ClearTimeout => self.alarms.clear(AnyAlarm::ProbeTimeout),
                Effect::Queue | Effect::Steal | Effect::Release | Effect::Probe | Effect::Answer => {}
            }
        }
    }

    fn send(&self, event: Event<P>) {
        let _ = self.events.unbounded_send(event);
    }
}
