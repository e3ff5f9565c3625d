//! Commands that change a timer. In one transaction: the id that makes it apply once, the rule, the timer, the event.
//! After the commit, in the order of the commits: publish, then reply.

mod batch;

use super::{
    Timers,
    links::{Links, UnknownLink},
};
use crate::{
    clock,
    config::QuotasConfig,
    service::{
        delivery,
        effects::{Effects, EventPublisher, Publication},
        streams::TIMERS,
    },
    store::{BatchJob, Conn, StoreError, command_replies::CommandKey},
};
use batch::Outcome;
use hub::Handle;
use protocol::{
    id::{TimerId, UserId},
    time::Timestamp,
    timers::{Body, ErrorCode, Reason, ServerMessage, TimerCommand, WireError},
};
use std::sync::Arc;

/// The user and connection that a command came from.
#[derive(Clone)]
pub struct Caller {
    pub user: UserId,
    /// The connection, which receives the reply and not the broadcast.
    pub connection: Handle,
}

impl Caller {
    /// Queues a reply in the caller's outbox.
    pub(super) fn reply(&self, message: ServerMessage, to: Option<String>) {
        let message = delivery::reply(&self.user, message.in_reply_to(to));
        self.connection.send(Arc::new(message));
    }
}

/// The requested links of a new timer.
fn links_of(command: &TimerCommand) -> Option<Links<'_>> {
    match command {
        TimerCommand::Create { new, tag_ids } => Some(Links::of(new, tag_ids)),
        TimerCommand::Act { .. } | TimerCommand::Correct { .. } => None,
    }
}

/// A queued command.
pub(super) struct QueuedCommand {
    caller: Caller,
    /// The id that makes it apply once; `None` if it has none.
    key: Option<CommandKey>,
    command: TimerCommand,
    /// When the person acted; `None`: when it arrived.
    occurred_at: Option<Timestamp>,
    /// When it arrived.
    at: Timestamp,
    quotas: QuotasConfig,
    publisher: EventPublisher,
}

impl Timers {
    /// Queues a command; commands of one caller apply in the order of the calls. The reply is sent to the caller's
    /// connection once the change is durable and published. With an `id` the command applies once: if it is sent
    /// again, it gets its first reply again. With `occurred_at` the change happened at that moment (contract, WebSocket
    /// "What was done offline happened when it was done").
    pub async fn command(
        &self,
        caller: Caller,
        id: Option<String>,
        command: TimerCommand,
        occurred_at: Option<Timestamp>,
    ) {
        let queued = QueuedCommand {
            key: id.map(|id| CommandKey {
                user: caller.user.clone(),
                protocol: TIMERS.name(),
                command: id,
            }),
            caller,
            command,
            occurred_at,
            at: clock::now(),
            quotas: self.store.quotas(),
            publisher: self.publisher.clone(),
        };
        self.store.writer().submit_merged(queued).await;
    }
}

impl BatchJob for QueuedCommand {
    type Output = Outcome;

    async fn run(conn: &mut Conn, commands: &[Self]) -> Result<Vec<Outcome>, StoreError> {
        batch::run(conn, commands).await
    }

    /// Publishes the command's event, then replies.
    fn finish(self, result: Result<Outcome, StoreError>) {
        let reply = match result {
            Ok(outcome) => self.publisher.publish(outcome.effects(&self.caller)),
            Err(error) => {
                tracing::error!(%error, user = %self.caller.user, "a command failed");
                let message = "The server could not do this now; nothing was changed. Please try again.";
                let error = WireError::new(self.command.failed(), Reason::InternalError, message);
                ServerMessage::new(Body::Error(error), self.at)
            }
        };
        self.caller.reply(reply, self.key.map(|key| key.command));
    }
}

impl Outcome {
    /// The reply, and the event for all other connections.
    fn effects(self, caller: &Caller) -> Effects<ServerMessage> {
        match self {
            Self::Changed(message) => Effects {
                events: vec![Publication {
                    user: caller.user.clone(),
                    message: message.clone(),
                    except: Some(caller.connection.id()),
                    deleted: None,
                }],
                ..Effects::none(message)
            },
            Self::Refused(error) => Effects::none(error),
            Self::Replayed(first) => Effects::none(ServerMessage {
                replayed: true,
                ..first
            }),
        }
    }
}

pub(super) fn timer_not_found(code: ErrorCode, id: TimerId) -> WireError {
    WireError::new(code, Reason::TimerNotFound, format!("Timer not found: {id}"))
}

impl From<UnknownLink> for WireError {
    /// Only new timers name links over the WebSocket.
    fn from(unknown: UnknownLink) -> Self {
        let reason = match unknown {
            UnknownLink::Schedule(_) => Reason::ScheduleNotFound,
            UnknownLink::Todo(_) => Reason::TodoNotFound,
            UnknownLink::Tag(_) => Reason::TagNotFound,
        };
        Self::new(ErrorCode::CreateFailed, reason, unknown.to_string())
    }
}
