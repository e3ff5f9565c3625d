//! The user's commands: stored, shown, sent, and sent again until they are answered.

use super::{Alarm, Effect, Environment, Frame, Machine, Phase};
use crate::live::{
    live_protocol::{LiveProtocol, Outgoing},
    outbox::Pending,
};
use protocol::time::Timestamp;

/// The longest period of a rate limit that is believed.
const MAX_PAUSE_SECONDS: u64 = 600;

impl<P: LiveProtocol> Machine<P> {
    pub(super) fn on_command(&mut self, id: String, command: P::Command, given_at: Timestamp, env: Environment) {
        let command = self.outbox.next(id, command, given_at);
        self.given_here.insert(command.id.clone());
        self.protocol.touch(&command);
        self.outbox.push(command.clone());
        // Stored first: from here on it survives whatever happens to this tab.
        self.effects.push(Effect::Store(command.clone()));
        self.effects.push(Effect::Post(Frame::Command(command.to_json())));
        self.send_command(&command, env);
    }

    /// Adds commands of earlier pages and of other tabs.
    pub(super) fn on_stored(&mut self, commands: Vec<Pending<P::Command>>, env: Environment) {
        for command in commands {
            self.protocol.touch(&command);
            self.outbox.push(command);
        }
        self.drop_stale(env);
    }

    /// Drops the commands that the server might apply a second time.
    fn drop_stale(&mut self, env: Environment) {
        let stale = self.outbox.take_stale(self.server_now(env));
        if stale.is_empty() {
            return;
        }
        self.effects.push(Effect::Notify {
            notice: P::dropped(stale.len()),
            here: true,
        });
        for command in stale {
            self.protocol.touch(&command);
            self.effects.push(Effect::Forget(command));
        }
    }

    /// Sends all pending commands in order. The server answers those that it has already applied without applying them
    /// again.
    pub(super) fn flush(&mut self, env: Environment) {
        self.drop_stale(env);
        for command in self.outbox.pending().to_vec() {
            self.send_command(&command, env);
        }
    }

    pub(super) fn send_command(&mut self, command: &Pending<P::Command>, env: Environment) {
        if self.can_send() {
            self.sent_at = env.now;
            self.send(P::encode(Outgoing::Command(command, self.server_now(env))));
        }
    }

    /// Sends a new token on the open connection.
    pub(super) fn renew(&mut self, token: &str) {
        self.effects.push(Effect::Send(P::encode(Outgoing::Renew(token))));
    }

    /// Sends nothing for so many seconds, the rate limit's period.
    pub(super) fn pause_sending(&mut self, seconds: u64) {
        if self.phase == Phase::Live {
            self.sending_paused = true;
            let millis = seconds.clamp(1, MAX_PAUSE_SECONDS) * 1000;
            self.set_alarm(Alarm::ResumeSending, u32::try_from(millis).unwrap_or(1_000));
        }
    }

    pub(super) fn resume_sending(&mut self, env: Environment) {
        self.sending_paused = false;
        self.flush(env);
        self.request_more();
    }

    /// Whether this tab's connection accepts messages now.
    pub(super) fn can_send(&self) -> bool {
        self.phase == Phase::Live && !self.sending_paused
    }

    /// Sends a message if the connection accepts any.
    pub(super) fn send(&mut self, text: String) {
        if self.can_send() {
            self.effects.push(Effect::Send(text));
        }
    }
}
