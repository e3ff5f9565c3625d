//! Commands that change a timer. In one transaction: the id that makes it apply once, the rule, the timer, the event.
//! After the commit, in the order of the commits: publish, then reply.

mod batch;
mod queue;

pub(super) use queue::Queue;

use super::{
    Timers,
    audience::Audience,
    links::{Links, UnknownLink},
};
use crate::{
    clock,
    config::QuotasConfig,
    hub::{Handle, Message},
    store::{Conn, StoreError, command_replies::Key, savepoint},
};
use batch::Outcome;
use futures_util::FutureExt;
use protocol::{
    id::{TagId, TimerId, UserId},
    time::Timestamp,
    timers::{Action, Body, ErrorCode, NewTimer, Reason, ServerMessage, WireError},
};
use queue::Batch;
use std::sync::Arc;

/// Who commands, and from which connection.
#[derive(Clone)]
pub struct Caller {
    /// The user.
    pub user: UserId,
    /// The connection: it gets the reply, and not the broadcast.
    pub connection: Handle,
}

impl Caller {
    /// Puts a reply into the caller's outbox.
    pub(super) fn reply(&self, message: ServerMessage, to: Option<String>) {
        let number = message.seq.filter(|_| !message.replayed);
        let message = message.in_reply_to(to);
        self.connection.send(Arc::new(match number {
            Some(seq) => Message::answer(message, seq),
            None => Message::reply(message),
        }));
    }
}

/// A command that changes a timer.
#[derive(Clone, Debug)]
pub enum Change {
    /// A new timer.
    Create {
        /// From this.
        new: NewTimer,
        /// With these tags.
        tag_ids: Vec<TagId>,
    },
    /// An action on one.
    Act {
        /// What to do.
        action: Action,
        /// To which.
        timer_id: TimerId,
    },
}

impl Change {
    fn failed(&self) -> ErrorCode {
        match self {
            Self::Create { .. } => ErrorCode::CreateFailed,
            Self::Act { action, .. } => (*action).into(),
        }
    }

    fn links(&self) -> Option<Links<'_>> {
        match self {
            Self::Create { new, tag_ids } => Some(Links {
                schedule: new.schedule_id,
                todo: new.todo_id,
                tags: tag_ids,
            }),
            Self::Act { .. } => None,
        }
    }

    fn timer(&self) -> Option<TimerId> {
        match self {
            Self::Create { .. } => None,
            Self::Act { timer_id, .. } => Some(*timer_id),
        }
    }
}

/// A command that waits for its turn.
pub(super) struct Command {
    caller: Caller,
    /// Makes it apply once; `None`: it came without an id.
    key: Option<Key>,
    change: Change,
    /// When it came.
    at: Timestamp,
}

impl Timers {
    /// Queues a command; commands of one caller apply in the order of the calls. The reply goes to the caller's
    /// connection once the change is durable, after it was published. With an `id` the command applies once: sent
    /// again, it gets its first reply again.
    pub async fn command(&self, caller: Caller, id: Option<String>, change: Change) {
        let command = Command {
            key: id.map(|id| (caller.user.clone(), id)),
            caller,
            change,
            at: clock::now(),
        };
        let place = self.commands.place().await;
        let turn = match self.store.writer().turn().await {
            Ok(turn) => turn,
            Err(error) => return answer(&self.audience, &command, Err(&error)),
        };
        let (audience, quotas) = (self.audience.clone(), self.store.quotas());
        self.commands.push(command, place, |batch| {
            let commands = batch.clone();
            let after = move |result: Result<Vec<Result<Outcome, StoreError>>, StoreError>| {
                finish(&audience, &commands, result);
            };
            turn.submit(
                // Written in place: only then is it inferred for a connection of any lifetime.
                move |conn| async move { Ok(apply(conn, quotas, &batch).await) }.boxed(),
                after,
            );
        });
    }
}

/// Applies a batch; where it fails, each command alone, so that one that cannot be done fails alone.
async fn apply(conn: &mut Conn, quotas: QuotasConfig, batch: &Batch) -> Vec<Result<Outcome, StoreError>> {
    let commands: Vec<&Command> = batch.commands().iter().collect();
    let all = savepoint(conn, async |conn| batch::run(conn, quotas, &commands).await).await;
    if let Ok(outcomes) = all {
        return outcomes.into_iter().map(Ok).collect();
    }
    let mut outcomes = Vec::with_capacity(commands.len());
    for command in commands {
        let one = savepoint(conn, async |conn| batch::run(conn, quotas, &[command]).await).await;
        outcomes.push(one.and_then(|mut one| one.pop().ok_or(StoreError::Closed)));
    }
    outcomes
}

fn finish(audience: &Audience, batch: &Batch, result: Result<Vec<Result<Outcome, StoreError>>, StoreError>) {
    match result {
        Ok(outcomes) => {
            for (command, outcome) in batch.commands().iter().zip(outcomes) {
                answer(audience, command, outcome.as_ref());
            }
        }
        Err(error) => {
            for command in batch.commands() {
                answer(audience, command, Err(&error));
            }
        }
    }
}

/// Publishes what a command changed, then replies.
fn answer(audience: &Audience, command: &Command, outcome: Result<&Outcome, &StoreError>) {
    let caller = &command.caller;
    let reply = match outcome {
        Ok(Outcome::Changed(event)) => {
            audience.publish(&caller.user, event, Some(caller.connection.id()));
            event.clone()
        }
        Ok(Outcome::Refused(error)) => error.clone(),
        Ok(Outcome::Replayed(first)) => ServerMessage {
            replayed: true,
            ..first.clone()
        },
        Err(error) => {
            tracing::error!(%error, user = %caller.user, "a command failed");
            let message = "The server could not do this now; nothing was changed. Please try again.";
            let error = WireError::new(command.change.failed(), Reason::InternalError, message);
            ServerMessage::new(Body::Error(error), command.at)
        }
    };
    caller.reply(reply, command.key.as_ref().map(|(_, id)| id.clone()));
}

pub(super) fn timer_not_found(code: ErrorCode, id: TimerId) -> WireError {
    WireError::new(code, Reason::TimerNotFound, format!("Timer not found: {id}"))
}

impl From<UnknownLink> for WireError {
    /// Only a new timer names links over the WebSocket.
    fn from(unknown: UnknownLink) -> Self {
        let reason = match unknown {
            UnknownLink::Schedule(_) => Reason::ScheduleNotFound,
            UnknownLink::Todo(_) => Reason::TodoNotFound,
            UnknownLink::Tag(_) => Reason::TagNotFound,
        };
        Self::new(ErrorCode::CreateFailed, reason, unknown.to_string())
    }
}
