//! The bodies of errors as they stand on the wire (contract, REST 3).

use protocol::{rest::input::Issue, time::Timestamp};
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

/// At most so many faults are listed.
const MAX_ISSUES: usize = 50;

impl ValidationError {
    /// The first faults, and how many more there are: an answer must not be much larger than its cause.
    pub fn new(mut detail: Vec<Issue>) -> Self {
        if let Some(first) = detail.get(MAX_ISSUES) {
            let place = first.loc.first().cloned().unwrap_or_default();
            let more = detail.len() - MAX_ISSUES;
            detail.truncate(MAX_ISSUES);
            detail.push(Issue {
                kind: "too_many_errors",
                loc: vec![place],
                msg: format!("{more} more values cannot be taken"),
                input: Value::Null,
            });
        }
        Self { detail }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn of_many_issues_the_first_are_listed_and_the_rest_is_counted() {
        let issues = |count| vec![Issue::of_member("x", "x", "x"); count];
        assert_eq!(ValidationError::new(issues(50)).detail.len(), 50);
        let listed = ValidationError::new(issues(130_000)).detail;
        assert_eq!(listed.len(), 51);
        assert_eq!(listed[50].msg, "129950 more values cannot be taken");
        assert_eq!(listed[50].loc, [json!("body")]);
    }
}
