//! The user's commands: stored, shown, sent, and sent again until they are answered.

use super::{Connection, Phase};
use crate::{
    browser,
    live::{
        alarms::Alarm,
        pending::{Intent, Pending},
        state::LiveState,
        storage,
    },
};
use leptos::prelude::*;
use protocol::{
    id::{TagId, TimerId},
    timers::{Action, ClientMessage, Command, NewTimer, Secret},
};

impl Connection {
    pub(super) fn create(&mut self, new: NewTimer, tag_ids: Vec<TagId>) {
        let provisional = TimerId(browser::random_uuid());
        self.command(Intent::Create {
            provisional,
            new,
            tag_ids,
        });
    }

    pub(super) fn act(&mut self, action: Action, timer_id: TimerId) {
        self.command(Intent::Act { action, timer_id });
    }

    fn command(&mut self, intent: Intent) {
        let now = self.live.server_now();
        let command = Pending {
            id: browser::random_uuid().to_string(),
            order: self.live.state.with_untracked(|state| state.next_order(now)),
            made_at: now,
            intent,
        };
        let owner = self.live.state.with_untracked(|state| state.owner().clone());
        storage::keep(&owner, &command);
        self.send(&command.message(now));
        self.live.state.update(|state| state.push(command));
    }

    /// Sends all pending commands in order. The server answers those that it has already applied without applying them
    /// again.
    pub(super) fn flush(&mut self) {
        let now = self.live.server_now();
        let pending = |state: &LiveState| state.pending().iter().map(|command| command.message(now)).collect();
        let messages: Vec<ClientMessage> = self.live.state.with_untracked(pending);
        for message in messages {
            self.send(&message);
        }
    }

    /// Sends a new token on the open connection.
    pub(super) fn renew(&mut self, jwt: &str) {
        if let Some(socket) = &self.socket {
            let token = Secret(jwt.to_owned());
            let message = ClientMessage {
                id: None,
                command: Command::Renew { token },
            };
            socket.send(&message.to_json());
        }
    }

    /// Sends nothing for so many seconds, the rate limit's period.
    pub(super) fn pause_sending(&mut self, seconds: u64) {
        self.sending_paused = true;
        self.alarms.set(
            Alarm::ResumeSending,
            u32::try_from(seconds.clamp(1, 600) * 1000).unwrap_or(1000),
        );
    }

    pub(super) fn resume_sending(&mut self) {
        self.sending_paused = false;
        self.flush();
        self.fetch_next_page();
    }

    /// Whether the connection accepts messages now.
    pub(super) fn can_send(&self) -> bool {
        self.phase == Phase::Live && !self.sending_paused && self.socket.is_some()
    }

    /// Sends a message if the connection is live. Commands are sent again when it becomes live.
    pub(super) fn send(&self, message: &ClientMessage) {
        if let (true, Some(socket)) = (self.can_send(), &self.socket) {
            socket.send(&message.to_json());
        }
    }
}
