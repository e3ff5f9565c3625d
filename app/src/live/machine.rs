//! The live connection as a state machine without side effects: [`Machine::step`] takes what happened and returns what
//! is to be done. `runtime` performs it in the browser; the tests run machines against a simulated server.

mod connecting;
mod frame;
mod keepalive;
mod receiving;
mod sending;
#[cfg(test)]
mod tests;

pub use connecting::ABNORMAL;
pub use frame::Frame;

use super::{
    Status,
    clock::ServerClock,
    live_protocol::LiveProtocol,
    outbox::{Outbox, Pending},
};
use protocol::time::Timestamp;
use std::collections::HashSet;

/// What surrounds a step.
#[derive(Clone, Copy, Debug)]
pub struct Environment {
    /// The device's clock, in milliseconds since 1970-01-01T00:00Z. It may jump in either direction.
    pub now: f64,
    /// A random number in 0..1.
    pub random: f64,
    /// Whether the browser reports a network.
    pub online: bool,
    /// Whether somebody sees this tab, or another tab that depends on this one.
    pub visible: bool,
}

/// Everything that can happen.
pub enum Input<P: LiveProtocol> {
    /// This tab is to hold the connection.
    Lead,
    /// Another tab holds the connection.
    Follow,
    /// A frame of another tab.
    Frame(Frame),
    /// Commands that were stored earlier or by another tab.
    Stored(Vec<Pending<P::Command>>),
    /// The user gave a command, which gets this id.
    Command(String, P::Command),
    /// The user gave a command at this time on the server's clock; it could be undone until now.
    HeldCommand(String, P::Command, Timestamp),
    /// The server's text, over the socket of this generation.
    Text(u32, String),
    /// The socket of this generation was closed with this code.
    Closed(u32, u16),
    /// A token to connect with, or a newer one.
    Token(String),
    /// No token could be fetched.
    TokenUnavailable,
    /// The session has ended.
    SignedOut,
    /// The answer to [`Effect::FetchSnapshot`].
    Snapshot(P::Snapshot),
    /// The whole state could not be fetched.
    SnapshotUnavailable,
    Alarm(Alarm),
    /// The page is shown or online again, or the user wants to connect now.
    Awake,
    /// The device has lost its network.
    NetworkLost,
}

/// What is to be done.
pub enum Effect<P: LiveProtocol> {
    /// Get a token: the session's, if it has one, else a new one.
    RequestToken,
    /// The session's token was refused: do not use it again.
    DiscardToken,
    /// Open a socket with this generation, path and token.
    Open {
        generation: u32,
        path: String,
        token: String,
    },
    /// Close the socket.
    Close,
    Send(String),
    /// Ring in so many milliseconds, and not when it was set to ring before.
    SetAlarm(Alarm, u32),
    ClearAlarm(Alarm),
    /// Store a command, so that it survives a reload.
    Store(Pending<P::Command>),
    /// Remove an answered or dropped command from the storage.
    Forget(Pending<P::Command>),
    /// Read the stored commands of all tabs.
    LoadStored,
    /// Fetch the whole state.
    FetchSnapshot,
    /// Send a frame to the browser's other tabs.
    Post(Frame),
    /// Tell the reader something. A refusal concerns the tab in which the command was given (`here`), or the reader of
    /// any tab where that is not known.
    Notify {
        notice: P::Notice,
        here: bool,
    },
    /// Load the page anew, since its user has changed.
    Reload,
}

/// The purpose of an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Alarm {
    /// The next step of the countdown to a new attempt.
    Reconnect,
    /// The connection attempt timed out.
    ConnectTimeout,
    /// The next ping.
    Ping,
    /// The pong timed out.
    PongMissing,
    /// The rate limit's period is over.
    ResumeSending,
    /// The next attempt to fetch the whole state.
    Resync,
}

/// The connection's phase; the status that the page shows follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Another tab has the connection.
    Follower,
    /// Waiting for a token to connect with.
    Token,
    /// The socket was opened; the server is not ready for commands.
    Opening,
    /// Messages are sent and received.
    Live,
    /// Waiting for the next attempt.
    Waiting,
    /// Stopped until the user signs in or reloads the page.
    Stopped,
}

/// A connection and the state that it keeps in step with the server.
pub struct Machine<P: LiveProtocol> {
    protocol: P,
    outbox: Outbox<P::Command>,
    clock: ServerClock,
    status: Status,
    phase: Phase,
    /// Identifies the socket; events of earlier ones are ignored.
    generation: u32,
    fetching: bool,
    /// Whether what is being fetched may lack what a later message asked for.
    fetch_again: bool,
    /// Whether the whole state is to be fetched once somebody sees this tab.
    resync_when_seen: bool,
    /// Whether there was a connection before this one.
    reconnected: bool,
    /// Number of consecutive connections that did not become stable.
    attempt: u32,
    /// Number of consecutive tokens that the server refused.
    refusals: u32,
    /// When the connection became live, when the next attempt is due, when the whole state was last requested, and when
    /// the pending commands were last sent, in milliseconds on the device's clock.
    live_since: f64,
    due: f64,
    synced_at: f64,
    sent_at: f64,
    /// The ping without a pong: its id, and when it was sent.
    ping: Option<(String, f64)>,
    quick_pings: u32,
    /// Distinguishes this tab's messages from those of the browser's other tabs.
    tab: String,
    /// Number of pings and requests.
    messages: u64,
    /// Whether sending is paused by the rate limit.
    sending_paused: bool,
    /// The ids of commands that were given in this tab.
    given_here: HashSet<String>,
    effects: Vec<Effect<P>>,
}

