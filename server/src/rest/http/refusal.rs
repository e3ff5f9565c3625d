//! Status and error type of the services' refusals (contract, REST 6 to 8).

use super::error::ApiError;
use crate::service::{Refusal, quotas::QuotaExceeded, schedules::RuleError, timers::UnknownLink};
use axum::http::StatusCode;
use protocol::rest::input::Issue;

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let message = refusal.to_string();
        let (status, error_type) = match refusal {
            Refusal::TagGroupNotFound(_) => (StatusCode::NOT_FOUND, "TagGroupNotFoundError"),
            Refusal::TagNotFound(_) => (StatusCode::NOT_FOUND, "TagNotFoundError"),
            Refusal::DuplicateTagName(_) => (StatusCode::CONFLICT, "DuplicateTagNameError"),
            Refusal::ScheduleNotFound => (StatusCode::NOT_FOUND, "ScheduleNotFoundError"),
            Refusal::TodoNotFound | Refusal::UnknownTodo(_) => (StatusCode::NOT_FOUND, "TodoNotFoundError"),
            Refusal::TimerNotFound => (StatusCode::NOT_FOUND, "TimerNotFoundError"),
            Refusal::AccessDenied(_) => (StatusCode::FORBIDDEN, "AccessDeniedError"),
            Refusal::EndBeforeStart => {
                let issue = Issue::of_member("value_error", "end_time", message);
                return Self::Validation(vec![issue]);
            }
            Refusal::WholeDays | Refusal::NoWholeDays => {
                let issue = Issue::of_member("value_error", "start_time", message);
                return Self::Validation(vec![issue]);
            }
            Refusal::OccurrenceNotFound(_) => (StatusCode::NOT_FOUND, "OccurrenceNotFoundError"),
            Refusal::RecurrenceEnd => (StatusCode::BAD_REQUEST, "InvalidRecurrenceEndError"),
            Refusal::Rule(RuleError::Invalid) | Refusal::DaysWithHours => {
                (StatusCode::BAD_REQUEST, "InvalidRecurrenceRuleError")
            }
            Refusal::Rule(RuleError::TooMany) => (StatusCode::BAD_REQUEST, "RecurrenceTooLargeError"),
            Refusal::NotRecurring => (StatusCode::BAD_REQUEST, "RecurringScheduleError"),
            Refusal::AlreadyLinked => (StatusCode::BAD_REQUEST, "ScheduleAlreadyLinkedToTodoError"),
            Refusal::SelfReference => (StatusCode::BAD_REQUEST, "TodoSelfReferenceError"),
            Refusal::InvalidParent => (StatusCode::BAD_REQUEST, "TodoInvalidParentError"),
            Refusal::GroupMismatch => (StatusCode::BAD_REQUEST, "TodoParentGroupMismatchError"),
            Refusal::Cycle => (StatusCode::BAD_REQUEST, "TodoCycleError"),
            Refusal::UnknownLink(UnknownLink::Schedule(_)) => (StatusCode::NOT_FOUND, "ScheduleNotFoundError"),
            Refusal::UnknownLink(UnknownLink::Todo(_)) => (StatusCode::NOT_FOUND, "TodoNotFoundError"),
            Refusal::UnknownLink(UnknownLink::Tag(_)) => (StatusCode::NOT_FOUND, "TagNotFoundError"),
            Refusal::IdTaken => (StatusCode::CONFLICT, "IdTakenError"),
            Refusal::Quota(error) => return error.into(),
            Refusal::Store(error) => return error.into(),
        };
        Self::domain(status, error_type, message)
    }
}

impl From<QuotaExceeded> for ApiError {
    fn from(error: QuotaExceeded) -> Self {
        Self::domain(StatusCode::CONFLICT, "QuotaExceededError", error.to_string())
    }
}
