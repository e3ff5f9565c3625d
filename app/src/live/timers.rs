//! The timers of the signed-in user as a live protocol: confirmed by the server, with the user's pending commands
//! applied for the page.
//!
//! What a page shows is "confirmed, then pending applied", so rolling a command back only removes it.

mod command;
mod confirmed;
mod item;
mod notice;
#[cfg(test)]
mod tests;

pub use confirmed::TimerChanges;
pub use item::TimerItem;
pub use notice::{EndOffer, TimerNotice};

use super::{
    live_protocol::{LiveProtocol, Outgoing, Received, Replaced, Signal},
    outbox::{Outbox, Pending},
};
use crate::{
    friends::{self, FriendTimer, Friends},
    links::Links,
    snapshot::TimersSnapshot,
};
use confirmed::{Change, Confirmed};
use protocol::{
    id::{TimerId, UserId},
    time::Timestamp,
    timers::{
        Body, ClientMessage, Command, ErrorCode, Secret, ServerMessage, SyncPage, SyncScope, TIMERS_PATH, Timer,
        TimerAction, TimerCommand, WireError,
    },
};
use std::collections::HashMap;

/// The state of the user's timers in the browser.
#[derive(Clone, Debug, PartialEq)]
pub struct Timers {
    confirmed: Confirmed,
    friends: Friends,
    /// Maps the server's ids to the provisional ids that the cards were built with.
    keys: HashMap<TimerId, TimerId>,
    /// The id of this tab's request for more timers.
    request: Option<String>,
    /// See [`Timers::set_old`].
    is_old: bool,
}

impl Timers {
    /// Starts from the snapshot that the server rendered.
    pub fn new(mut snapshot: TimersSnapshot) -> Self {
        Self {
            friends: std::mem::take(&mut snapshot.friends),
            confirmed: Confirmed::new(snapshot),
            keys: HashMap::new(),
            request: None,
            is_old: false,
        }
    }

    /// The page was kept since a time without a connection, in which the choices of links may have changed: the whole state
    /// is read again once there is a connection.
    pub fn set_old(&mut self) {
        self.is_old = true;
    }

    /// Returns what has changed, and forgets it.
    pub fn take_changes(&mut self) -> TimerChanges {
        std::mem::take(&mut self.confirmed.changes)
    }

    /// The links of timers, and the choices for new ones.
    pub fn links(&self) -> &Links {
        &self.confirmed.links
    }

    /// The number of unread notifications.
    pub fn unread(&self) -> u64 {
        self.confirmed.unread
    }

    /// Friends' activity.
    pub fn friends(&self) -> &Friends {
        &self.friends
    }

    /// Whether there are more ended timers than this page lists.
    pub fn has_more_ended(&self) -> bool {
        self.confirmed.has_more_ended
    }

    /// A timer as the page shows it; `None` when there is none.
    pub fn item(&self, id: TimerId, outbox: &Outbox<TimerCommand>) -> Option<TimerItem> {
        let pending = outbox.pending();
        let timer = command::with_pending(id, &self.confirmed.timers, pending, &self.confirmed.owner)?;
        let mut own = pending
            .iter()
            .filter(|pending| command::timer_id(pending) == id)
            .peekable();
        Some(TimerItem {
            key: self.keys.get(&id).copied().unwrap_or(id),
            waiting: own.peek().is_some(),
            provisional: !self.confirmed.timers.contains_key(&id),
            linked: match own.next().map(|pending| &pending.command) {
                Some(TimerCommand::Create { tag_ids, .. }) => self.confirmed.links.of_tagged(&timer, tag_ids),
                _ => self.confirmed.links.of(&timer),
            },
            timer,
        })
    }

    /// The ids of all timers: confirmed, and to be created by pending commands.
    pub fn ids(&self, outbox: &Outbox<TimerCommand>) -> Vec<TimerId> {
        let created = outbox
            .pending()
            .iter()
            .filter(|pending| pending.command.timer_id().is_none());
        let confirmed = self.confirmed.timers.keys().copied();
        confirmed.chain(created.map(command::timer_id)).collect()
    }

    fn receive_message(&mut self, message: ServerMessage, outbox: &mut Outbox<TimerCommand>) -> Received<Self> {
        let mut received = Received::nothing();
        received.reply_to = message.reply_to.clone();
        if !matches!(message.body, Body::Error(_)) {
            received.settled = message.reply_to.as_deref().and_then(|id| outbox.settle(id));
        }
        match message.body {
            Body::Error(error) => self.on_error(error, &mut received, outbox),
            Body::Connected { user_id, .. } if user_id != self.confirmed.owner => received.signal = Signal::OtherUser,
            Body::Connected { seq, epoch, .. } => {
                received.signal = Signal::Ready;
                received.resync = self.confirmed.connected(seq, epoch) | std::mem::take(&mut self.is_old);
            }
            Body::Pong => received.signal = Signal::Pong(message.timestamp),
            Body::Timer { .. } | Body::TimerDeleted { .. } => self.on_timer(message, &mut received),
            Body::Sync { timers, next } => self.on_sync(timers, next, &mut received),
            Body::FriendActivity { .. } => self.on_friend_activity(message.body, message.timestamp),
            Body::DataChanged { .. } => {
                // The choices of links and the friends are in the whole state only.
                received.resync = true;
                self.confirmed.changes.data = true;
            }
            Body::SharedTimer { .. } | Body::Renewed { .. } => {}
        }
        received
    }

