//! The `error` message (contract, WebSocket "Errors").

use crate::listed::listed;
use crate::{
    time::Timestamp,
    timers::{ActError, Action, CorrectError, OccurredAtError, Timer, TimerStatus, TransitionError},
};
use serde::{Deserialize, Serialize};

listed! {
    /// What failed, in the default dialect.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
    pub enum ErrorCode {
        /// Not JSON, no type, or an invalid payload.
        InvalidMessage,
        /// An unknown message type.
        UnknownType,
        /// `timer.create` failed.
        CreateFailed,
        /// `timer.pause` failed.
        PauseFailed,
        /// `timer.resume` failed.
        ResumeFailed,
        /// `timer.stop` failed.
        StopFailed,
        /// `timer.cancel` failed.
        CancelFailed,
        /// `timer.correct` failed.
        CorrectFailed,
        /// `timer.sync` failed.
        SyncFailed,
        /// Too many messages in the window.
        RateLimitExceeded,
        /// `auth.renew` with an invalid token, or one of another user.
        Unauthorized,
    }
}

impl From<Action> for ErrorCode {
    fn from(action: Action) -> Self {
        match action {
            Action::Pause => Self::PauseFailed,
            Action::Resume => Self::ResumeFailed,
            Action::Stop => Self::StopFailed,
            Action::Cancel => Self::CancelFailed,
        }
    }
}

listed! {
    /// Why it failed: `details.reason` in both dialects, and the code of the camel dialect ([`Reason::camel_code`]).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
    pub enum Reason {
        /// Same as the error code.
        InvalidMessage,
        /// Same as the error code.
        UnknownType,
        /// The timer does not exist or belongs to another user.
        TimerNotFound,
        /// The timer is COMPLETED or CANCELLED.
        TimerAlreadyCompleted,
        /// A pause of a PAUSED timer.
        TimerNotRunning,
        /// A resume of a RUNNING timer.
        TimerNotPaused,
        /// A correction of a timer that is RUNNING or PAUSED.
        TimerNotCompleted,
        /// The schedule does not exist or belongs to another user.
        ScheduleNotFound,
        /// The todo does not exist or belongs to another user.
        TodoNotFound,
        /// A tag does not exist or belongs to another user.
        TagNotFound,
        /// A value out of bounds.
        ValidationError,
        /// Same as the error code.
        RateLimitExceeded,
        /// Same as the error code.
        Unauthorized,
        /// A pause or resume of a timer whose history has its maximum of entries; it can still be stopped or cancelled.
        HistoryFull,
        /// `occurred_at` or `ended_at` is outside of the range that `details` names.
        OccurredAtInvalid,
        /// An internal error; nothing was changed, and the client may try again.
        InternalError,
    }
}

impl From<TransitionError> for Reason {
    fn from(error: TransitionError) -> Self {
        let TransitionError::Status { action, status } = error else {
            return Self::HistoryFull;
        };
        match (status, action) {
            (TimerStatus::Completed | TimerStatus::Cancelled, _) => Self::TimerAlreadyCompleted,
            (_, Action::Resume) => Self::TimerNotPaused,
            _ => Self::TimerNotRunning,
        }
    }
}

impl Reason {
    /// The error's code in the camel dialect: the reason if the older table lists it, so that its clients receive only
    /// codes that they know.
    pub fn camel_code(self) -> Self {
        match self {
            Self::HistoryFull | Self::OccurredAtInvalid | Self::TimerNotCompleted => Self::ValidationError,
            listed => listed,
        }
    }
}

/// The payload of an `error`: the connection stays open and nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireError {
    pub code: ErrorCode,
    /// A message for people.
    pub message: String,
    pub reason: Reason,
    /// Seconds to wait before trying again; only on RATE_LIMIT_EXCEEDED.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// The earliest and the latest accepted moment; only with OCCURRED_AT_INVALID.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<(Timestamp, Timestamp)>,
    /// The ended timer; only with TIMER_ALREADY_COMPLETED.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timer: Option<Box<Timer>>,
}

impl WireError {
    /// An error without further details.
    pub fn new(code: ErrorCode, reason: Reason, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            reason,
            retry_after: None,
            accepted: None,
            timer: None,
        }
    }

    /// An error for a message that violates the contract.
    pub fn invalid_message(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidMessage, Reason::InvalidMessage, message)
    }
}

impl WireError {
    /// A refused action on a timer. One that has ended is part of the error, so that its other devices can show its end.
    pub fn refused(action: Action, timer: &Timer, error: ActError) -> Self {
        match error {
            ActError::Transition(error) => Self {
                timer: (!timer.status.is_active()).then(|| Box::new(timer.clone())),
                ..error.into()
            },
            ActError::OccurredAt(error) => Self::occurred_at(action.into(), error),
        }
    }

    /// OCCURRED_AT_INVALID for the command with this code.
    pub fn occurred_at(code: ErrorCode, error: OccurredAtError) -> Self {
        Self {
            accepted: Some((error.earliest, error.latest)),
            ..Self::new(code, Reason::OccurredAtInvalid, error.to_string())
        }
    }
}

impl From<CorrectError> for WireError {
    fn from(error: CorrectError) -> Self {
        let (reason, accepted) = match error {
            CorrectError::Status(TimerStatus::Cancelled) => (Reason::TimerAlreadyCompleted, None),
            CorrectError::Status(_) => (Reason::TimerNotCompleted, None),
            CorrectError::Range { earliest, latest } => (Reason::OccurredAtInvalid, Some((earliest, latest))),
            CorrectError::History(_) => (Reason::InternalError, None),
        };
        Self {
            accepted,
            ..Self::new(ErrorCode::CorrectFailed, reason, error.to_string())
        }
    }
}

impl From<TransitionError> for WireError {
    fn from(error: TransitionError) -> Self {
        Self::new(error.action().into(), error.into(), error.to_string())
    }
}
