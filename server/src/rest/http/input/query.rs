//! Query parameters: repeated ones are lists, otherwise the last one counts, unknown ones are ignored (contract,
//! REST 1).

use axum::http::Uri;
use deserr::{Deserr, IntoValue, ValuePointerRef};
use protocol::rest::{
    DaysQuery, DeletedTimers, InstanceQuery, NotificationQuery, PageQuery, ScheduleQuery, ScheduleTimersQuery,
    ScheduleTodoQuery, TimerFilter, TimerSearch, TimerViewQuery, TodoQuery, TodoStatsQuery, TodoTimeQuery,
    TodoTimersQuery, ZoneQuery, input::Issues,
};
use serde_json::{Map, Value};

/// The parameters of a query.
pub trait QueryInput: Sized {
    /// Parses the parameters.
    ///
    /// # Errors
    /// All faults of them.
    fn read(pairs: &[(String, String)]) -> Result<Self, Issues>;
}

impl QueryInput for () {
    fn read(_: &[(String, String)]) -> Result<Self, Issues> {
        Ok(())
    }
}

impl<A: QueryInput, B: QueryInput> QueryInput for (A, B) {
    fn read(pairs: &[(String, String)]) -> Result<Self, Issues> {
        let mut issues = Issues::default();
        match (issues.take(A::read(pairs)), issues.take(B::read(pairs))) {
            (Some(a), Some(b)) => Ok((a, b)),
            _ => Err(issues),
        }
    }
}

impl<A: QueryInput, B: QueryInput, C: QueryInput> QueryInput for (A, B, C) {
    fn read(pairs: &[(String, String)]) -> Result<Self, Issues> {
        <((A, B), C)>::read(pairs).map(|((a, b), c)| (a, b, c))
    }
}

/// Implements [`QueryInput`] for a type; the second argument lists its repeatable parameters.
macro_rules! queries {
    ($($name:ty: [$($list:literal),*];)+) => {
        $(impl QueryInput for $name {
            fn read(pairs: &[(String, String)]) -> Result<Self, Issues> {
                let value = deserr::Value::<Value>::Map(members(pairs, &[$($list),*]));
                Self::deserialize_from_value(value, ValuePointerRef::Origin)
            }
        })+
    };
}

queries! {
    DaysQuery: [];
    DeletedTimers: ["timer_ids"];
    InstanceQuery: [];
    NotificationQuery: [];
    PageQuery: [];
    ScheduleQuery: ["tag_ids", "group_ids"];
    ScheduleTimersQuery: [];
    ScheduleTodoQuery: [];
    TimerFilter: [];
    TimerSearch: ["status", "tag_ids"];
    TimerViewQuery: [];
    TodoQuery: ["tag_ids", "group_ids"];
    TodoStatsQuery: [];
    TodoTimeQuery: [];
    TodoTimersQuery: [];
    ZoneQuery: [];
}

/// The query parameters of a URL; none if the percent-encoding is invalid.
pub fn pairs(uri: &Uri) -> Vec<(String, String)> {
    axum::extract::Query::try_from_uri(uri)
        .map(|query| query.0)
        .unwrap_or_default()
}

fn members(pairs: &[(String, String)], lists: &[&str]) -> <Value as IntoValue>::Map {
    let mut members = Map::new();
    for (name, text) in pairs {
        let text = Value::String(text.clone());
        if !lists.contains(&name.as_str()) {
            members.insert(name.clone(), text);
            continue;
        }
        let list = members.entry(name.as_str()).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(items) = list {
            items.push(text);
        }
    }
    members
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn repeated_parameters_are_lists_and_otherwise_the_last_one_counts() {
        let pairs = pairs(&"/v1/timers?status=RUNNING&status=paused&x=1&x=%2B".parse().unwrap());
        let members = members(&pairs, &["status"]);
        assert_eq!(
            Value::Object(members),
            json!({ "status": ["RUNNING", "paused"], "x": "+" })
        );
    }
}
