//! Handles a client's messages.

use super::{
    Admitted, Authenticated,
    session::{Session, join_rooms},
};
use crate::{
    clock,
    service::{
        delivery::TimerMessage,
        timers::{Caller, page_request},
    },
    ws::authenticated::RenewError,
};
use hub::{CloseCode, Connection, Format, Message};
use protocol::socket::{Dialect, Rendering};
use protocol::timers::{Body, ClientMessage, Command, ErrorCode, Reason, Secret, ServerMessage, WireError};

/// Refused messages with more bytes are not parsed for their `id`, so their error has no `reply_to`. Commands without a
/// description are shorter.
const MAX_BYTES_FOR_ID: usize = 1_024;

impl Session {
    /// Handles a text message. Invalid messages and messages over the rate limit are answered with an error.
    pub(super) async fn handle_message(&mut self, connection: &mut Connection<Admitted>, text: &str) {
        // Counted before it is parsed, so that a flood costs as little as possible.
        if let Err(seconds) = self.state.limits.messages.take(&connection.auth().identity.user) {
            return self.refuse(connection, text, seconds);
        }
        let parsed = ClientMessage::read(text);
        follow_dialect(connection, parsed.is_camel);
        match parsed.message {
            Ok(message) => self.dispatch(connection, message).await,
            Err(rejection) => self.reply(connection, Body::Error(rejection.error), rejection.reply_to),
        }
    }

    /// Refuses a message over the rate limit; closes a connection that has had too many refusals.
    fn refuse(&mut self, connection: &Connection<Admitted>, text: &str, seconds: u64) {
        if !self.refusals.take() {
            tracing::warn!(user = %connection.auth().identity.user, "a connection continued after many refusals");
            return connection.close(
                CloseCode::POLICY,
                "too many messages, also after many refusals: wait before connecting again",
            );
        }
        let reply_to = (text.len() <= MAX_BYTES_FOR_ID)
            .then(|| ClientMessage::parse(text).map_or_else(|rejection| rejection.reply_to, |message| message.id));
        self.reply(connection, Body::Error(too_many(seconds)), reply_to.flatten());
    }

    async fn dispatch(&mut self, connection: &mut Connection<Admitted>, message: ClientMessage) {
        let ClientMessage { id, command } = message;
        match command {
            Command::Timer { command, occurred_at } => {
                let caller = self.caller(connection);
                self.state.timers.command(caller, id, command, occurred_at).await;
            }
            Command::Sync { scope, page } => match page_request(&page) {
                Some(page) => self.state.timers.sync(self.caller(connection), id, scope, page).await,
                None => {
                    let message = "payload.cursor must be a cursor from timer.sync_result";
                    self.reply(connection, Body::Error(WireError::invalid_message(message)), id);
                }
            },
            Command::Renew { token } => self.renew(connection, id, &token).await,
            Command::Ping => self.reply(connection, Body::Pong, id),
        }
    }

    fn caller(&self, connection: &Connection<Admitted>) -> Caller {
        Caller {
            user: connection.auth().identity.user.clone(),
            connection: connection.handle().clone(),
        }
    }

    /// A new token of the same user extends the connection; any other ends it.
    async fn renew(&mut self, connection: &mut Connection<Admitted>, id: Option<String>, token: &Secret) {
        let handle = connection.handle().clone();
        let identity = &mut connection.auth_mut().identity;
        let renewed = self.authenticated.renew(&self.state, identity, &handle, token).await;
        let (reason, message) = match renewed {
            Ok(expires_at) => {
                // Timers are also shared by e-mail address, which may have changed.
                join_rooms(connection);
                return self.reply(connection, Body::Renewed { expires_at }, id);
            }
            Err(RenewError::Unavailable(message)) => (Reason::InternalError, message),
            Err(RenewError::Refused(message)) => (Reason::Unauthorized, message),
        };
        let error = WireError::new(ErrorCode::Unauthorized, reason, message);
        self.reply(connection, Body::Error(error), id);
        if reason == Reason::Unauthorized {
            Authenticated::close_refused(&handle);
        }
    }

    /// Replies go through the outbox as well, so that they are sent after what was published before.
    fn reply(&self, connection: &Connection<Admitted>, body: Body, to: Option<String>) {
        let message = ServerMessage::new(body, clock::now()).in_reply_to(to);
        connection.send(Message::new(TimerMessage(message)));
    }
}

/// A connection without a `dialect` switches to camel, permanently, with the first message that has a member in
/// camelCase; that message's answer is the first in camelCase (contract, WebSocket "The camel dialect").
fn follow_dialect(connection: &mut Connection<Admitted>, is_camel: bool) {
    if is_camel && std::mem::take(&mut connection.auth_mut().follows_dialect) {
        let rendering = connection.format().get::<Rendering>().cloned().unwrap_or_default();
        let dialect = Dialect::Camel;
        connection.set_format(Format::new(Rendering { dialect, ..rendering }));
    }
}

fn too_many(seconds: u64) -> WireError {
    let message = format!("Too many messages. Please wait {seconds} seconds; nothing was changed.");
    let error = WireError::new(ErrorCode::RateLimitExceeded, Reason::RateLimitExceeded, message);
    WireError {
        retry_after: Some(seconds),
        ..error
    }
}
