//! Pings: they check that the connection is alive, and measure the offset of the server's clock.

use super::{Alarm, Effect, Environment, Machine, Phase};
use crate::live::{
    clock::Sample,
    live_protocol::{LiveProtocol, Outgoing},
};
use protocol::time::Timestamp;

/// Timeout for a pong; after it the connection counts as dead.
pub(super) const PONG_TIMEOUT_MILLIS: u32 = 10_000;
/// The same when the connection is in doubt: after a sleep, or when the network was lost.
pub(super) const SHORT_PONG_TIMEOUT_MILLIS: u32 = 4_000;
/// Timeout for a command's answer; after it the command is sent again.
const REPLY_TIMEOUT_MILLIS: f64 = 20_000.0;
/// Interval of pings while the page is visible.
const PING_INTERVAL_MILLIS: u32 = 30_000;
/// Number of extra pings at the start of a connection: the shortest round trip gives the best clock offset.
const QUICK_PINGS: u32 = 2;
const QUICK_PING_INTERVAL_MILLIS: u32 = 300;

impl<P: LiveProtocol> Machine<P> {
    pub(super) fn begin_pings(&mut self, env: Environment) {
        self.quick_pings = QUICK_PINGS;
        self.ping(PONG_TIMEOUT_MILLIS, env);
    }

    pub(super) fn end_pings(&mut self) {
        self.ping = None;
        self.clear_alarm(Alarm::Ping);
        self.clear_alarm(Alarm::PongMissing);
    }

    /// Sends a ping; without a pong within `timeout_millis` the connection counts as lost.
    pub(super) fn ping(&mut self, timeout_millis: u32, env: Environment) {
        if self.phase != Phase::Live {
            return;
        }
        let id = self.message_id();
        self.effects.push(Effect::Send(P::encode(Outgoing::Ping(&id))));
        self.ping = Some((id, env.now));
        self.set_alarm(Alarm::PongMissing, timeout_millis);
        self.set_alarm(Alarm::Ping, PING_INTERVAL_MILLIS);
    }

    /// Handles an answer to the message with this id. Only pongs, which have the server's time, are used for the clock.
    pub(super) fn on_reply(&mut self, reply_to: &str, server: Option<Timestamp>, env: Environment) {
        let Some((_, sent)) = self.ping.take_if(|(id, _)| id == reply_to) else {
            return;
        };
        self.clear_alarm(Alarm::PongMissing);
        if let Some(server) = server {
            self.clock.add(Sample::new(sent, env.now, server));
            self.post_state();
        }
        if self.quick_pings > 0 {
            self.quick_pings -= 1;
            self.set_alarm(Alarm::Ping, QUICK_PING_INTERVAL_MILLIS);
        } else if !self.outbox.is_empty() && (env.now - self.sent_at).abs() > REPLY_TIMEOUT_MILLIS {
            self.flush(env);
        }
    }
}
