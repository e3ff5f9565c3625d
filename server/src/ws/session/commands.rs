//! What a client's message leads to.

use super::Session;
use crate::{
    auth::identity::TokenError,
    clock,
    hub::{Connection, Message},
    service::timers::{Caller, Change, page_request},
};
use protocol::{
    socket::CloseCode,
    timers::{Body, ClientMessage, Command, ErrorCode, Reason, Secret, ServerMessage, WireError},
};
use std::sync::Arc;

/// A refused message of more bytes is not parsed for its `id`, and so its error has no `reply_to`. Commands that need not
/// carry a description are shorter.
const ID_SOUGHT_BYTES: usize = 1_024;

impl Session {
    /// Takes in a text message. One that is not understood, or one too many, gets its error.
    pub(super) async fn hear(&mut self, connection: &Connection, text: &str) {
        // Counted before it is parsed, so that a flood costs as little as can be.
        if let Err(seconds) = self.state.limits.messages.take(&self.identity.user) {
            return self.refuse(connection, text, seconds);
        }
        match ClientMessage::parse(text) {
            Ok(message) => self.obey(connection, message).await,
            Err(rejection) => self.reply(connection, Body::Error(rejection.error), rejection.reply_to),
        }
    }

    /// Refuses one message too many; a connection that goes on all the same is closed.
    fn refuse(&mut self, connection: &Connection, text: &str, seconds: u64) {
        if !self.refusals.take() {
            tracing::warn!(user = %self.identity.user, "a connection went on after many refusals");
            return connection.handle().close(
                CloseCode::Policy,
                "too many messages, also after many refusals: wait before connecting again",
            );
        }
        let reply_to = (text.len() <= ID_SOUGHT_BYTES)
            .then(|| ClientMessage::parse(text).map_or_else(|rejection| rejection.reply_to, |message| message.id));
        self.reply(connection, Body::Error(too_many(seconds)), reply_to.flatten());
    }

    async fn obey(&mut self, connection: &Connection, message: ClientMessage) {
        let ClientMessage { id, command } = message;
        match command {
            Command::Create { new, tag_ids } => self.change(connection, id, Change::Create { new, tag_ids }).await,
            Command::Act { action, timer_id } => self.change(connection, id, Change::Act { action, timer_id }).await,
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

    async fn change(&self, connection: &Connection, id: Option<String>, change: Change) {
        self.state.timers.command(self.caller(connection), id, change).await;
    }

    fn caller(&self, connection: &Connection) -> Caller {
        Caller {
            user: self.identity.user.clone(),
            connection: connection.handle().clone(),
        }
    }

    /// A new token of the same user moves the expiry; any other ends the connection.
    async fn renew(&mut self, connection: &Connection, id: Option<String>, token: &Secret) {
        let refusal = match self.state.verifier.verify(&token.0).await {
            Ok(renewed) if renewed.user == self.identity.user => {
                let expires_at = renewed.expires_at;
                self.identity = renewed;
                // It may be of another session of the user's now. The old registration goes first: where the session is
                // the same, it would take the new one with it.
                self.open = None;
                self.open = self.state.sessions.attach(&self.identity, connection.handle());
                if self.watch.is_some() {
                    // The address may be another now.
                    let (reader, connection) = (self.identity.clone().into(), connection.handle().clone());
                    self.watch = Some(self.state.activity.watch(reader, connection));
                }
                self.expire(connection);
                self.reply(connection, Body::Renewed { expires_at }, id);
                return;
            }
            Ok(_) => "The token belongs to another user.".to_owned(),
            // The new token may be good, and the old one still is.
            Err(error @ TokenError::Unavailable) => {
                let error = WireError::new(ErrorCode::Unauthorized, Reason::InternalError, error.to_string());
                return self.reply(connection, Body::Error(error), id);
            }
            Err(error) => error.to_string(),
        };
        let error = WireError::new(ErrorCode::Unauthorized, Reason::Unauthorized, refusal);
        self.reply(connection, Body::Error(error), id);
        connection
            .handle()
            .close(CloseCode::Policy, "the new token is not good");
    }

    /// Replies go through the outbox as well: what was published before is read before.
    fn reply(&self, connection: &Connection, body: Body, to: Option<String>) {
        let message = ServerMessage::new(body, clock::now()).in_reply_to(to);
        connection.handle().send(Arc::new(Message::reply(message)));
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
