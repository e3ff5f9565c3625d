//! One open timer connection, from `connected` to its close.

mod commands;

use super::socket::{Gone, Incoming, Socket};
use crate::{
    auth::identity::Identity,
    clock,
    hub::{Connection, Message},
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
use std::{pin::Pin, sync::Arc, time::Duration};
use tokio::time::{Instant, Interval, MissedTickBehavior, Sleep};

/// Pings that may be unanswered before the connection is dropped.
const UNANSWERED_PINGS: u8 = 2;

/// A registered connection and whose it is.
pub struct Session {
    state: AppState,
    identity: Identity,
    connection: Connection,
    /// Brings it what others share with its user, if it wants that.
    watch: Option<Watch>,
    /// Events up to this one are in what was sent first.
    seen: u64,
    expiry: Pin<Box<Sleep>>,
    heartbeat: Interval,
    unanswered: u8,
}

/// How a session ends.
enum End {
    /// With a close frame.
    Close(CloseCode, &'static str),
    /// Nobody is there to read one.
    Gone,
}

impl From<Gone> for End {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

impl Session {
    /// A session of `identity` on a connection that is registered already, so that nothing falls between the first
    /// messages and the live ones.
    pub fn new(state: AppState, identity: Identity, connection: Connection, shared: bool) -> Self {
        let watch = shared.then(|| {
            state
                .activity
                .watch(identity.clone().into(), connection.handle().clone())
        });
        let every = state.config.websocket.heartbeat;
        let mut heartbeat = tokio::time::interval_at(Instant::now() + every, every);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let expiry = Box::pin(tokio::time::sleep_until(until(identity.expires_at)));
        Self {
            state,
            identity,
            connection,
            watch,
            seen: 0,
            expiry,
            heartbeat,
            unanswered: 0,
        }
    }

    /// Drives the socket until it ends. `since`: the epoch and `seq` of the last event that the client saw.
    pub async fn run(mut self, mut socket: Socket, since: Option<(String, u64)>) {
        let end = match self.begin(&mut socket, since).await {
            Ok(()) => self.live(&mut socket).await,
            Err(end) => end,
        };
        match end {
            End::Close(code, reason) => {
                // What was said before the close is heard before it; a slow peer is where that cannot be.
                if code != CloseCode::SlowConsumer
                    && let Some(message) = self.connection.try_next()
                    && self.write(&mut socket, message).await.is_err()
                {
                    return;
                }
                tracing::debug!(user = %self.identity.user, code = code.code(), reason, "closing a connection");
                socket.close(code, reason).await;
            }
            End::Gone => tracing::debug!(user = %self.identity.user, "a connection is gone"),
        }
    }

    /// `connected`, then what was missed or everything.
    async fn begin(&mut self, socket: &mut Socket, since: Option<(String, u64)>) -> Result<(), End> {
        let since = since.as_ref().map(|(epoch, seq)| (epoch.as_str(), *seq));
        let Start { seq, epoch, missed } =
            self.state
                .timers
                .start(&self.identity.user, since)
                .await
                .map_err(|error| {
                    tracing::error!(%error, user = %self.identity.user, "a connection cannot begin");
                    End::Close(CloseCode::Internal, "the timers cannot be read now")
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
        for message in first {
            socket.feed(&Message::reply(message), &self.connection).await?;
        }
        Ok(socket.flush().await?)
    }

    async fn live(&mut self, socket: &mut Socket) -> End {
        let closed = self.connection.closed();
        tokio::pin!(closed);
        loop {
            let step = tokio::select! {
                closing = &mut closed => Err(End::Close(closing.code, closing.reason)),
                () = &mut self.expiry => Err(End::Close(CloseCode::Policy, "the token has expired")),
                _ = self.heartbeat.tick() => self.beat(socket).await,
                incoming = socket.next() => self.take(incoming).await,
                message = self.connection.next() => {
                    // A peer that does not read must not keep its own close waiting; one that does hears all first.
                    tokio::select! {
                        biased;
                        written = self.write(socket, message) => written,
                        closing = &mut closed => Err(End::Close(closing.code, closing.reason)),
                    }
                }
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    async fn beat(&mut self, socket: &mut Socket) -> Result<(), End> {
        if self.unanswered >= UNANSWERED_PINGS {
            return Err(End::Gone);
        }
        self.unanswered += 1;
        Ok(socket.ping().await?)
    }

    /// Writes what waits in the outbox in one go.
    async fn write(&mut self, socket: &mut Socket, first: Arc<Message>) -> Result<(), End> {
        let mut next = Some(first);
        while let Some(message) = next {
            if message.seq().is_none_or(|seq| seq > self.seen) {
                socket.feed(&message, &self.connection).await?;
            }
            next = self.connection.try_next();
        }
        Ok(socket.flush().await?)
    }

    async fn take(&mut self, incoming: Incoming) -> Result<(), End> {
        match incoming {
            Incoming::Text(text) => {
                self.unanswered = 0;
                self.hear(&text).await;
                Ok(())
            }
            Incoming::Alive => {
                self.unanswered = 0;
                Ok(())
            }
            Incoming::Fault(code, reason) => Err(End::Close(code, reason)),
            Incoming::Gone => Err(End::Gone),
        }
    }
}

fn until(instant: Timestamp) -> Instant {
    // Tokens without a sensible end are moved to one that the clock can count.
    let millis = instant.millis_since(clock::now()).clamp(0, 365 * 24 * 60 * 60 * 1000);
    Instant::now() + Duration::from_millis(millis.unsigned_abs())
}
