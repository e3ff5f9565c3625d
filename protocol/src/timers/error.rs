//! The `error` message (contract, WebSocket "Errors").

use crate::listed::listed;
use crate::timers::{Action, TimerStatus, TransitionError};
use serde::{Deserialize, Serialize};

listed! {
    /// What went wrong, in the default dialect.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
    pub enum ErrorCode {
        /// Not JSON, no type, wrong payload shape.
        InvalidMessage,
        /// A type that is not listed.
        UnknownType,
        /// `timer.create` could not be done.
        CreateFailed,
        /// `timer.pause` could not be done.
        PauseFailed,
        /// `timer.resume` could not be done.
        ResumeFailed,
        /// `timer.stop` could not be done.
        StopFailed,
        /// `timer.cancel` could not be done.
        CancelFailed,
        /// `timer.sync` could not be done.
        SyncFailed,
        /// Too many messages in the window.
        RateLimitExceeded,
        /// `auth.renew` with a bad token, or someone else's.
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
    /// Why it went wrong: `details.reason` in both dialects, and the code of the camel dialect ([`Reason::camel_code`]).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
    pub enum Reason {
        /// As the code.
        InvalidMessage,
        /// As the code.
        UnknownType,
        /// No such timer, or another user's.
        TimerNotFound,
        /// It is COMPLETED or CANCELLED.
        TimerAlreadyCompleted,
        /// A pause of a PAUSED timer.
        TimerNotRunning,
        /// A resume of a RUNNING timer.
        TimerNotPaused,
        /// No such schedule.
        ScheduleNotFound,
        /// No such todo.
        TodoNotFound,
        /// No such tag.
        TagNotFound,
        /// A value out of bounds.
        ValidationError,
        /// As the code.
        RateLimitExceeded,
        /// As the code.
        Unauthorized,
        /// A pause or resume of a timer whose history has its maximum of entries; it can still be stopped or cancelled.
        HistoryFull,
        /// The server could not do it now; nothing was changed, and trying again may help.
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
    /// The error's code in the camel dialect: the reason, where the older table of this API lists it, so that its clients
    /// meet no code that they cannot know.
    pub fn camel_code(self) -> Self {
        match self {
            Self::HistoryFull => Self::ValidationError,
            listed => listed,
        }
    }
}

/// An error as it travels: the connection stays open and nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireError {
    /// What went wrong.
    pub code: ErrorCode,
    /// A sentence for people.
    pub message: String,
    /// Why.
    pub reason: Reason,
    /// Seconds after which it may be tried again; on RATE_LIMIT_EXCEEDED.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

impl WireError {
    /// An error without a time to wait.
    pub fn new(code: ErrorCode, reason: Reason, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            reason,
            retry_after: None,
        }
    }

    /// A message that is not what the contract says.
    pub fn invalid_message(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidMessage, Reason::InvalidMessage, message)
    }
}

impl From<TransitionError> for WireError {
    fn from(error: TransitionError) -> Self {
        Self::new(error.action().into(), error.into(), error.to_string())
    }
}
