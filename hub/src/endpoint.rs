//! An endpoint: its path, its options, and the service on its connections.

mod request;

pub use request::{RemoteAddress, Request};

use crate::{
    CloseCode, CloseFrame, CloseOutcome, Connection, Format, Hub, Protocol,
    connection::{MemberSettings, OutboxLimits},
    session::Session,
    socket::{Settings, Socket, Upgrade},
    timer_wheel::ticks,
};
use http::{Response, StatusCode};
use std::{future::Future, sync::Arc, time::Duration};
use tokio::time::timeout;

/// The types of messages that an endpoint accepts; others close the connection with 1003.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// Text messages.
    Text,
    /// Binary messages.
    Binary,
    /// Text and binary messages.
    TextAndBinary,
    /// Text messages that are JSON. Any other text is an error event, and closes with 1007 unless the protocol handles it.
    Json,
}

/// The options of an endpoint's connections.
#[derive(Clone, Debug)]
pub struct Options {
    /// The accepted types of messages.
    pub accepts: Accepts,
    /// The interval of Ping frames; two unanswered ones end the connection. `None`: no pings.
    pub heartbeat: Option<Duration>,
    /// Messages of at least this many bytes are compressed for clients that offer permessage-deflate. `None`: no compression.
    pub compression_threshold: Option<usize>,
    /// Maximum message size in bytes; a larger message closes the connection with 1009.
    pub max_message_bytes: usize,
    /// Maximum of messages in the outbox; more close the connection with 4008.
    pub outbox_messages: usize,
    /// Maximum of bytes in the outbox, except for a single message; more close the connection with 4008.
    pub outbox_bytes: usize,
    /// Maximum of rooms per connection.
    pub max_rooms: usize,
    /// Timeout of authentication, which closes the connection with 1011.
    pub authenticate_within: Duration,
    /// Time to [`Connection::identify`] the connection before it is closed with 1008. `None`: not required.
    pub identify_within: Option<Duration>,
    /// A client that reads nothing of what is written for this long is disconnected.
    pub write_timeout: Duration,
    /// Whether connections keep the request of the handshake ([`Connection::request`]), at the cost of its size for each.
    pub keep_requests: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            accepts: Accepts::Text,
            heartbeat: Some(Duration::from_secs(30)),
            compression_threshold: Some(1024),
            max_message_bytes: 64 * 1024,
            outbox_messages: 256,
            outbox_bytes: 4 * 1024 * 1024,
            max_rooms: 100,
            authenticate_within: Duration::from_secs(20),
            identify_within: None,
            write_timeout: Duration::from_secs(30),
            keep_requests: true,
        }
    }
}

/// The service of an endpoint: authentication, and the protocol of its connections.
pub trait Service: Send + Sync + 'static {
    /// The result of authentication, kept with the connection ([`Connection::auth`]).
    type Auth: Send + Sync + 'static;
    /// The protocol that runs on a connection.
    type Protocol: Protocol<Auth = Self::Auth>;

    /// The subprotocol to answer with: one of those that the request offers.
    fn subprotocol(&self, _request: &Request) -> Option<String> {
        None
    }

    /// Decides whether the client may connect, before anything else is sent or read. A refusal is an accepted upgrade
    /// followed by the Close frame, since a browser cannot read the status of a failed handshake.
    ///
    /// # Errors
    /// The code (1008, or 4000 to 4999) and the reason that the client gets.
    fn authenticate(&self, request: &Request) -> impl Future<Output = Result<Self::Auth, CloseFrame>> + Send;

    /// The format of the connection's messages.
    fn format(&self, _request: &Request) -> Format {
        Format::default()
    }

    /// Creates the protocol of a new connection.
    fn open(&self, connection: &mut Connection<Self::Auth>) -> Self::Protocol;
}

/// A WebSocket endpoint. A clone is the same endpoint.
pub struct Endpoint<S> {
    inner: Arc<Inner<S>>,
}

struct Inner<S> {
    hub: Hub,
    pattern: String,
    router: matchit::Router<()>,
    options: Options,
    service: S,
}

impl<S> Clone for Endpoint<S> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
        }
    }
}

