//! Pings: they check that the connection is alive, and measure the offset of the server's clock.

use super::{Connection, Phase};
use crate::{browser, live::alarms::Alarm};
use leptos::prelude::*;
use protocol::{
    time::Timestamp,
    timers::{ClientMessage, Command},
};

/// Timeout for a pong; after it the connection counts as dead.
pub(super) const PONG_TIMEOUT_MILLIS: u32 = 10_000;
/// The same when the connection is in doubt: after a sleep, or when the network was lost.
pub(super) const SHORT_PONG_TIMEOUT_MILLIS: u32 = 4_000;
/// Timeout for a command's answer; after it the command is sent again.
const REPLY_TIMEOUT_MILLIS: i64 = 20_000;
/// Interval of pings while the page is visible.
const PING_INTERVAL_MILLIS: u32 = 30_000;
/// Number of extra pings at the start of a connection: the shortest round trip gives the best clock offset.
const QUICK_PINGS: u32 = 2;
const QUICK_PING_INTERVAL_MILLIS: u32 = 300;

impl Connection {
    pub(super) fn begin_pings(&mut self) {
        self.quick_pings = QUICK_PINGS;
        self.ping(PONG_TIMEOUT_MILLIS);
    }

    pub(super) fn end_pings(&mut self) {
        self.ping = None;
        self.alarms.clear(Alarm::Ping);
        self.alarms.clear(Alarm::PongMissing);
    }

    /// Sends a ping; without a pong within `timeout_millis` the connection counts as lost.
    pub(super) fn ping(&mut self, timeout_millis: u32) {
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
        self.alarms.set(Alarm::PongMissing, timeout_millis);
        self.alarms.set(Alarm::Ping, PING_INTERVAL_MILLIS);
    }

    /// Handles an answer to the message with this id. Only pongs are used for the clock offset.
    pub(super) fn on_reply(&mut self, reply_to: &str, server: Option<Timestamp>) {
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
            self.alarms.set(Alarm::Ping, QUICK_PING_INTERVAL_MILLIS);
        } else if self.is_reply_overdue() {
            self.flush();
        }
    }

    /// Whether a command's answer is overdue.
    fn is_reply_overdue(&self) -> bool {
        let now = self.live.server_now();
        self.live.state.with_untracked(|state| {
            let first = state.pending().first();
            first.is_some_and(|command| now.millis_since(command.made_at) > REPLY_TIMEOUT_MILLIS)
        })
    }
}
