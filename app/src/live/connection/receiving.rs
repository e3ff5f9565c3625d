//! Handles messages from the server, and fetches the whole list where events do not suffice.

use super::{Connection, Input, Phase};
use crate::{
    api, browser,
    friends::{self, FriendTimer},
    live::{
        alarms::Alarm,
        state::{LiveState, Outcome},
        storage,
    },
    snapshot::TimersSnapshot,
    text,
};
use leptos::{prelude::*, task::spawn_local};
use protocol::timers::{Body, ClientMessage, Command, ErrorCode, ServerMessage, SyncPage, SyncScope};

/// Delay before the next attempt to fetch the whole list.
const RESYNC_RETRY_MILLIS: u32 = 1_500;

impl Connection {
    pub(super) fn on_message(&mut self, text: &str) {
        let message = match ServerMessage::parse(text) {
            Ok(message) => message,
            // A newer server may send types that this page does not know.
            Err(error) => {
                leptos::logging::debug_warn!("{error}");
                return;
            }
        };
        if let Some(reply_to) = &message.reply_to {
            let server = matches!(message.body, Body::Pong).then_some(message.timestamp);
            self.on_reply(reply_to, server);
        }
        match &message.body {
            Body::Pong | Body::Renewed { .. } => return,
            Body::FriendActivity { .. } => return self.on_friend_activity(message),
            Body::Error(error) if error.code == ErrorCode::Unauthorized => {
                // The renewed token was refused; the close that follows triggers a new one.
                self.token = None;
                return;
            }
            Body::Connected { user_id, .. } if self.live.state.with_untracked(|state| state.owner() != user_id) => {
                self.phase = Phase::Stopped;
                browser::reload();
                return;
            }
            _ => {}
        }
        let is_connected = matches!(message.body, Body::Connected { .. });
        let outcome = self
            .live
            .state
            .try_update(|state| state.receive(message))
            .unwrap_or_default();
        self.apply_outcome(outcome);
        if is_connected {
            self.on_connected();
        }
        self.fetch_next_page();
    }

    fn on_friend_activity(&self, message: ServerMessage) {
        let Body::FriendActivity {
            friend_id,
            display_name,
            action,
            timer_id,
            timer_title,
        } = message.body
        else {
            return;
        };
        if let Some(status) = friends::status_after(action) {
            let timer = FriendTimer {
                friend_id,
                name: display_name,
                timer_id,
                title: timer_title,
                status,
                since: message.timestamp,
            };
            self.live.friends.update(|friends| friends.record(timer));
        }
    }

    fn apply_outcome(&mut self, outcome: Outcome) {
        if let Some(command) = &outcome.settled {
            let owner = self.live.state.with_untracked(|state| state.owner().clone());
            storage::forget(&owner, command);
        }
        if let Some(error) = outcome.refused {
            self.live.alert(text::refusal(&error));
        }
        if let Some((title, action)) = outcome.news {
            self.live.announcement.set(text::news(title.as_deref(), action));
        }
        if let Some(seconds) = outcome.hold_seconds {
            self.pause_sending(seconds);
        }
        if outcome.resync {
            self.resync();
        }
    }

    /// Fetches the whole list; the answer arrives as an input.
    pub(super) fn resync(&mut self) {
        if self.fetching_snapshot || self.phase == Phase::Stopped {
            return;
        }
        self.fetching_snapshot = true;
        self.synced_at = browser::device_millis();
        let inputs = self.inputs.clone();
        spawn_local(async move {
            let _ = inputs.unbounded_send(Input::Snapshot(api::timers().await));
        });
    }

    pub(super) fn on_snapshot(&mut self, answer: Result<Option<TimersSnapshot>, api::PageError>) {
        self.fetching_snapshot = false;
        let again = match answer {
            Ok(Some(snapshot))
                if self
                    .live
                    .state
                    .with_untracked(|state| *state.owner() != snapshot.account.id) =>
            {
                browser::reload();
                false
            }
            Ok(Some(mut snapshot)) => {
                let (friends, now) = (std::mem::take(&mut snapshot.friends), snapshot.now);
                self.live.friends.update(|known| known.replace(friends, now));
                let replaced = self.live.state.try_update(|state| state.replace(snapshot));
                replaced.unwrap_or(false)
            }
            // Signed out: the next token request reports it.
            Ok(None) => false,
            Err(_) => true,
        };
        if again {
            self.alarms.set(Alarm::Resync, RESYNC_RETRY_MILLIS);
        }
        self.fetch_next_page();
    }

    /// Requests the next page of active timers that are not known yet. A list that is being fetched brings its own
    /// cursor.
    pub(super) fn fetch_next_page(&self) {
        if !self.can_send() || self.fetching_snapshot {
            return;
        }
        // Not a visible change.
        let next = self
            .live
            .state
            .try_update_untracked(LiveState::take_next_active)
            .flatten();
        if let Some(cursor) = next {
            let page = SyncPage {
                limit: None,
                cursor: Some(cursor),
            };
            self.send(&ClientMessage {
                id: Some(browser::random_uuid().to_string()),
                command: Command::Sync {
                    scope: SyncScope::Active,
                    page,
                },
            });
        }
    }
}
