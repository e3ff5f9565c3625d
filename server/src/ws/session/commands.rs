//! What a client's message leads to.

use super::{Session, until};
use crate::{
    auth::identity::TokenError,
    clock,
    hub::Message,
    service::timers::{Caller, Change},
};
use protocol::wire::{Body, ClientMessage, CloseCode, Command, ErrorCode, Reason, Secret, ServerMessage, WireError};
use std::sync::Arc;

impl Session {
    /// Takes in a text message. One that is not understood, or one too many, gets its error.
    pub(super) async fn hear(&mut self, text: &str) {
        let message = ClientMessage::parse(text);
        if let Err(seconds) = self.state.limits.messages.take(&self.identity.user) {
            let reply_to = message.map_or_else(|rejection| rejection.reply_to, |message| message.id);
            return self.reply(Body::Error(too_many(seconds)), reply_to);
        }
        match message {
            Ok(message) => self.obey(message).await,
            Err(rejection) => self.reply(Body::Error(rejection.error), rejection.reply_to),
        }
    }

    async fn obey(&mut self, message: ClientMessage) {
        let ClientMessage { id, command } = message;
        match command {
            Command::Create { new, tag_ids } => self.change(id, Change::Create { new, tag_ids }).await,
            Command::Act { action, timer_id } => self.change(id, Change::Act { action, timer_id }).await,
            Command::Sync(scope) => self.state.timers.sync(self.caller(), id, scope).await,
            Command::Renew { token } => self.renew(id, &token).await,
            Command::Ping => self.reply(Body::Pong, id),
        }
    }

    async fn change(&self, id: Option<String>, change: Change) {
        self.state.timers.command(self.caller(), id, change).await;
    }

    fn caller(&self) -> Caller {
        Caller {
            user: self.identity.user.clone(),
            connection: self.connection.handle().clone(),
        }
    }

    /// A new token of the same user moves the expiry; any other ends the connection.
    async fn renew(&mut self, id: Option<String>, token: &Secret) {
        let refusal = match self.state.verifier.verify(&token.0).await {
            Ok(renewed) if renewed.user == self.identity.user => {
                let expires_at = renewed.expires_at;
                self.identity = renewed;
                if self.watch.is_some() {
                    // The address may be another now.
                    let (reader, connection) = (self.identity.clone().into(), self.connection.handle().clone());
                    self.watch = Some(self.state.activity.watch(reader, connection));
                }
                self.expiry.as_mut().reset(until(expires_at));
                self.reply(Body::Renewed { expires_at }, id);
                return;
            }
            Ok(_) => "The token belongs to another user.".to_owned(),
            // The new token may be good, and the old one still is.
            Err(error @ TokenError::Unavailable) => {
                let error = WireError::new(ErrorCode::Unauthorized, Reason::InternalError, error.to_string());
                return self.reply(Body::Error(error), id);
            }
            Err(error) => error.to_string(),
        };
        let error = WireError::new(ErrorCode::Unauthorized, Reason::Unauthorized, refusal);
        self.reply(Body::Error(error), id);
        self.connection
            .handle()
            .close(CloseCode::Policy, "the new token is not good");
    }

    /// Replies go through the outbox as well: what was published before is read before.
    fn reply(&self, body: Body, to: Option<String>) {
        let message = ServerMessage::new(body, clock::now()).in_reply_to(to);
        self.connection.handle().send(Arc::new(Message::reply(message)));
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
