//! The timers' protocol on one connection of the hub.

mod commands;

use crate::{
    auth::identity::Identity,
    clock,
    hub::{Closing, Connection, ConnectionError, Ending, Message, Protocol},
    service::{
        friends::Watch,
        timers::{Missed, Start},
    },
    state::AppState,
};
use protocol::{
    time::Timestamp,
    wire::{Body, CloseCode, ServerMessage},
};
use std::time::Duration;

/// Whose connection it is, and what it has heard.
pub struct Session {
    state: AppState,
    identity: Identity,
    /// Brings it what others share with its user, if it wants that.
    watch: Option<Watch>,
    /// The epoch and `seq` of the last event that the client saw.
    since: Option<(String, u64)>,
    /// Events up to this one are in what was sent first.
    seen: u64,
}

impl Session {
    /// A session of `identity` on a connection that is registered already, so that nothing falls between the first
    /// messages and the live ones.
    pub fn new(
        state: AppState,
        identity: Identity,
        since: Option<(String, u64)>,
        shared: bool,
        connection: &Connection,
    ) -> Self {
        let watch = shared.then(|| {
            state
                .activity
                .watch(identity.clone().into(), connection.handle().clone())
        });
        let session = Self {
            state,
            identity,
            since,
            watch,
            seen: 0,
        };
        session.expire(connection);
        session
    }

    /// The connection ends with its token.
    fn expire(&self, connection: &Connection) {
        let left = until(self.identity.expires_at);
        self.state
            .hub
            .end_after(connection.handle(), left, "the token has expired");
    }
}

impl Protocol for Session {
    /// `connected`, then what was missed or everything.
    async fn connected(&mut self, _connection: &mut Connection) -> Result<Vec<Message>, Closing> {
        let since = self.since.take();
        let since = since.as_ref().map(|(epoch, seq)| (epoch.as_str(), *seq));
        let Start { seq, epoch, missed } =
            self.state
                .timers
                .start(&self.identity.user, since)
                .await
                .map_err(|error| {
                    tracing::error!(%error, user = %self.identity.user, "a connection cannot begin");
                    Closing {
                        code: CloseCode::Internal,
                        reason: "the timers cannot be read now",
                    }
                })?;
        self.seen = seq;
        let now = clock::now();
        let connected = Body::Connected {
            user_id: self.identity.user.clone(),
            seq,
            epoch,
        };
        let mut first = vec![ServerMessage::new(connected, now)];
        match missed {
            Missed::Events(events) => first.extend(events),
            Missed::Everything(timers) => first.push(ServerMessage::new(Body::Sync { timers }, now)),
        }
        Ok(first.into_iter().map(Message::reply).collect())
    }

    async fn message(&mut self, connection: &mut Connection, text: &str) {
        self.hear(connection, text).await;
    }

    fn wants(&self, message: &Message) -> bool {
        message.seq().is_none_or(|seq| seq > self.seen)
    }

    fn error(&mut self, error: &ConnectionError) {
        tracing::debug!(user = %self.identity.user, %error, "a connection fails");
    }

    fn closed(&mut self, ending: &Ending) {
        // The peer's reason may be anything, such as a token: it is not logged.
        let theirs = matches!(ending, Ending::Theirs(_));
        tracing::debug!(user = %self.identity.user, code = ending.code(), theirs, "a connection ended");
    }
}

fn until(instant: Timestamp) -> Duration {
    // Tokens without a sensible end are moved to one that the clock can count.
    let millis = instant.millis_since(clock::now()).clamp(0, 365 * 24 * 60 * 60 * 1000);
    Duration::from_millis(millis.unsigned_abs())
}