impl<S: Service> Endpoint<S> {
    /// An endpoint at a path with parameters, such as `/ws/game/{id}`.
    ///
    /// # Panics
    /// If the pattern is invalid, such as one with unbalanced braces.
    pub fn new(hub: Hub, pattern: &str, options: Options, service: S) -> Self {
        let mut router = matchit::Router::new();
        if let Err(error) = router.insert(pattern, ()) {
            panic!("{pattern} is not a path pattern: {error}");
        }
        Self {
            inner: Arc::new(Inner {
                hub,
                pattern: pattern.to_owned(),
                router,
                options,
                service,
            }),
        }
    }

    /// The path pattern.
    pub fn pattern(&self) -> &str {
        &self.inner.pattern
    }

    /// Answers a request with the upgrade, or with an error if it cannot be upgraded. The connection runs on a task of its
    /// own. For plain hyper; for axum see [`Self::into_method_router`].
    pub fn handle<B>(&self, request: http::Request<B>) -> Response<String> {
        let (mut parts, _) = request.into_parts();
        let Ok(found) = self.inner.router.at(parts.uri.path()) else {
            let mut response = Response::new("There is nothing at this path.".to_owned());
            *response.status_mut() = StatusCode::NOT_FOUND;
            return response;
        };
        let parameters = found
            .params
            .iter()
            .map(|(name, value)| (name, decoded(value)))
            .collect();
        match Upgrade::of(&mut parts) {
            Ok(upgrade) => self.accept(upgrade, Request::new(parts, parameters)),
            Err(rejection) => rejection.response(),
        }
    }

    fn accept(&self, upgrade: Upgrade, request: Request) -> Response<String> {
        let options = &self.inner.options;
        let settings = Settings {
            max_message_bytes: options.max_message_bytes,
            compression_threshold: options.compression_threshold,
            write_timeout: options.write_timeout,
        };
        let subprotocol = self.inner.service.subprotocol(&request);
        let endpoint = self.clone();
        upgrade
            .subprotocol(subprotocol.as_deref())
            .accept(settings, async move |socket| endpoint.serve(socket, request).await)
            .map(|()| String::new())
    }

    async fn serve(self, socket: Socket, request: Request) {
        let Inner {
            hub, options, service, ..
        } = &*self.inner;
        let authenticated = timeout(options.authenticate_within, service.authenticate(&request)).await;
        let auth = match authenticated {
            Ok(Ok(auth)) => auth,
            Ok(Err(close)) => return refuse(hub, socket, close).await,
            Err(_) => {
                let close = CloseFrame::new(CloseCode::INTERNAL, "authentication took too long: try again");
                return refuse(hub, socket, close).await;
            }
        };
        let handle = hub.register(
            options.member_settings(),
            request.remote_address(),
            service.format(&request),
        );
        if let Some(time) = options.identify_within {
            hub.await_identity(&handle, time);
        }
        let request = options.keep_requests.then(|| Arc::new(request));
        let mut connection = Connection::new(handle, auth, request);
        let protocol = service.open(&mut connection);
        let mut session = Session::new(options.accepts, connection, socket, protocol);
        // A task of its own: this one has room for the handshake and authentication.
        tokio::spawn(async move { session.run().await });
    }
}

impl Options {
    /// The defaults, for JSON messages.
    pub fn json() -> Self {
        Self {
            accepts: Accepts::Json,
            ..Self::default()
        }
    }

    fn member_settings(&self) -> MemberSettings {
        MemberSettings {
            outbox: OutboxLimits {
                messages: self.outbox_messages,
                bytes: self.outbox_bytes,
            },
            max_rooms: self.max_rooms,
            heartbeat_ticks: self.heartbeat.map(|time| ticks(time).max(1)),
        }
    }
}

/// Closes the socket of a refused client.
async fn refuse(hub: &Hub, mut socket: Socket, close: CloseFrame) {
    hub.metrics().closed(&CloseOutcome::Server(close.clone()));
    socket.close(close.code.get(), &close.reason).await;
}

/// Percent-decodes a path parameter.
fn decoded(value: &str) -> String {
    percent_encoding::percent_decode_str(value)
        .decode_utf8_lossy()
        .into_owned()
}

#[cfg(feature = "axum")]
impl<S: Service> Endpoint<S> {
    /// The endpoint as a route of axum's, to be mounted at [`Self::pattern`].
    pub fn into_method_router<T: Clone + Send + Sync + 'static>(self) -> axum::routing::MethodRouter<T> {
        axum::routing::any(move |request: axum::extract::Request| {
            let response = self.handle(request).map(axum::body::Body::from);
            std::future::ready(response)
        })
    }
}
