//! Ties the parts together: one place where everything that happens is taken in, in order, and answered.

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
    Rang(Alarm),
    Wish(Wish),
    Awake,
    NetworkLost,
    SignedOutElsewhere,
}

/// Where the connection stands; what the person is told follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Waits for a token to connect with.
    Token,
    /// The socket was opened; `connected` has not come.
    Opening,
    /// Everything goes through.
    Live,
    /// Waits for the next attempt.
    Waiting,
    /// Waits for somebody to sign in or to reload.
    Over,
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
    /// There was a connection before this one.
    reconnected: bool,
    /// Connections in a row that did not hold.
    attempt: u32,
    /// Tokens in a row that the server refused.
    refusals: u32,
    /// Somebody signed out in another tab.
    leaving: bool,
    /// When the connection became live, when the next attempt is due, and when the whole list was last asked for, on the
    /// device's clock.
    live_since: f64,
    due: f64,
    synced_at: f64,
    /// The ping without its pong: its id, and when it was sent.
    ping: Option<(String, f64)>,
    quick_pings: u32,
    /// The rate limit's time is not over.
    held: bool,
}

/// Starts the live half: called once, after hydration.
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
    // The page is gone: the loop ends, and with it socket and alarms.
    let ended = sender.clone();
    on_cleanup(move || ended.close_channel());

    spawn_local(async move {
        let mut connection = Connection::new(live, sender);
        connection.connect();
        while let Some(input) = receiver.next().await {
            connection.take_in(input);
        }
    });
}

/// What was asked for before the page was loaded again.
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
                let _ = rings.unbounded_send(Input::Rang(alarm));
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
            leaving: false,
            live_since: 0.0,
            due: 0.0,
            synced_at: browser::page_received_millis(),
            ping: None,
            quick_pings: 0,
            held: false,
        }
    }

    fn take_in(&mut self, input: Input) {
        match input {
            Input::Socket(generation, event) if generation == self.generation => match event {
                SocketEvent::Text(text) => self.received(&text),
                SocketEvent::Closed { code } => self.lost(code),
            },
            Input::Socket(..) => {}
            Input::Token(answer) => self.got_token(answer),
            Input::Snapshot(answer) => self.got_snapshot(answer),
            Input::Rang(alarm) => self.rang(alarm),
            Input::Wish(Wish::TryNow) | Input::Awake => self.look_around(),
            Input::Wish(Wish::Create(new, tag_ids)) => self.create(new, tag_ids),
            Input::Wish(Wish::Act(action, timer_id)) => self.act(action, timer_id),
            Input::SignedOutElsewhere => self.leave(),
            Input::NetworkLost => self.ping(keepalive::SUSPICIOUS_MILLIS),
        }
    }

    fn rang(&mut self, alarm: Alarm) {
        match alarm {
            Alarm::Reconnect => self.count_down(),
            Alarm::ConnectTimeout if self.phase == Phase::Opening => self.lost(super::socket::ABNORMAL),
            Alarm::ConnectTimeout => {}
            Alarm::Ping if browser::is_visible() => self.ping(keepalive::PATIENCE_MILLIS),
            Alarm::Ping => {}
            Alarm::PongMissing if self.ping.is_some() => self.lost(super::socket::ABNORMAL),
            Alarm::PongMissing => {}
            Alarm::Renew => self.fetch_token(),
            Alarm::Release => self.release(),
            Alarm::Resync => self.resync(),
        }
    }

    fn show(&self, status: Status) {
        if self.live.status.get_untracked() != status {
            self.live.status.set(status);
        }
    }
}
