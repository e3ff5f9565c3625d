//! The person's commands: kept, shown, sent, and sent again until they have an answer.

use super::{Connection, Phase};
use crate::{
    browser,
    live::{
        alarms::Alarm,
        pending::{Intent, Pending},
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
        self.send(&command.message());
        self.live.state.update(|state| state.push(command));
    }

    /// Sends everything that has no answer, in order. What the server had applied already it answers again.
    pub(super) fn flush(&mut self) {
        let messages: Vec<ClientMessage> = self
            .live
            .state
            .with_untracked(|state| state.pending().iter().map(Pending::message).collect());
        for message in messages {
            self.send(&message);
        }
    }

    /// Hands the server a new token on the open connection.
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

    /// Sends nothing until the rate limit's time is over.
    pub(super) fn hold(&mut self, seconds: u64) {
        self.held = true;
        self.alarms.set(
            Alarm::Release,
            u32::try_from(seconds.clamp(1, 600) * 1000).unwrap_or(1000),
        );
    }

    pub(super) fn release(&mut self) {
        self.held = false;
        self.flush();
        self.fetch_next_page();
    }

    /// Whether the connection takes messages now.
    pub(super) fn can_send(&self) -> bool {
        self.phase == Phase::Live && !self.held && self.socket.is_some()
    }

    /// What cannot be sent now is sent when the connection is live again.
    pub(super) fn send(&self, message: &ClientMessage) {
        if let (true, Some(socket)) = (self.can_send(), &self.socket) {
            socket.send(&message.to_json());
        }
    }
}
