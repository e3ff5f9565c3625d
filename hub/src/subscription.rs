//! Subscribing to a stream: join its room, send the start, then deliver every newer event, without gaps or duplicates.

use crate::{CloseCode, CloseFrame, Connection, FetchError, Handle, Message, Snapshot, StreamId, TooManyRooms};

/// Why a connection could not subscribe.
#[derive(Debug, thiserror::Error)]
pub enum SubscribeError {
    /// The connection is in too many rooms.
    #[error(transparent)]
    TooManyRooms(#[from] TooManyRooms),
    /// The stream cannot be read.
    #[error(transparent)]
    Fetch(#[from] FetchError),
}

impl From<SubscribeError> for CloseFrame {
    /// 1008 for too many rooms, 1011 for a stream that cannot be read.
    fn from(error: SubscribeError) -> Self {
        let code = match error {
            SubscribeError::TooManyRooms(_) => CloseCode::POLICY,
            SubscribeError::Fetch(_) => CloseCode::INTERNAL,
        };
        Self::new(code, error.to_string())
    }
}

/// A subscription that has not started: its connection is in the stream's room, whose messages are recorded but not
/// delivered. Dropping it leaves the room.
#[must_use]
pub struct Subscription {
    handle: Handle,
    stream: StreamId,
    started: bool,
}

/// The start of a subscription.
pub struct Start {
    /// The last event that `messages` contain or imply: the next one delivered is `seq + 1`.
    pub seq: u64,
    /// The messages before any newer event, in order.
    pub messages: Vec<Message>,
}

/// The events that a new subscriber has missed.
pub enum Missed {
    /// The subscriber did not ask for any.
    NotAsked,
    /// Exactly these events, oldest first.
    Events(Vec<Message>),
    /// The stream does not reach back so far: the client has to read everything anew.
    TooOld,
}

impl Subscription {
    /// Starts the subscription: the client gets `start.messages`, then every event after `start.seq`.
    pub fn start(mut self, start: Start) {
        self.started = true;
        let Some(room) = self.handle.hub().rooms().get(self.stream.room()) else {
            return;
        };
        room.start(self.handle.id(), |newest| {
            self.handle.set_delivered(&self.stream, start.seq);
            self.handle.push_start(start.messages);
            if newest > start.seq {
                self.handle.send(Message::watermark(self.stream.clone(), newest).into());
            }
        });
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if !self.started {
            self.handle.leave(self.stream.room());
        }
    }
}

impl<A> Connection<A> {
    /// Begins a subscription: joins the stream's room, and returns once the node receives everything that other nodes
    /// publish from now on. A snapshot that is read after this leaves no gap before the events that follow.
    ///
    /// # Errors
    /// [`TooManyRooms`].
    pub async fn begin_subscription(&mut self, stream: &StreamId) -> Result<Subscription, TooManyRooms> {
        self.handle().join(stream.room(), true)?;
        let subscription = Subscription {
            handle: self.handle().clone(),
            stream: stream.clone(),
            started: false,
        };
        self.hub().settled().await;
        Ok(subscription)
    }

    /// Subscribes to a stream. `first` creates the first messages from the presence of the room, the number of the newest
    /// event, and the events missed after `since`; the missed events follow, then every newer event. With `meta`, the
    /// connection enters the room's presence.
    ///
    /// # Errors
    /// [`SubscribeError`]; the connection has not joined then.
    pub async fn subscribe(
        &mut self,
        stream: &StreamId,
        since: Option<u64>,
        meta: Option<serde_json::Value>,
        first: impl FnOnce(&Snapshot, u64, &Missed) -> Vec<Message>,
    ) -> Result<(), SubscribeError> {
        let subscription = self.begin_subscription(stream).await?;
        let hub = self.hub().clone();
        let (seq, missed) = match since {
            None => (hub.head(stream).await?, Missed::NotAsked),
            Some(since) => match hub.fetch(stream, since).await {
                Ok(events) => {
                    let last = events.last().and_then(Message::position).map_or(since, |(_, seq)| seq);
                    (last, Missed::Events(events))
                }
                Err(FetchError::TooOld) => (hub.head(stream).await?, Missed::TooOld),
                Err(error) => return Err(error.into()),
            },
        };
        let start = |snapshot: &Snapshot| {
            let mut messages = first(snapshot, seq, &missed);
            if let Missed::Events(events) = missed {
                messages.extend(events);
            }
            subscription.start(Start { seq, messages });
        };
        hub.enter(self.handle(), stream.room(), meta, start).await;
        Ok(())
    }
}
