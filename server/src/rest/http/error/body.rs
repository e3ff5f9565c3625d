//! The bodies of error answers (contract, REST 3).

use protocol::{rest::input::Issue, time::Timestamp};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// An error of the application.
#[derive(Serialize, ToSchema)]
pub struct DomainError {
    /// A new id for each answer, also in the log.
    error_id: Uuid,
    /// The status of the answer.
    status_code: u16,
    /// The type for programs.
    #[schema(example = "TimerNotFoundError")]
    error_type: &'static str,
    /// A message for people.
    #[schema(example = "Timer not found")]
    message: String,
    /// UTC with microseconds.
    #[schema(example = "2026-11-21T00:38:35.494000+00:00")]
    timestamp: String,
    /// The request's path, without the query.
    path: String,
}

impl DomainError {
    /// An error with the current time.
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

/// An error of HTTP processing.
#[derive(Serialize, ToSchema)]
pub struct DetailError {
    /// A message for people.
    pub detail: String,
}

/// All invalid values of a request.
#[derive(Serialize, ToSchema)]
pub struct ValidationError {
    /// The invalid values.
    pub detail: Vec<Issue>,
}

/// The maximum number of listed values.
const MAX_ISSUES: usize = 50;

impl ValidationError {
    /// Lists the first faults and counts the rest, so that an answer is not much larger than its request.
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
    fn only_the_first_issues_are_listed_and_the_rest_is_counted() {
        let issues = |count| vec![Issue::of_member("x", "x", "x"); count];
        assert_eq!(ValidationError::new(issues(50)).detail.len(), 50);
        let listed = ValidationError::new(issues(130_000)).detail;
        assert_eq!(listed.len(), 51);
        assert_eq!(listed[50].msg, "129950 more values cannot be taken");
        assert_eq!(listed[50].loc, [json!("body")]);
    }
}
