//! A client on an in-memory pipe, and hubs and connections for tests.

use crate::{
    codec::Encoding,
    connection::{Connection, MemberSettings, OutboxLimits},
    session::Session,
    socket::Socket,
    *,
};
use futures_util::{SinkExt, StreamExt};
use prometheus_client::{encoding::text::encode, registry::Registry};
use std::{sync::Arc, time::Duration};
use tokio::{io::DuplexStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message as Wire, protocol::Role},
};

pub const TEST: Scope = Scope::new("test");
/// Never reached unless a test fails.
pub const TIMEOUT: Duration = Duration::from_secs(20);

pub fn room(key: &str) -> RoomId {
    RoomId::new(TEST, key)
}

pub fn text(text: &str) -> Arc<Message> {
    Arc::new(Message::text(text))
}

/// A hub of one node, and its metrics.
pub fn hub() -> (Hub, Registry) {
    hub_with(LocalBus, PlainScope)
}

pub fn hub_with(bus: impl Bus, handler: impl ScopeHandler) -> (Hub, Registry) {
    let mut registry = Registry::default();
    let hub = Hub::builder(bus).scope(TEST, handler).metrics(&mut registry).build();
    (hub, registry)
}

/// The registry's lines, without comments.
pub fn metrics(registry: &Registry) -> Vec<String> {
    let mut text = String::new();
    encode(&mut text, registry).unwrap();
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

pub const SETTINGS: MemberSettings = MemberSettings {
    outbox: OutboxLimits {
        messages: 8,
        bytes: 4 * 1024 * 1024,
    },
    max_rooms: 4,
    heartbeat_ticks: Some(300),
};

/// A connection without a socket.
pub fn connection(hub: &Hub, settings: MemberSettings) -> Connection {
    Connection::new(hub.register(settings, None, Format::default()), (), None)
}

/// A connection without a socket, in a room.
pub fn member(hub: &Hub, key: &str) -> Connection {
    let mut connection = connection(hub, SETTINGS);
    connection.join(&room(key)).unwrap();
    connection
}

/// The payloads of the messages in its outbox.
pub fn received(connection: &Connection) -> Vec<String> {
    let format = connection.handle().format();
    let entries = std::iter::from_fn(|| connection.handle().next_entry());
    let payloads = entries.flat_map(|entry| match entry {
        connection::Entry::Message(message) => vec![message.payload(&format)],
        connection::Entry::Start(messages) => messages.iter().map(|message| message.payload(&format)).collect(),
    });
    payloads
        .map(|payload| String::from_utf8(payload.to_vec()).unwrap())
        .collect()
}

/// A WebSocket client.
pub struct Client {
    pub socket: WebSocketStream<DuplexStream>,
}

impl Client {
    /// Opens a connection that runs a protocol.
    pub async fn open<P: Protocol>(hub: &Hub, accepts: Accepts, auth: P::Auth, protocol: P) -> Self {
        Self::open_with(hub, accepts, SETTINGS, auth, protocol).await
    }

    pub async fn open_with<P: Protocol>(
        hub: &Hub,
        accepts: Accepts,
        settings: MemberSettings,
        auth: P::Auth,
        protocol: P,
    ) -> Self {
        let (server, client) = tokio::io::duplex(64 * 1024);
        let connection = Connection::new(hub.register(settings, None, Format::default()), auth, None);
        let socket = Socket::new(server, 64 * 1024, Encoding::Plain, Duration::from_secs(30));
        let mut session = Session::new(accepts, connection, socket, protocol);
        tokio::spawn(async move { session.run().await });
        let socket = WebSocketStream::from_raw_socket(client, Role::Client, None).await;
        Self { socket }
    }

    pub async fn send(&mut self, text: &str) {
        self.socket.send(Wire::text(text)).await.unwrap();
    }

    /// The next message that is not a ping.
    pub async fn next(&mut self) -> Wire {
        loop {
            let next = timeout(TIMEOUT, self.socket.next()).await.expect("a message in time");
            match next.expect("the connection is open").unwrap() {
                Wire::Ping(_) | Wire::Pong(_) => {}
                other => return other,
            }
        }
    }

    pub async fn text(&mut self) -> String {
        match self.next().await {
            Wire::Text(text) => text.to_string(),
            other => panic!("not a text: {other:?}"),
        }
    }

    /// The code and the reason of the Close frame, which must come next.
    pub async fn closed(&mut self) -> (u16, String) {
        match self.next().await {
            Wire::Close(Some(frame)) => (frame.code.into(), frame.reason.to_string()),
            other => panic!("not a Close frame: {other:?}"),
        }
    }
}
