//! The descriptions of codes.

use protocol::{
    socket::CloseCode,
    timers::{ErrorCode, Reason},
};
use serde_json::{Value, json};

/// The description of an error code.
pub fn error(code: ErrorCode) -> Value {
    let meaning = match code {
        ErrorCode::InvalidMessage => "Not JSON, no type, or an invalid payload.",
        ErrorCode::UnknownType => "An unknown message type.",
        ErrorCode::CreateFailed => "timer.create failed.",
        ErrorCode::PauseFailed => "timer.pause failed.",
        ErrorCode::ResumeFailed => "timer.resume failed.",
        ErrorCode::StopFailed => "timer.stop failed.",
        ErrorCode::CancelFailed => "timer.cancel failed.",
        ErrorCode::CorrectFailed => "timer.correct failed.",
        ErrorCode::SyncFailed => "timer.sync failed.",
        ErrorCode::RateLimitExceeded => "Too many messages; details.retry_after is the number of seconds to wait.",
        ErrorCode::Unauthorized => "auth.renew with an invalid token, or one of another user.",
    };
    json!({ "code": code, "description": meaning })
}

/// The description of a reason: `details.reason`, and the code of the camel dialect unless it names another.
pub fn reason(reason: Reason) -> Value {
    let meaning = match reason {
        Reason::InvalidMessage | Reason::UnknownType | Reason::RateLimitExceeded | Reason::Unauthorized => {
            "Same as the error code."
        }
        Reason::TimerNotFound => "The timer does not exist or belongs to another user.",
        Reason::TimerAlreadyCompleted => "The timer is COMPLETED or CANCELLED; details.timer is the ended timer.",
        Reason::TimerNotRunning => "The timer is PAUSED.",
        Reason::TimerNotPaused => "The timer is RUNNING.",
        Reason::TimerNotCompleted => {
            "The timer is RUNNING or PAUSED, so it has no end to correct. The code of the camel dialect is VALIDATION_ERROR."
        }
        Reason::ScheduleNotFound => "The schedule does not exist or belongs to another user.",
        Reason::TodoNotFound => "The todo does not exist or belongs to another user.",
        Reason::TagNotFound => "A tag does not exist or belongs to another user.",
        Reason::ValidationError => "A value is out of bounds.",
        Reason::HistoryFull => {
            "A pause or resume of a timer whose history has its maximum of 10,000 entries; it can still be stopped or \
             cancelled. The code of the camel dialect is VALIDATION_ERROR."
        }
        Reason::OccurredAtInvalid => {
            "occurred_at or ended_at is not from details.earliest to details.latest. The code of the camel dialect is \
             VALIDATION_ERROR."
        }
        Reason::InternalError => "An internal error; trying again may help.",
    };
    json!({ "reason": reason, "description": meaning })
}

/// The description of a close code, and what a client should do.
pub fn close(code: CloseCode) -> Value {
    let (meaning, client) = match code {
        CloseCode::Normal => ("Normal closure.", "Reconnect if wanted."),
        CloseCode::Protocol => ("A protocol error.", "Fix the client."),
        CloseCode::Unsupported => ("A binary message.", "Fix the client."),
        CloseCode::InvalidData => ("Text that is not UTF-8.", "Fix the client."),
        CloseCode::Policy => (
            "A missing, invalid or expired token; or the connection sent many more messages or pings than allowed.",
            "Get a new token before connecting again, and send less.",
        ),
        CloseCode::TooBig => ("A message over the size limit.", "Fix the client."),
        CloseCode::Internal => ("An internal error.", "Back off exponentially, with jitter."),
        CloseCode::Restart => ("This node restarts.", "Reconnect at once, with jitter."),
        CloseCode::SlowConsumer => (
            "The client read too slowly: its outbox was full.",
            "Reconnect, and recover by since.",
        ),
        CloseCode::TooManyConnections => (
            "Too many connections of this user, in a short time or at once.",
            "Back off exponentially.",
        ),
    };
    json!({ "code": code.code(), "description": meaning, "client": client })
}
