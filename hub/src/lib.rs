//! WebSocket connections, rooms, streams and presence for realtime servers, on one node or several.
//!
//! An [`Endpoint`] accepts connections at a path and runs a [`Protocol`] on each. Connections join rooms ([`RoomId`]); a
//! [`Message`] for a room is rendered, framed and compressed once, whatever the number of receivers. A [`StreamId`] names a
//! durable log of numbered events: each subscriber receives every event once and in order, also when messages between
//! nodes are lost. A [`Bus`] carries messages between nodes: [`LocalBus`] for one, `NatsBus` for several.
//!
//! ```no_run
//! use hub::*;
//!
//! const CHAT: Scope = Scope::new("chat");
//!
//! struct Chat;
//!
//! impl Service for Chat {
//!     type Auth = String;
//!     type Protocol = Member;
//!
//!     async fn authenticate(&self, request: &Request) -> Result<String, CloseFrame> {
//!         let name = request.query("name").filter(|name| !name.is_empty());
//!         name.ok_or(CloseFrame::new(CloseCode::application(4001), "a name is missing"))
//!     }
//!
//!     fn open(&self, _: &mut Connection<String>) -> Member {
//!         Member
//!     }
//! }
//!
//! struct Member;
//!
//! impl Protocol for Member {
//!     type Auth = String;
//!
//!     async fn connected(&mut self, connection: &mut Connection<String>) -> Result<(), CloseFrame> {
//!         let room = RoomId::new(CHAT, "lobby");
//!         connection.join(&room).map_err(|error| CloseFrame::new(CloseCode::POLICY, error.to_string()))
//!     }
//!
//!     async fn message(&mut self, connection: &mut Connection<String>, message: Received) {
//!         if let Received::Text(text) = message {
//!             let text = format!("{}: {text}", connection.auth());
//!             let rooms = connection.rooms();
//!             connection.broadcast(Audience::Rooms(&rooms), Message::text(text), true);
//!         }
//!     }
//! }
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let hub = Hub::builder(LocalBus).scope(CHAT, PlainScope).build();
//! let endpoint = Endpoint::new(hub.clone(), "/chat", Options::default(), Chat);
//! let routes = axum::Router::new().route("/chat", endpoint.into_method_router::<()>());
//! axum::serve(tokio::net::TcpListener::bind("127.0.0.1:3000").await?, routes).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # What it guarantees
//!
//! - **Order.** Messages of one caller to a room are received in order by each member. Of a stream, each subscriber
//!   receives every event once, in the order of the numbers.
//! - **No silent loss.** An outbox is bounded by messages and bytes. A connection that is too slow, or for which messages
//!   between nodes were lost, is closed with 4008, and the client reconnects and recovers. After a loss that concerns
//!   everyone the closes are spread over [`HubBuilder::recovery_spread`].
//! - **Independence.** A handler that waits delays neither the messages, pings and close of its connection nor any other
//!   connection; one that panics closes its connection with 1011.
//! - **Clean-up.** However a connection ends, it leaves its rooms and presence, and [`Protocol::closed`] runs once.
//!
//! The wire is RFC 6455 with permessage-deflate (RFC 7692) without context takeover: an idle connection has no buffers and
//! no compression state.

#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout))]

mod bus;
mod close;
mod cluster;
pub mod codec;
mod connection;
mod endpoint;
mod hub;
mod id;
mod message;
mod metrics;
mod outcome;
mod presence;
mod protocol;
mod rooms;
mod scope;
mod session;
pub mod socket;
mod subscription;
mod sync;
mod timer_wheel;

pub use bus::{Arrival, Bus, Deliver, LocalBus, Subject};
#[cfg(feature = "nats")]
pub use bus::{NatsBus, NatsError};
pub use close::{CloseCode, CloseFrame, InvalidCloseCode};
pub use cluster::TopicEvent;
pub use connection::{Connection, Control, Handle, TooManyRooms};
pub use endpoint::{Accepts, Endpoint, Options, RemoteAddress, Request, Service};
pub use hub::{Audience, Hub, HubBuilder};
pub use id::{ConnectionId, RoomId, Scope, StreamId, Topic};
pub use message::{Format, Message, Payload, Render};
pub use outcome::{CloseOutcome, ConnectionError};
pub use presence::{Devices, PresenceDiff, Snapshot};
pub(crate) use protocol::Delivery;
pub use protocol::{OnError, Protocol, Received};
pub use scope::{FetchError, PlainScope, ScopeHandler};
pub use subscription::{Missed, Start, SubscribeError, Subscription};

#[cfg(test)]
mod tests;
