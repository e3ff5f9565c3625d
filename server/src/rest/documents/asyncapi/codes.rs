//! What the codes mean.

use protocol::{
    socket::CloseCode,
    timers::{ErrorCode, Reason},
};
use serde_json::{Value, json};

/// An error's code.
pub fn error(code: ErrorCode) -> Value {
    let meaning = match code {
        ErrorCode::InvalidMessage => "Not JSON, no type, or the wrong payload.",
        ErrorCode::UnknownType => "A type that is not listed.",
        ErrorCode::CreateFailed => "timer.create could not be done.",
        ErrorCode::PauseFailed => "timer.pause could not be done.",
        ErrorCode::ResumeFailed => "timer.resume could not be done.",
        ErrorCode::StopFailed => "timer.stop could not be done.",
        ErrorCode::CancelFailed => "timer.cancel could not be done.",
        ErrorCode::SyncFailed => "timer.sync could not be done.",
        ErrorCode::RateLimitExceeded => "Too many messages; details.retry_after says how many seconds to wait.",
        ErrorCode::Unauthorized => "auth.renew with a bad token, or somebody else's.",
    };
    json!({ "code": code, "description": meaning })
}

/// Why: `details.reason`, and the code of the camel dialect unless the description names another.
pub fn reason(reason: Reason) -> Value {
    let meaning = match reason {
        Reason::InvalidMessage | Reason::UnknownType | Reason::RateLimitExceeded | Reason::Unauthorized => {
            "As the code."
        }
        Reason::TimerNotFound => "There is no such timer, or it is another user's.",
        Reason::TimerAlreadyCompleted => "It is COMPLETED or CANCELLED.",
        Reason::TimerNotRunning => "It is PAUSED.",
        Reason::TimerNotPaused => "It is RUNNING.",
        Reason::ScheduleNotFound => "There is no such schedule.",
        Reason::TodoNotFound => "There is no such todo.",
        Reason::TagNotFound => "There is no such tag.",
        Reason::ValidationError => "A value is out of bounds.",
        Reason::HistoryFull => {
            "A pause or resume of a timer whose history has its maximum of 10,000 entries; it can still be stopped or \
             cancelled. The code of the camel dialect is VALIDATION_ERROR."
        }
        Reason::InternalError => "The server could not do it now; trying again may help.",
    };
    json!({ "reason": reason, "description": meaning })
}

/// Why a connection ended, and what its client does then.
pub fn close(code: CloseCode) -> Value {
    let (meaning, client) = match code {
        CloseCode::Normal => ("Done.", "Reconnect if wanted."),
        CloseCode::Protocol => ("A protocol error.", "Fix the client."),
        CloseCode::Unsupported => ("A binary message.", "Fix the client."),
        CloseCode::InvalidData => ("Text that is not UTF-8.", "Fix the client."),
        CloseCode::Policy => (
            "No token, a bad one, or one that expired; or the connection sent many more messages or pings than allowed.",
            "Get a new token before connecting again, and send less.",
        ),
        CloseCode::TooBig => ("A message over the size limit.", "Fix the client."),
        CloseCode::Internal => ("An internal error.", "Back off exponentially, with jitter."),
        CloseCode::Restart => ("This node restarts.", "Reconnect at once, with jitter."),
        CloseCode::SlowConsumer => ("Its outbox was full.", "Reconnect, and recover by since."),
        CloseCode::TooManyConnections => (
            "Too many connections of this user, in a short time or at once.",
            "Back off exponentially.",
        ),
    };
    json!({ "code": code.code(), "description": meaning, "client": client })
}
