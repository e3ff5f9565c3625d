//! The connection's phases, from disconnected to live and back.

use super::{Alarm, Effect, Environment, Machine, Phase};
use crate::live::{
    Status,
    live_protocol::LiveProtocol,
    machine::Frame,
    reconnect::{self, Decision},
};
use protocol::socket::CloseCode;

/// The close code for a connection that ended without a Close frame (RFC 6455, 7.1.5).
pub const ABNORMAL: u16 = 1006;
/// Timeout until the server is ready.
const CONNECT_TIMEOUT_MILLIS: u32 = 10_000;
/// A connection that lived this long counts as stable.
const STABLE_AFTER_MILLIS: f64 = 10_000.0;
/// Minimum age of the parts without events before they are fetched again when the page is shown.
const STALE_MILLIS: f64 = 10_000.0;
/// Interval of attempts while the browser reports no network, which is not always right.
const OFFLINE_RETRY_MILLIS: u32 = 30_000;

impl<P: LiveProtocol> Machine<P> {
    /// Takes over the connection.
    pub(super) fn lead(&mut self) {
        if self.phase == Phase::Follower {
            self.phase = Phase::Waiting;
            self.attempt = 0;
            // Where the former leader sent a command and went before the answer, it is sent again.
            self.effects.push(Effect::LoadStored);
            self.connect();
        }
    }

    /// Leaves the connection to another tab.
    pub(super) fn follow(&mut self) {
        if self.phase != Phase::Stopped {
            self.drop_socket();
            self.clear_alarm(Alarm::Reconnect);
            self.phase = Phase::Follower;
            self.effects.push(Effect::Post(Frame::Hello));
        }
    }

    /// Connects once there is a token.
    pub(super) fn connect(&mut self) {
        self.clear_alarm(Alarm::Reconnect);
        if self.status != Status::Connecting {
            self.show(Status::Reconnecting { seconds: 0 });
        }
        self.phase = Phase::Token;
        self.effects.push(Effect::RequestToken);
    }

    pub(super) fn on_token(&mut self, token: &str) {
        match self.phase {
            Phase::Token => {
                self.generation += 1;
                self.phase = Phase::Opening;
                self.effects.push(Effect::Open {
                    generation: self.generation,
                    path: self.protocol.path(),
                    token: token.to_owned(),
                });
                self.set_alarm(Alarm::ConnectTimeout, CONNECT_TIMEOUT_MILLIS);
            }
            Phase::Live => self.renew(token),
            Phase::Follower | Phase::Opening | Phase::Waiting | Phase::Stopped => {}
        }
    }

    pub(super) fn on_token_unavailable(&mut self, env: Environment) {
        if self.phase == Phase::Token {
            self.on_closed(ABNORMAL, env);
        }
    }

    /// The server accepts commands.
    pub(super) fn on_ready(&mut self, env: Environment) {
        self.clear_alarm(Alarm::ConnectTimeout);
        self.phase = Phase::Live;
        self.refusals = 0;
        self.live_since = env.now;
        self.show(Status::Live);
        self.begin_pings(env);
        self.flush(env);
        // What has no events may have changed during the disconnection.
        if std::mem::replace(&mut self.reconnected, true) || self.protocol.needs_refresh() {
            self.resync(env);
        }
    }

    /// Handles the end of the connection, or a missing pong.
    pub(super) fn on_closed(&mut self, code: u16, env: Environment) {
        let was_stable = self.phase == Phase::Live && (env.now - self.live_since).abs() > STABLE_AFTER_MILLIS;
        self.drop_socket();
        self.attempt = if was_stable { 0 } else { self.attempt };
        let refused = code == CloseCode::Policy.code();
        let attempt = if refused { self.refusals } else { self.attempt };
        let decision = reconnect::after_close(code, attempt, env.random);
        self.attempt += 1;
        self.refusals += u32::from(refused);
        match decision {
            Decision::Wait(millis) => self.wait(millis, env),
            Decision::RenewToken(millis) => {
                self.effects.push(Effect::DiscardToken);
                self.wait(millis, env);
            }
            Decision::Reload => self.stop(Status::Outdated),
        }
    }

    /// Ends the connection until the page is loaded anew.
    pub(super) fn stop(&mut self, status: Status) {
        self.drop_socket();
        self.clear_alarm(Alarm::Reconnect);
        self.show(status);
        self.phase = Phase::Stopped;
    }

    fn drop_socket(&mut self) {
        self.effects.push(Effect::Close);
        // Events of the closed socket have an older generation and are ignored.
        self.generation += 1;
        self.end_pings();
        self.sending_paused = false;
        for alarm in [Alarm::ConnectTimeout, Alarm::ResumeSending] {
            self.clear_alarm(alarm);
        }
    }

    fn wait(&mut self, millis: u32, env: Environment) {
        self.phase = Phase::Waiting;
        if env.online {
            self.due = env.now + f64::from(millis);
            self.count_down(env);
        } else {
            self.due = env.now + f64::from(OFFLINE_RETRY_MILLIS);
            self.show(Status::Offline);
            self.set_alarm(Alarm::Reconnect, OFFLINE_RETRY_MILLIS);
        }
    }

    /// Shows the remaining seconds, and connects at zero.
    pub(super) fn count_down(&mut self, env: Environment) {
        if self.phase != Phase::Waiting {
            return;
        }
        // Not longer than any wait can be: the device's clock may have been set back.
        self.due = self.due.min(env.now + f64::from(OFFLINE_RETRY_MILLIS));
        let left = self.due - env.now;
        if left <= 0.0 {
            self.connect();
            return;
        }
        let seconds = (left / 1000.0).ceil();
        self.show(Status::Reconnecting {
            seconds: seconds as u32,
        });
        let to_next = left - (seconds - 1.0) * 1000.0;
        self.set_alarm(Alarm::Reconnect, to_next.ceil().max(1.0) as u32);
    }

    /// The page is shown or online again, or the user does not want to wait.
    pub(super) fn on_awake(&mut self, env: Environment) {
        if self.phase == Phase::Follower {
            self.effects.push(Effect::Post(Frame::Awake));
            self.effects.push(Effect::Post(Frame::Hello));
            self.refresh(env);
        } else {
            self.check_connection(env);
        }
    }

    /// Connects without waiting, or checks the open connection.
    pub(super) fn check_connection(&mut self, env: Environment) {
        match self.phase {
            Phase::Waiting => self.connect(),
            Phase::Live => {
                self.ping(super::keepalive::SHORT_PONG_TIMEOUT_MILLIS, env);
                self.refresh(env);
            }
            Phase::Follower | Phase::Token | Phase::Opening | Phase::Stopped => {}
        }
    }

    /// Fetches what was put off until somebody looks, and what has no events.
    fn refresh(&mut self, env: Environment) {
        let is_stale = (env.now - self.synced_at).abs() > STALE_MILLIS;
        if self.resync_when_seen || (is_stale && self.protocol.needs_refresh()) {
            self.resync(env);
        }
    }
}
