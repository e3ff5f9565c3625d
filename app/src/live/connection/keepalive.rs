//! Pings: they tell whether the connection is alive, and how far the server's clock is away.

use super::{Connection, Phase};
use crate::{browser, live::alarms::Alarm};
use leptos::prelude::*;
use protocol::{
    time::Timestamp,
    timers::{ClientMessage, Command},
};

/// A connection whose pong takes longer is dead.
pub(super) const PATIENCE_MILLIS: u32 = 10_000;
/// The same where there is reason for doubt: after a sleep, or when the network went away.
pub(super) const SUSPICIOUS_MILLIS: u32 = 4_000;
/// A command without an answer for so long is sent again.
const LATE_MILLIS: i64 = 20_000;
/// How often a visible page asks.
const EVERY_MILLIS: u32 = 30_000;
/// A new connection asks a few times in a row: the shortest round trip tells the clocks best.
const QUICK_PINGS: u32 = 2;
const QUICK_MILLIS: u32 = 300;

impl Connection {
    pub(super) fn begin_pings(&mut self) {
        self.quick_pings = QUICK_PINGS;
        self.ping(PATIENCE_MILLIS);
    }

    pub(super) fn end_pings(&mut self) {
        self.ping = None;
        self.alarms.clear(Alarm::Ping);
        self.alarms.clear(Alarm::PongMissing);
    }

    /// Asks whether the server is there, and takes silence for that long as no.
    pub(super) fn ping(&mut self, patience_millis: u32) {
        let (Phase::Live, Some(socket)) = (self.phase, &self.socket) else {
            return;
        };
        let id = browser::random_uuid().to_string();
        let message = ClientMessage {
            id: Some(id.clone()),
            command: Command::Ping,
        };
        socket.send(&message.to_json());
        self.ping = Some((id, browser::device_millis()));
        self.alarms.set(Alarm::PongMissing, patience_millis);
        self.alarms.set(Alarm::Ping, EVERY_MILLIS);
    }

    /// Something answered a message with this id. Only a pong tells the time.
    pub(super) fn answered(&mut self, reply_to: &str, server: Option<Timestamp>) {
        let Some((_, sent)) = self.ping.take_if(|(id, _)| id == reply_to) else {
            return;
        };
        self.alarms.clear(Alarm::PongMissing);
        if let Some(server) = server {
            let received = browser::device_millis();
            self.live.clock.update_value(|clock| clock.add(sent, received, server));
        }
        if self.quick_pings > 0 {
            self.quick_pings -= 1;
            self.alarms.set(Alarm::Ping, QUICK_MILLIS);
        } else if self.is_answer_late() {
            self.flush();
        }
    }

    /// An answer that never came is asked for again.
    fn is_answer_late(&self) -> bool {
        let now = self.live.server_now();
        self.live.state.with_untracked(|state| {
            let first = state.pending().first();
            first.is_some_and(|command| now.millis_since(command.made_at) > LATE_MILLIS)
        })
    }
}
