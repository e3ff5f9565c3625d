//! A client of the timer WebSocket.

use super::PATIENCE;
use futures_util::{SinkExt, StreamExt};
use protocol::timers::{Body, ClientMessage, Command, ServerMessage, Timer};
use serde_json::Value;
use tokio::{
    net::{TcpSocket, TcpStream},
    time::timeout,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, client_async, connect_async,
    tungstenite::{
        self, Message,
        client::IntoClientRequest,
        http::{HeaderName, Request, Response},
    },
};

/// A connection to be opened.
#[derive(Clone)]
pub struct Connect {
    address: String,
    query: String,
    protocols: Vec<String>,
    origin: Option<String>,
}

/// An open connection.
pub struct Client {
    /// The answer to the handshake.
    pub handshake: Response<Option<Vec<u8>>>,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Connect {
    /// To a server, with nothing offered.
    pub fn to(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            query: String::new(),
            protocols: vec![],
            origin: None,
        }
    }

    /// Offers a token.
    pub fn token(self, token: &str) -> Self {
        self.protocol(&format!("authorization.bearer.{token}"))
    }

    /// Offers a subprotocol.
    pub fn protocol(mut self, name: &str) -> Self {
        self.protocols.push(name.to_owned());
        self
    }

    /// Adds a query.
    pub fn query(mut self, query: &str) -> Self {
        self.query = format!("?{query}");
        self
    }

    /// Comes from a page.
    pub fn origin(mut self, origin: &str) -> Self {
        self.origin = Some(origin.to_owned());
        self
    }

    fn request(&self) -> Request<()> {
        let url = format!("ws://{}/v1/ws/timers{}", self.address, self.query);
        let mut request = url.into_client_request().unwrap();
        let mut header = |name: &'static str, value: &str| {
            request
                .headers_mut()
                .insert(HeaderName::from_static(name), value.parse().unwrap());
        };
        if !self.protocols.is_empty() {
            header("sec-websocket-protocol", &self.protocols.join(", "));
        }
        if let Some(origin) = &self.origin {
            header("origin", origin);
        }
        request
    }

    /// Shakes hands.
    pub async fn open(&self) -> Result<Client, tungstenite::Error> {
        let (socket, handshake) = timeout(PATIENCE, connect_async(self.request()))
            .await
            .expect("a handshake")?;
        Ok(Client { socket, handshake })
    }

    /// Performs the handshake with a small receive buffer, so that a client that does not read is noticed early.
    pub async fn open_narrow(&self) -> Client {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(64 * 1024).unwrap();
        let stream = socket.connect(self.address.parse().unwrap()).await.unwrap();
        let (socket, handshake) = client_async(self.request(), MaybeTlsStream::Plain(stream))
            .await
            .unwrap();
        Client { socket, handshake }
    }

    /// Shakes hands and reads `connected` and the first sync.
    pub async fn live(&self) -> Client {
        let mut client = self.open().await.unwrap();
        assert!(matches!(client.next().await.body, Body::Connected { .. }));
        assert!(matches!(client.next().await.body, Body::Sync { .. }));
        client
    }
}

impl Client {
    /// Sends a command.
    pub async fn send(&mut self, command: Command) {
        self.send_with_id(None, command).await;
    }

    /// Sends a command with an id.
    pub async fn send_with_id(&mut self, id: Option<&str>, command: Command) {
        let message = ClientMessage {
            id: id.map(str::to_owned),
            command,
        };
        self.send_raw(Message::text(message.to_json())).await;
    }

    /// Sends any frame.
    pub async fn send_raw(&mut self, message: Message) {
        self.socket.send(message).await.unwrap();
    }

    /// The next text message.
    pub async fn next_text(&mut self) -> String {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("a message in time") {
                Some(Ok(Message::Text(text))) => return text.to_string(),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                other => panic!("expected a text message, got {other:?}"),
            }
        }
    }

    /// The next message as JSON.
    pub async fn next_json(&mut self) -> Value {
        serde_json::from_str(&self.next_text().await).unwrap()
    }

    /// The next message.
    pub async fn next(&mut self) -> ServerMessage {
        ServerMessage::parse(&self.next_text().await).unwrap()
    }

    /// The next message, which is about a timer.
    pub async fn next_timer(&mut self) -> Timer {
        match self.next().await.body {
            Body::Timer { timer, .. } => *timer,
            other => panic!("expected a timer, got {other:?}"),
        }
    }

    /// Sends a command and reads its reply, which is the next message.
    pub async fn ask(&mut self, command: Command) -> ServerMessage {
        self.send_with_id(Some("ask-once"), command).await;
        self.next().await
    }

    /// Sends a command that succeeds, and reads the timer.
    pub async fn change(&mut self, command: Command) -> Timer {
        self.send(command).await;
        self.next_timer().await
    }

    /// Sends a text; `false` if the connection is closed.
    pub async fn offer(&mut self, text: String) -> bool {
        self.socket.send(Message::text(text)).await.is_ok()
    }

    /// The next text message; `None` if the connection is closed.
    pub async fn next_or_gone(&mut self) -> Option<String> {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("a message in time") {
                Some(Ok(Message::Text(text))) => return Some(text.to_string()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => return None,
            }
        }
    }

    /// The next text message, or the code of the Close frame; `None` if the connection broke without one.
    pub async fn next_or_close(&mut self) -> Result<String, Option<u16>> {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("a message in time") {
                Some(Ok(Message::Text(text))) => return Ok(text.to_string()),
                Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// Cuts the connection, as a network that goes away: a TCP reset, with no close frame.
    pub fn cut(self) {
        if let MaybeTlsStream::Plain(stream) = self.socket.get_ref() {
            stream.set_zero_linger().unwrap();
        }
    }

    /// Says goodbye and waits for the answer.
    pub async fn leave(mut self) {
        self.socket.close(None).await.unwrap();
        while self.next_or_gone().await.is_some() {}
    }

    /// Reads on until the server closes: the code and the reason.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("a close in time") {
                Some(Ok(Message::Close(Some(frame)))) => return (frame.code.into(), frame.reason.to_string()),
                Some(Ok(_)) => {}
                other => panic!("expected a close frame, got {other:?}"),
            }
        }
    }

    /// Nothing has come: what is asked now is answered first.
    pub async fn is_silent(&mut self) {
        self.send_with_id(Some("silence"), Command::Ping).await;
        let next = self.next().await;
        assert_eq!((next.body, next.reply_to.as_deref()), (Body::Pong, Some("silence")));
    }
}
