//! What the live connection needs to know of a protocol. The timers are one; the connection, its reconnects, pings,
//! alarms, storage, outbox and tabs are the same for all.

use super::outbox::{Outbox, Pending};
use protocol::{id::UserId, time::Timestamp};
use serde::{Serialize, de::DeserializeOwned};

/// One protocol's state in the browser: what the server confirmed, and how its messages change it.
pub trait LiveProtocol: Sized {
    /// A command of the user, which is kept until the server answers it.
    type Command: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync;
    /// The whole state, as an HTTP request answers it.
    type Snapshot: Send + Sync;
    /// Something that the page tells its reader.
    type Notice;

    /// Names the browser's storage keys, lock and channel of this protocol.
    const NAME: &'static str;

    /// The path and query to connect to, which continue from the state's position.
    fn path(&self) -> String;

    /// The user whose data it is.
    fn user(&self) -> &UserId;

    /// The newest event that is contained, as text.
    fn position(&self) -> String;

    /// Whether events up to another tab's position are missing here.
    fn is_behind(&self, position: &str) -> bool;

    /// Applies a message of the server.
    fn receive(&mut self, text: &str, outbox: &mut Outbox<Self::Command>) -> Received<Self>;

    /// Replaces the state by a newer one.
    fn replace(&mut self, snapshot: Self::Snapshot) -> Replaced;

    /// The text of a message to the server.
    fn encode(message: Outgoing<'_, Self::Command>) -> String;

    /// A message with this id that asks for more of the state, if there is more.
    fn request_more(&mut self, id: &str) -> Option<String>;

    /// Marks what a command changes on the page, when it becomes pending or ceases to be.
    fn touch(&mut self, command: &Pending<Self::Command>);

    /// Whether parts of the state have no events, so that they are fetched again when somebody looks at the page after
    /// some time.
    fn needs_refresh(&self) -> bool;

    /// The notice that commands were dropped since they were too old.
    fn dropped(count: usize) -> Self::Notice;
}

/// A message to the server.
pub enum Outgoing<'a, C> {
    /// A command, sent at `now` on the server's clock.
    Command(&'a Pending<C>, Timestamp),
    /// A ping with this id.
    Ping(&'a str),
    /// A new token.
    Renew(&'a str),
}

/// The consequences of a message.
pub struct Received<P: LiveProtocol> {
    /// The message that this one answers.
    pub reply_to: Option<String>,
    pub signal: Signal,
    /// The pending command that it answers, which is no longer in the outbox.
    pub settled: Option<Pending<P::Command>>,
    /// Whether events were missed and the whole state must be fetched.
    pub resync: bool,
    pub notice: Option<P::Notice>,
}

/// What a message means for the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Nothing.
    None,
    /// Commands are accepted from now on.
    Ready,
    /// The answer to a ping, with the server's time.
    Pong(Timestamp),
    /// Send nothing for so many seconds, then the pending commands again.
    RateLimited { seconds: u64 },
    /// The renewed token was refused.
    TokenRefused,
    /// The connection belongs to another user than the page.
    OtherUser,
}

impl<P: LiveProtocol> Received<P> {
    /// A message without consequences.
    pub fn nothing() -> Self {
        Self {
            reply_to: None,
            signal: Signal::None,
            settled: None,
            resync: false,
            notice: None,
        }
    }
}

/// The outcome of replacing the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replaced {
    Done,
    /// The new state is older than events that were received meanwhile: another is needed.
    TooOld,
    /// It is the state of another user.
    OtherUser,
}
