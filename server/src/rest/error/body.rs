//! The bodies of errors as they stand on the wire (contract, REST 3).

use protocol::time::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A rule of Lockstep's said no.
#[derive(Serialize, ToSchema)]
pub struct DomainError {
    /// A fresh one for each answer; the log has it too.
    error_id: Uuid,
    /// The status of the answer.
    status_code: u16,
    /// For programs.
    #[schema(example = "TimerNotFoundError")]
    error_type: &'static str,
    /// For people.
    #[schema(example = "Timer not found")]
    message: String,
    /// UTC with microseconds.
    #[schema(example = "2026-11-21T00:38:35.494000+00:00")]
    timestamp: String,
    /// The request's path, without the query.
    path: String,
}

impl DomainError {
    /// An answer of this moment.
    pub fn new(
        error_id: Uuid,
        status_code: u16,
        error_type: &'static str,
        message: String,
        now: Timestamp,
        path: String,
    ) -> Self {
        Self {
            error_id,
            status_code,
            error_type,
            message,
            timestamp: now.to_utc().format("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string(),
            path,
        }
    }
}

/// The transport said no.
#[derive(Serialize, ToSchema)]
pub struct DetailError {
    /// For people.
    pub detail: String,
}

/// Values that cannot be taken, all at once.
#[derive(Serialize, ToSchema)]
pub struct ValidationError {
    /// What is wrong.
    pub detail: Vec<Issue>,
}

/// One value that cannot be taken.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Issue {
    /// What kind of fault.
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "missing")]
    pub kind: &'static str,
    /// Where: body, query or path, then names, and places in lists.
    pub loc: Vec<Value>,
    /// For people.
    pub msg: String,
    /// The value; null where it must not be repeated.
    pub input: Value,
}

impl Issue {
    /// A fault in a member of `place` (body, query or path).
    pub fn new(kind: &'static str, place: &str, name: &str, msg: impl Into<String>, input: Value) -> Self {
        Self {
            kind,
            loc: vec![place.into(), name.into()],
            msg: msg.into(),
            input,
        }
    }

    /// A fault of the body as a whole.
    pub fn body(kind: &'static str, msg: impl Into<String>) -> Self {
        Self {
            kind,
            loc: vec!["body".into()],
            msg: msg.into(),
            input: Value::Null,
        }
    }
}
