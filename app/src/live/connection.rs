//! The live connection: a single task that handles all inputs in order.

mod commands;
mod keepalive;
mod phases;
mod receiving;

use super::{
    Live, Status, Wish,
    alarms::{Alarm, Alarms},
    clock::ServerClock,
    socket::{Socket, SocketEvent},
    storage, ticker,
    token::{Token, TokenError},
    wake,
};
use crate::{api::PageError, browser, snapshot::TimersSnapshot};
use futures_channel::mpsc::{UnboundedSender, unbounded};
use futures_util::StreamExt;
use leptos::{prelude::*, task::spawn_local};
use protocol::rest::account::AccessGrant;

/// Everything that can happen to a connection.
enum Input {
    Socket(u32, SocketEvent),
    Token(Result<AccessGrant, TokenError>),
    Snapshot(Result<Option<TimersSnapshot>, PageError>),
    Alarm(Alarm),
    Wish(Wish),
    Awake,
    NetworkLost,
    SignedOutElsewhere,
}

/// The connection's phase; the status that the page shows follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Waiting for a token to connect with.
    Token,
    /// The socket was opened; `connected` has not been received.
    Opening,
    /// Messages are sent and received.
    Live,
    /// Waiting for the next attempt.
    Waiting,
    /// Stopped until the user signs in or reloads the page.
    Stopped,
}

struct Connection {
    live: Live,
    inputs: UnboundedSender<Input>,
    alarms: Alarms,
    phase: Phase,
    socket: Option<Socket>,
    generation: u32,
    token: Option<Token>,
    fetching_token: bool,
    fetching_snapshot: bool,
    /// Whether there was a connection before this one.
    reconnected: bool,
    /// Number of consecutive connections that did not become stable.
    attempt: u32,
    /// Number of consecutive tokens that the server refused.
    refusals: u32,
    /// Whether the user signed out in another tab.
    signed_out_elsewhere: bool,
    /// When the connection became live, when the next attempt is due, and when the whole list was last requested, in
    /// milliseconds on the device's clock.
    live_since: f64,
    due: f64,
    synced_at: f64,
    /// The ping without a pong: its id, and when it was sent.
    ping: Option<(String, f64)>,
    quick_pings: u32,
    /// Whether sending is paused by the rate limit.
    sending_paused: bool,
}

/// Starts the live connection; called once, after hydration.
pub fn start(live: Live) {
    let (sender, mut receiver) = unbounded();
    let guess = live.now.get_untracked();
    live.clock
        .set_value(ServerClock::new(guess, browser::page_received_millis()));
    load_pending(live);
    ticker::start(live);

    let wishes = sender.clone();
    live.handler.set_value(Some(Box::new(move |wish| {
        let _ = wishes.unbounded_send(Input::Wish(wish));
    })));
    let awake = sender.clone();
    wake::on_wake(move || {
        let _ = awake.unbounded_send(Input::Awake);
    });
    let lost = sender.clone();
    wake::on_offline(move || {
        let _ = lost.unbounded_send(Input::NetworkLost);
    });
    let left = sender.clone();
    wake::on_signed_out_elsewhere(move || {
        let _ = left.unbounded_send(Input::SignedOutElsewhere);
    });
    // The page was unloaded: the task ends, and drops the socket and the alarms.
    let ended = sender.clone();
    on_cleanup(move || ended.close_channel());

    spawn_local(async move {
        let mut connection = Connection::new(live, sender);
        connection.connect();
        while let Some(input) = receiver.next().await {
            connection.on_input(input);
        }
    });
}

/// Loads the commands that were pending before the page was reloaded.
fn load_pending(live: Live) {
    let owner = live.state.with_untracked(|state| state.owner().clone());
    let (commands, stale) = storage::load(&owner, live.server_now());
    if !commands.is_empty() {
        live.state
            .update(|state| commands.into_iter().for_each(|command| state.push(command)));
    }
    if stale > 0 {
        live.alert("Some changes from more than a day ago never reached the server, and were dropped.");
    }
}

impl Connection {
    fn new(live: Live, inputs: UnboundedSender<Input>) -> Self {
        let rings = inputs.clone();
        let alarms = Alarms::new(move |alarm| {
            let rings = rings.clone();
            Box::new(move || {
                let _ = rings.unbounded_send(Input::Alarm(alarm));
            })
        });
        Self {
            live,
            inputs,
            alarms,
            phase: Phase::Waiting,
            socket: None,
            generation: 0,
            token: None,
            fetching_token: false,
            fetching_snapshot: false,
            reconnected: false,
            attempt: 0,
            refusals: 0,
            signed_out_elsewhere: false,
            live_since: 0.0,
            due: 0.0,
            synced_at: browser::page_received_millis(),
            ping: None,
            quick_pings: 0,
            sending_paused: false,
        }
    }

    fn on_input(&mut self, input: Input) {
        match input {
            Input::Socket(generation, event) if generation == self.generation => match event {
                SocketEvent::Text(text) => self.on_message(&text),
                SocketEvent::Closed { code } => self.on_closed(code),
            },
            Input::Socket(..) => {}
            Input::Token(answer) => self.on_token(answer),
            Input::Snapshot(answer) => self.on_snapshot(answer),
            Input::Alarm(alarm) => self.on_alarm(alarm),
            Input::Wish(Wish::TryNow) | Input::Awake => self.check_connection(),
            Input::Wish(Wish::Create(new, tag_ids)) => self.create(new, tag_ids),
            Input::Wish(Wish::Act(action, timer_id)) => self.act(action, timer_id),
            Input::SignedOutElsewhere => self.on_signed_out_elsewhere(),
            Input::NetworkLost => self.ping(keepalive::SHORT_PONG_TIMEOUT_MILLIS),
        }
    }

    fn on_alarm(&mut self, alarm: Alarm) {
        match alarm {
            Alarm::Reconnect => self.count_down(),
            Alarm::ConnectTimeout if self.phase == Phase::Opening => self.on_closed(super::socket::ABNORMAL),
            Alarm::ConnectTimeout => {}
            Alarm::Ping if browser::is_visible() => self.ping(keepalive::PONG_TIMEOUT_MILLIS),
            Alarm::Ping => {}
            Alarm::PongMissing if self.ping.is_some() => self.on_closed(super::socket::ABNORMAL),
            Alarm::PongMissing => {}
            Alarm::Renew => self.fetch_token(),
            Alarm::ResumeSending => self.resume_sending(),
            Alarm::Resync => self.resync(),
        }
    }

    fn show(&self, status: Status) {
        if self.live.status.get_untracked() != status {
            self.live.status.set(status);
        }
    }
}
