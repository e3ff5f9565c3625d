//! The timers' protocol on one connection of the hub.

mod commands;

use crate::{
    auth::identity::Identity,
    clock,
    config::Quota,
    hub::{Closing, Connection, ConnectionError, Ending, Follows, Message, Protocol},
    limits::Counter,
    service::{
        friends::Watch,
        sessions::OpenSession,
        timers::{Missed, Start, sync_result},
    },
    state::AppState,
};
use protocol::{
    socket::CloseCode,
    time::Timestamp,
    timers::{Body, ServerMessage},
};
use std::time::Duration;

/// A connection that goes on after as many refusals in WS_MESSAGE_WINDOW is closed: each of them costs the server work.
const REFUSALS: u32 = 100;

/// Whose connection it is, and what it has heard.
pub struct Session {
    state: AppState,
    identity: Identity,
    /// Closes it when the session of its token ends.
    open: Option<OpenSession>,
    /// Brings it what others share with its user, if it wants that.
    watch: Option<Watch>,
    /// The epoch and `seq` of the last event that the client saw.
    since: Option<(String, u64)>,
    /// The last event that the client has heard, or that is contained in what was sent first.
    heard: u64,
    /// Messages that were refused since there were too many.
    refusals: Counter,
    control_frames: Counter,
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
        let limits = &state.config.limits;
        let refusals = limits.messages.map(|messages| Quota {
            max: REFUSALS,
            ..messages
        });
        let (refusals, control_frames) = (Counter::new(refusals), Counter::new(limits.control_frames));
        let open = state.sessions.attach(&identity, connection.handle());
        let session = Self {
            open,
            state,
            identity,
            since,
            watch,
            heard: 0,
            refusals,
            control_frames,
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
        self.heard = seq;
        let now = clock::now();
        let connected = Body::Connected {
            user_id: self.identity.user.clone(),
            seq,
            epoch,
        };
        let mut first = vec![ServerMessage::new(connected, now)];
        match missed {
            Missed::Events(events) => first.extend(events),
            Missed::Everything(page) => first.push(sync_result(&self.identity.user, page)),
        }
        Ok(first.into_iter().map(Message::reply).collect())
    }

    async fn message(&mut self, connection: &mut Connection, text: &str) {
        self.hear(connection, text).await;
    }

    fn control_frame(&mut self, connection: &Connection) {
        if !self.control_frames.take() {
            connection.handle().close(
                CloseCode::Policy,
                "too many pings and pongs: wait before connecting again",
            );
        }
    }

    fn follows(&mut self, message: &Message) -> Follows {
        match message.seq() {
            Some(seq) if seq == self.heard + 1 && !message.is_head() => {
                self.heard = seq;
                Follows::Next
            }
            Some(seq) if seq > self.heard => Follows::Later,
            Some(_) if !message.answers() => Follows::Known,
            _ => Follows::Next,
        }
    }

    /// The events between, from the log: they are committed, since one that comes later is. The client's own commands
    /// may be among them.
    async fn missed(&mut self, message: &Message) -> Result<Vec<Message>, Closing> {
        let next = message.seq().unwrap_or_default();
        let events = self.state.timers.committed_since(&self.identity.user, self.heard).await;
        let events = events.map_err(|error| {
            tracing::error!(%error, user = %self.identity.user, "what happened on another node cannot be read");
            Closing {
                code: CloseCode::Internal,
                reason: "the timers cannot be read now",
            }
        })?;
        let events = events.ok_or(Closing {
            code: CloseCode::SlowConsumer,
            reason: "too much was missed: reconnect and recover",
        })?;
        tracing::debug!(user = %self.identity.user, heard = self.heard, next, "events come out of their order");
        self.heard = next;
        let last = if message.is_head() { next } else { next - 1 };
        let numbered = events.into_iter().filter_map(|event| Some((event.seq?, event)));
        let between = numbered.filter(|(seq, _)| *seq <= last);
        Ok(between.map(|(seq, event)| Message::event(event, seq)).collect())
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
