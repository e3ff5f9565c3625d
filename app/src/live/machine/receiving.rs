//! Handles messages from the server, and fetches the whole state where events do not suffice.

use super::{Alarm, Effect, Environment, Frame, Machine, Phase};
use crate::live::{
    Status,
    live_protocol::{LiveProtocol, Received, Replaced, Signal},
    outbox::Pending,
};

/// Delay before the next attempt to fetch the whole state.
const RESYNC_RETRY_MILLIS: u32 = 1_500;

impl<P: LiveProtocol> Machine<P> {
    /// Handles a message of this tab's connection, and passes it on to the other tabs.
    pub(super) fn on_text(&mut self, text: String, env: Environment) {
        self.receive(&text, env);
        // What a page would have to check its own user for stays here.
        if self.phase == Phase::Live {
            self.effects.push(Effect::Post(Frame::Message(text)));
        }
    }

    /// Handles a message of the browser's connection, whichever tab holds it.
    pub(super) fn receive(&mut self, text: &str, env: Environment) {
        let received = self.protocol.receive(text, &mut self.outbox);
        let Received {
            reply_to,
            signal,
            settled,
            resync,
            notice,
        } = received;
        let leads = self.is_leader();
        if let Some(reply_to) = reply_to {
            let server = match signal {
                Signal::Pong(server) => Some(server),
                _ => None,
            };
            self.on_reply(&reply_to, server, env);
        }
        let here = settled
            .as_ref()
            .is_none_or(|command| self.given_here.remove(&command.id));
        if let Some(command) = settled {
            self.forget(command);
        }
        if let Some(notice) = notice {
            self.effects.push(Effect::Notify { notice, here });
        }
        match signal {
            Signal::None | Signal::Pong(_) => {}
            Signal::Ready if leads => self.on_ready(env),
            Signal::RateLimited { seconds } if leads => self.pause_sending(seconds),
            // The close that follows requests a new one.
            Signal::TokenRefused if leads => self.effects.push(Effect::DiscardToken),
            Signal::OtherUser if leads => self.leave(),
            Signal::Ready | Signal::RateLimited { .. } | Signal::TokenRefused | Signal::OtherUser => {}
        }
        if resync {
            self.resync(env);
        }
        self.request_more();
    }

    fn forget(&mut self, command: Pending<P::Command>) {
        self.protocol.touch(&command);
        self.effects.push(Effect::Forget(command));
    }

    /// The page belongs to a user who is no longer signed in here: no data of theirs may stay.
    fn leave(&mut self) {
        self.stop(Status::SignedOut);
        self.effects.push(Effect::Reload);
    }

    /// Fetches the whole state; the answer arrives as an input. A tab that nobody sees puts it off.
    pub(super) fn resync(&mut self, env: Environment) {
        if self.phase == Phase::Stopped {
            return;
        }
        if self.fetching {
            self.fetch_again = true;
            return;
        }
        if self.phase == Phase::Follower && !env.visible {
            self.resync_when_seen = true;
            return;
        }
        self.resync_when_seen = false;
        self.fetching = true;
        self.synced_at = env.now;
        self.effects.push(Effect::FetchSnapshot);
    }

    pub(super) fn on_snapshot(&mut self, snapshot: P::Snapshot, env: Environment) {
        self.fetching = false;
        let again = std::mem::take(&mut self.fetch_again);
        match self.protocol.replace(snapshot) {
            Replaced::Done if again => self.resync(env),
            Replaced::Done => {}
            Replaced::TooOld => self.set_alarm(Alarm::Resync, RESYNC_RETRY_MILLIS),
            Replaced::OtherUser => self.leave(),
        }
        self.request_more();
    }

    pub(super) fn on_snapshot_unavailable(&mut self) {
        self.fetching = false;
        self.fetch_again = false;
        self.set_alarm(Alarm::Resync, RESYNC_RETRY_MILLIS);
    }

    /// Requests more of the state, if there is more. A whole state that is being fetched brings its own cursor.
    pub(super) fn request_more(&mut self) {
        let can_send = self.can_send() || (self.phase == Phase::Follower && self.status == Status::Live);
        if !can_send || self.fetching {
            return;
        }
        let id = self.message_id();
        if let Some(text) = self.protocol.request_more(&id) {
            match self.phase {
                Phase::Follower => self.effects.push(Effect::Post(Frame::Request(text))),
                _ => self.send(text),
            }
        }
    }
}
