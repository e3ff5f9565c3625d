//! Commands that change a timer. In one transaction: the id that makes it apply once, the rule, the timer, the event.
//! After the commit, in the order of the commits: publish, then reply.

use super::{
    Timers,
    links::{Links, UnknownLink},
};
use crate::{
    clock,
    hub::{Handle, Message},
    service::delivery,
    store::{Conn, StoreError, command_replies, events, timers},
};
use futures_util::FutureExt;
use protocol::{
    id::{TagId, TimerId, UserId},
    time::Timestamp,
    timer::{Action, NewTimer, Timer},
    wire::{Body, ErrorCode, Reason, ServerMessage, TimerAction, WireError},
};
use std::sync::Arc;
use uuid::Uuid;

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
        self.connection.send(Arc::new(Message::reply(message.in_reply_to(to))));
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
}

/// What became of a command. Whatever it is, it is committed: a refusal changes no timer, but its id is used up.
enum Outcome {
    Changed(ServerMessage),
    Refused(ServerMessage),
    Replayed(ServerMessage),
}

impl Timers {
    /// Queues a command; commands of one caller apply in the order of the calls. The reply goes to the caller's
    /// connection once the change is durable, after it was published. With an `id` the command applies once: sent
    /// again, it gets its first reply again.
    pub async fn command(&self, caller: Caller, id: Option<String>, change: Change) {
        let now = clock::now();
        let (user, command_id, code) = (caller.user.clone(), id.clone(), change.failed());
        let hub = self.hub.clone();
        let after = move |result: Result<Outcome, StoreError>| {
            let reply = match result {
                Ok(Outcome::Changed(event)) => {
                    delivery::publish(&hub, &caller.user, &event, Some(caller.connection.id()));
                    event
                }
                Ok(Outcome::Refused(error)) => error,
                Ok(Outcome::Replayed(first)) => ServerMessage {
                    replayed: true,
                    ..first
                },
                Err(error) => {
                    tracing::error!(%error, user = %caller.user, "a command failed");
                    let message = "The server could not do this now; nothing was changed. Please try again.";
                    let error = WireError::new(code, Reason::InternalError, message);
                    ServerMessage::new(Body::Error(error), now)
                }
            };
            caller.reply(reply, id);
        };
        self.store
            .writer()
            .submit(
                // Written in place: only then is it inferred for a connection of any lifetime.
                move |conn| async move { once(conn, &user, command_id.as_deref(), change, now).await }.boxed(),
                after,
            )
            .await;
    }
}

async fn once(
    conn: &mut Conn,
    user: &UserId,
    command_id: Option<&str>,
    change: Change,
    now: Timestamp,
) -> Result<Outcome, StoreError> {
    if let Some(id) = command_id
        && let Some(first) = command_replies::find(conn, user, id).await?
    {
        return Ok(Outcome::Replayed(first));
    }
    let outcome = match apply(conn, user, change, now).await? {
        Ok((timer, action)) => {
            let body = Body::Timer {
                timer: Box::new(timer),
                action,
            };
            let mut event = ServerMessage {
                from_user: Some(user.clone()),
                ..ServerMessage::new(body, now)
            };
            events::append(conn, user, &mut event).await?;
            Outcome::Changed(event)
        }
        Err(error) => Outcome::Refused(ServerMessage::new(Body::Error(error), now)),
    };
    if let (Some(id), Outcome::Changed(reply) | Outcome::Refused(reply)) = (command_id, &outcome) {
        command_replies::insert(conn, user, id, reply).await?;
    }
    Ok(outcome)
}

/// Applies the rule and stores the timer; an inner error is the user's, and nothing was stored then.
async fn apply(
    conn: &mut Conn,
    user: &UserId,
    change: Change,
    now: Timestamp,
) -> Result<Result<(Timer, TimerAction), WireError>, StoreError> {
    match change {
        Change::Create { new, tag_ids } => {
            let links = Links {
                schedule: new.schedule_id,
                todo: new.todo_id,
                tags: &tag_ids,
            };
            if let Err(unknown) = links.check() {
                return Ok(Err(unknown.into()));
            }
            match Timer::create(TimerId(Uuid::now_v7()), user.clone(), new, now) {
                Ok(timer) => {
                    timers::insert(conn, &timer).await?;
                    Ok(Ok((timer, TimerAction::Start)))
                }
                Err(error) => Ok(Err(WireError::new(
                    ErrorCode::CreateFailed,
                    Reason::ValidationError,
                    error.to_string(),
                ))),
            }
        }
        Change::Act { action, timer_id } => {
            // Another user's timer is as unknown as one that never was.
            let Some(timer) = timers::find(conn, timer_id)
                .await?
                .filter(|timer| timer.owner_id == *user)
            else {
                return Ok(Err(timer_not_found(action.into(), timer_id)));
            };
            match timer.apply(action, now) {
                Ok(next) => {
                    timers::update_state(conn, &next).await?;
                    Ok(Ok((next, action.into())))
                }
                Err(error) => Ok(Err(error.into())),
            }
        }
    }
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
