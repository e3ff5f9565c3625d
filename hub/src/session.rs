//! Runs a connection from its start to its close.

mod transport;

use crate::{
    Accepts, CloseCode, CloseFrame, CloseOutcome, Connection, ConnectionError, Hub, OnError, Protocol, Received,
    outcome::SessionExit,
    socket::{Incoming, Socket, WriteError},
};
use futures_util::FutureExt;
use std::{
    convert::Infallible,
    future::Future,
    panic::AssertUnwindSafe,
    pin::pin,
    time::{Duration, Instant},
};
use tokio::time::timeout;
use transport::{Io, Transport};

/// How long a running handler may go on when the connection is closed.
const HANDLER_GRACE: Duration = Duration::from_secs(2);

/// A connection's parts. The protocol and the connection are lent to one handler at a time; the transport goes on beside it.
pub(crate) struct Session<S, P: Protocol> {
    hub: Hub,
    accepts: Accepts,
    connection: Connection<P::Auth>,
    transport: Transport<S>,
    protocol: P,
}

impl<S: Io, P: Protocol> Session<S, P> {
    pub fn new(accepts: Accepts, connection: Connection<P::Auth>, socket: Socket<S>, protocol: P) -> Self {
        Self {
            hub: connection.hub().clone(),
            accepts,
            transport: Transport::new(connection.handle().clone(), socket),
            connection,
            protocol,
        }
    }

    /// Runs until the connection is closed.
    ///
    /// A connection is idle for most of its life, and its task has room for the largest future that it may wait for. So
    /// whatever is not part of being idle (handlers, missing events, the close) is boxed.
    pub async fn run(&mut self) {
        let live = AssertUnwindSafe(self.live()).catch_unwind().await;
        let Err(exit) = live.unwrap_or(Err(SessionExit::Error(ConnectionError::Panic)));
        Box::pin(self.close(exit)).await;
    }

    async fn close(&mut self, exit: SessionExit) {
        let CloseOutcome::Server(close) = self.end(exit).await else {
            return;
        };
        // Messages sent before the close are received before it, unless the client is too slow.
        if close.code != CloseCode::SLOW_CONSUMER {
            let last = AssertUnwindSafe(self.transport.write_last()).catch_unwind().await;
            if let Ok(Err(WriteError::Disconnected | WriteError::TimedOut)) = last {
                return;
            }
        }
        tracing::debug!(code = close.code.get(), reason = %close.reason, "closing a connection");
        self.transport.close(&close).await;
    }

    async fn live(&mut self) -> Result<Infallible, SessionExit> {
        let Self {
            connection,
            transport,
            protocol,
            ..
        } = self;
        let connected = Box::pin(run_with_transport(transport, protocol.connected(connection))).await?;
        connected.map_err(SessionExit::from)?;
        loop {
            if self.connection.handle().has_controls() {
                Box::pin(self.run_controls()).await?;
            }
            self.transport.write().await?;
            if let Some(incoming) = self.transport.take_incoming() {
                if let Some(message) = self.message_in(incoming)? {
                    Box::pin(self.on_message(message)).await?;
                }
            } else if !self.connection.handle().has_controls() {
                self.transport.wait().await;
            }
            for _ in 0..self.transport.take_control_frames() {
                self.protocol.control_frame(&mut self.connection);
            }
        }
    }

    async fn run_controls(&mut self) -> Result<(), SessionExit> {
        for control in self.connection.handle().take_controls() {
            let handler = self.protocol.control(&mut self.connection, control);
            run_with_transport(&mut self.transport, handler).await?;
        }
        Ok(())
    }

    /// The message of an incoming event, if it is one.
    fn message_in(&self, incoming: Incoming) -> Result<Option<Received>, SessionExit> {
        match incoming {
            Incoming::Text(text) => Ok(Some(Received::Text(text))),
            Incoming::Binary(bytes) => Ok(Some(Received::Binary(bytes))),
            // Counted by the transport.
            Incoming::KeepAlive => Ok(None),
            Incoming::Fault(fault) => {
                let code = CloseCode::try_from(fault.code()).unwrap_or(CloseCode::PROTOCOL);
                Err(self.fault(code, fault.reason()))
            }
            Incoming::Closed(peer) => Err(SessionExit::PeerClosed(peer)),
            Incoming::Disconnected => Err(SessionExit::Error(ConnectionError::Disconnected)),
        }
    }