    fn on_error(&mut self, error: WireError, received: &mut Received<Self>, outbox: &mut Outbox<TimerCommand>) {
        match error.code {
            ErrorCode::RateLimitExceeded => {
                let seconds = error.retry_after.unwrap_or(1);
                received.signal = Signal::RateLimited { seconds };
            }
            ErrorCode::Unauthorized => received.signal = Signal::TokenRefused,
            _ => {
                received.settled = received.reply_to.as_deref().and_then(|id| outbox.settle(id));
                received.notice = received
                    .settled
                    .as_ref()
                    .map(|command| TimerNotice::of_refusal(error, command));
            }
        }
    }

    fn on_timer(&mut self, message: ServerMessage, received: &mut Received<Self>) {
        let is_new = self.confirmed.is_new(message.seq);
        match message.body {
            Body::Timer { timer, action } => {
                if let Some(command) = &received.settled
                    && command.command.timer_id().is_none()
                {
                    self.keys.insert(timer.id, command::timer_id(command));
                }
                if action != TimerAction::Sync && is_new {
                    received.notice = Some(TimerNotice::Changed(timer.title.clone(), action));
                }
                // Events name a schedule or a todo by its id alone.
                let relinked = is_new && !self.confirmed.links.knows(&timer);
                received.resync = self.confirmed.event(message.seq, Change::Put(timer)) || relinked;
            }
            Body::TimerDeleted { timer_id } => {
                received.resync = self.confirmed.event(message.seq, Change::Remove(timer_id));
            }
            _ => {}
        }
    }

    fn on_sync(&mut self, timers: Vec<Timer>, next: Option<String>, received: &mut Received<Self>) {
        // Unrequested: the log no longer reaches back to this page's position.
        if received.reply_to.is_none() {
            self.confirmed.restart(timers, next);
            received.resync = true;
            return;
        }
        // A requested page, by this tab or another: adds to the known timers.
        for timer in timers {
            self.confirmed.apply_unnumbered(Change::Put(Box::new(timer)));
        }
        if self.request == received.reply_to {
            self.request = None;
            self.confirmed.next_active = next;
        }
    }

    fn on_friend_activity(&mut self, body: Body, since: Timestamp) {
        let Body::FriendActivity {
            friend_id,
            display_name: name,
            action,
            timer_id,
            timer_title: title,
        } = body
        else {
            return;
        };
        if let Some(status) = friends::status_after(action) {
            self.confirmed.changes.friends = true;
            self.friends.record(FriendTimer {
                friend_id,
                name,
                timer_id,
                title,
                status,
                since,
            });
        }
    }
}

impl LiveProtocol for Timers {
    type Command = TimerCommand;
    type Snapshot = TimersSnapshot;
    type Notice = TimerNotice;

    // Earlier releases, which had no other protocol, stored commands under `lockstep.pending.`.
    const NAME: &'static str = "pending";

    fn path(&self) -> String {
        format!("{TIMERS_PATH}?changes=true&since={}", self.position())
    }

    fn user(&self) -> &UserId {
        &self.confirmed.owner
    }

    fn position(&self) -> String {
        self.confirmed.position()
    }

    fn is_behind(&self, position: &str) -> bool {
        self.confirmed.is_behind(position)
    }

    fn receive(&mut self, text: &str, outbox: &mut Outbox<TimerCommand>) -> Received<Self> {
        match ServerMessage::parse(text) {
            Ok(message) => self.receive_message(message, outbox),
            // A newer server may send types that this page does not know.
            Err(_) => Received::nothing(),
        }
    }

    fn replace(&mut self, mut snapshot: TimersSnapshot) -> Replaced {
        if snapshot.account.id != self.confirmed.owner {
            return Replaced::OtherUser;
        }
        let friends = std::mem::take(&mut snapshot.friends);
        self.friends.replace(friends, snapshot.now);
        self.confirmed.changes.friends = true;
        match self.confirmed.replace(snapshot) {
            true => Replaced::Done,
            false => Replaced::TooOld,
        }
    }

    fn encode(message: Outgoing<'_, TimerCommand>) -> String {
        let message = match message {
            Outgoing::Command(pending, now) => command::message(pending, now),
            Outgoing::Ping(id) => ClientMessage {
                id: Some(id.to_owned()),
                command: Command::Ping,
            },
            Outgoing::Renew(token) => ClientMessage {
                id: None,
                command: Command::Renew {
                    token: Secret(token.to_owned()),
                },
            },
        };
        message.to_json()
    }

    fn request_more(&mut self, id: &str) -> Option<String> {
        let cursor = self.confirmed.next_active.take()?;
        self.request = Some(id.to_owned());
        let message = ClientMessage {
            id: self.request.clone(),
            command: Command::Sync {
                scope: SyncScope::Active,
                page: SyncPage {
                    limit: None,
                    cursor: Some(cursor),
                },
            },
        };
        Some(message.to_json())
    }

    fn touch(&mut self, command: &Pending<TimerCommand>) {
        self.confirmed.changes.timers.insert(command::timer_id(command));
    }

    fn needs_refresh(&self) -> bool {
        self.friends.any
    }

    fn dropped(count: usize) -> TimerNotice {
        TimerNotice::Dropped(count)
    }
}