impl<P: LiveProtocol> Machine<P> {
    /// A machine in a tab that does not hold the connection yet, with the state of a page that was received at `now`.
    /// `tab` is unique among the tabs of the browser.
    pub fn new(protocol: P, clock: ServerClock, tab: String, now: f64) -> Self {
        Self {
            protocol,
            outbox: Outbox::default(),
            clock,
            status: Status::Connecting,
            phase: Phase::Follower,
            generation: 0,
            fetching: false,
            fetch_again: false,
            resync_when_seen: false,
            reconnected: false,
            attempt: 0,
            refusals: 0,
            live_since: 0.0,
            due: 0.0,
            synced_at: now,
            sent_at: now,
            ping: None,
            quick_pings: 0,
            tab,
            messages: 0,
            sending_paused: false,
            given_here: HashSet::new(),
            effects: Vec::new(),
        }
    }

    /// Handles what happened. The effects are in the order in which they must be performed.
    pub fn step(&mut self, input: Input<P>, env: Environment) -> Vec<Effect<P>> {
        match input {
            Input::Lead => self.lead(),
            Input::Follow => self.follow(),
            Input::Frame(frame) => self.on_frame(frame, env),
            Input::Stored(commands) => self.on_stored(commands, env),
            Input::Command(id, command) => self.on_command(id, command, self.server_now(env), env),
            Input::HeldCommand(id, command, given_at) => self.on_command(id, command, given_at, env),
            Input::Text(generation, text) if generation == self.generation => self.on_text(text, env),
            Input::Closed(generation, code) if generation == self.generation => self.on_closed(code, env),
            Input::Text(..) | Input::Closed(..) => {}
            Input::Token(token) => self.on_token(&token),
            Input::TokenUnavailable => self.on_token_unavailable(env),
            Input::SignedOut => self.stop(Status::SignedOut),
            Input::Snapshot(snapshot) => self.on_snapshot(snapshot, env),
            Input::SnapshotUnavailable => self.on_snapshot_unavailable(),
            Input::Alarm(alarm) => self.on_alarm(alarm, env),
            Input::Awake => self.on_awake(env),
            Input::NetworkLost => self.ping(keepalive::SHORT_PONG_TIMEOUT_MILLIS, env),
        }
        std::mem::take(&mut self.effects)
    }

    /// The confirmed state.
    pub fn protocol(&self) -> &P {
        &self.protocol
    }

    /// The confirmed state, to take the record of its changes from.
    pub fn protocol_mut(&mut self) -> &mut P {
        &mut self.protocol
    }

    /// The commands without an answer.
    pub fn outbox(&self) -> &Outbox<P::Command> {
        &self.outbox
    }

    /// The status of the browser's connection, whichever tab holds it.
    pub fn status(&self) -> Status {
        self.status
    }

    /// The server's clock.
    pub fn clock(&self) -> &ServerClock {
        &self.clock
    }

    /// Whether the connection has ended until the page is loaded anew.
    pub fn is_stopped(&self) -> bool {
        self.phase == Phase::Stopped
    }

    /// Whether this tab holds the connection, or would.
    pub fn is_leader(&self) -> bool {
        self.phase != Phase::Follower
    }

    fn server_now(&self, env: Environment) -> Timestamp {
        self.clock.at(env.now)
    }

    fn on_alarm(&mut self, alarm: Alarm, env: Environment) {
        match alarm {
            Alarm::Reconnect => self.count_down(env),
            Alarm::ConnectTimeout if self.phase == Phase::Opening => self.on_closed(connecting::ABNORMAL, env),
            Alarm::ConnectTimeout => {}
            Alarm::Ping if env.visible => self.ping(keepalive::PONG_TIMEOUT_MILLIS, env),
            // Checked again when somebody sees the page.
            Alarm::Ping => {}
            Alarm::PongMissing if self.ping.is_some() => self.on_closed(connecting::ABNORMAL, env),
            Alarm::PongMissing => {}
            Alarm::ResumeSending => self.resume_sending(env),
            Alarm::Resync => self.resync(env),
        }
    }

    fn show(&mut self, status: Status) {
        if self.status != status {
            self.status = status;
            self.post_state();
        }
    }

    /// The id of a message that is no command.
    fn message_id(&mut self) -> String {
        self.messages += 1;
        format!("{}-{}", self.tab, self.messages)
    }

    fn set_alarm(&mut self, alarm: Alarm, millis: u32) {
        self.effects.push(Effect::SetAlarm(alarm, millis));
    }

    fn clear_alarm(&mut self, alarm: Alarm) {
        self.effects.push(Effect::ClearAlarm(alarm));
    }
}