    async fn on_message(&mut self, message: Received) -> Result<(), SessionExit> {
        let bytes = match &message {
            Received::Text(text) => text.len(),
            Received::Binary(bytes) => bytes.len(),
            Received::Json(_) => 0,
        };
        self.hub.metrics().messages_in.inc();
        self.hub.metrics().bytes_in.inc_by(bytes as u64);
        let message = match (self.accepts, message) {
            (Accepts::Json, Received::Text(text)) => match serde_json::from_str(&text) {
                Ok(json) => Received::Json(json),
                Err(error) => return self.on_invalid_json(error.to_string()).await,
            },
            (Accepts::Text | Accepts::Json, Received::Binary(_)) => {
                return Err(self.fault(CloseCode::UNSUPPORTED, "only text messages are accepted"));
            }
            (Accepts::Binary, Received::Text(_)) => {
                return Err(self.fault(CloseCode::UNSUPPORTED, "only binary messages are accepted"));
            }
            (_, message) => message,
        };
        let start = Instant::now();
        let handler = self.protocol.message(&mut self.connection, message);
        run_with_transport(&mut self.transport, handler).await?;
        self.hub
            .metrics()
            .handler_seconds
            .observe(start.elapsed().as_secs_f64());
        Ok(())
    }

    async fn on_invalid_json(&mut self, message: String) -> Result<(), SessionExit> {
        let error = ConnectionError::InvalidJson(message);
        let handler = self.protocol.error(&mut self.connection, &error);
        match run_with_transport(&mut self.transport, handler).await? {
            OnError::Continue => Ok(()),
            // Already handled by the protocol.
            OnError::Close => Err(SessionExit::Requested(CloseFrame::new(
                CloseCode::INVALID_PAYLOAD,
                "the message is not JSON",
            ))),
        }
    }

    fn fault(&self, code: CloseCode, reason: &'static str) -> SessionExit {
        SessionExit::Error(ConnectionError::Fault(CloseFrame::new(code, reason)))
    }

    /// Counts the end and reports it to the protocol.
    async fn end(&mut self, exit: SessionExit) -> CloseOutcome {
        let (error, outcome) = match exit {
            SessionExit::Requested(_) if self.connection.handle().is_cut() => (None, CloseOutcome::Disconnected),
            SessionExit::Requested(close) => (None, CloseOutcome::Server(close)),
            SessionExit::PeerClosed(peer) => (None, CloseOutcome::Peer(peer)),
            SessionExit::PeerClosing => match self.transport.peer_close().await {
                Some(peer) => (None, CloseOutcome::Peer(peer)),
                None => (Some(ConnectionError::Disconnected), CloseOutcome::Disconnected),
            },
            SessionExit::Error(error) => (Some(error.clone()), error.into()),
        };
        self.hub.metrics().closed(&outcome);
        let (protocol, connection) = (&mut self.protocol, &mut self.connection);
        if let Some(error) = error {
            if error == ConnectionError::Panic {
                self.hub.metrics().handler_panics.inc();
            }
            last_handler(&self.hub, protocol.error(connection, &error)).await;
        }
        last_handler(&self.hub, protocol.closed(connection, &outcome)).await;
        outcome
    }
}

/// Runs one of the last handlers of a connection: a panic or a timeout does not change how the connection ends.
async fn last_handler<T>(hub: &Hub, handler: impl Future<Output = T>) {
    let handler = AssertUnwindSafe(handler).catch_unwind();
    if let Ok(Err(_)) = timeout(HANDLER_GRACE, handler).await {
        hub.metrics().handler_panics.inc();
    }
}

/// Waits for a handler; meanwhile messages are written, pings sent and answered. When the connection is closed, the
/// handler may go on for [`HANDLER_GRACE`].
async fn run_with_transport<S: Io, T>(
    transport: &mut Transport<S>,
    handler: impl Future<Output = T>,
) -> Result<T, SessionExit> {
    let mut handler = pin!(handler);
    loop {
        tokio::select! {
            biased;
            value = &mut handler => return Ok(value),
            () = transport.wait() => {}
        }
        if transport.has_ended() {
            return timeout(HANDLER_GRACE, &mut handler).await.map_err(|_| transport.exit());
        }
        let (written, value) = {
            let mut write = pin!(transport.write());
            let mut value = None;
            // The handler's end must not cancel a write that may have removed a message from the outbox.
            loop {
                tokio::select! {
                    biased;
                    done = &mut handler, if value.is_none() => value = Some(done),
                    written = &mut write => break (written, value),
                }
            }
        };
        match (written, value) {
            (Ok(()), None) => {}
            (Ok(()), Some(value)) => return Ok(value),
            (Err(exit), Some(_)) => return Err(exit),
            (Err(exit), None) => {
                // An error means a timeout.
                let _ = timeout(HANDLER_GRACE, &mut handler).await;
                return Err(exit);
            }
        }
    }
}
