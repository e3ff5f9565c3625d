//! The filter of the history, which is the query of its address.

#[cfg(feature = "ssr")]
use crate::page::PageRequest;
use crate::query::Query;
use protocol::{
    id::{ScheduleId, TagId, TodoId},
    timers::TimerStatus,
};
#[cfg(feature = "ssr")]
use protocol::{rest::HistoryQuery, rest::input::Date};
use serde::{Deserialize, Serialize};

/// The names in the query, and of the form's fields.
pub const TEXT: &str = "text";
pub const TAG: &str = "tag";
pub const STATUS: &str = "status";
pub const FROM: &str = "from";
pub const TO: &str = "to";
pub const SCHEDULE: &str = "schedule";
pub const TODO: &str = "todo";
/// The cursor of the page before which the shown one is.
pub const BEFORE: &str = "before";

/// What is looked for; all of it together. The dates are as in the query, `2026-11-26`, or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryFilter {
    pub text: String,
    /// A timer has all of these.
    pub tags: Vec<TagId>,
    /// A timer has one of these.
    pub statuses: Vec<TimerStatus>,
    pub from: String,
    pub to: String,
    pub schedule: Option<ScheduleId>,
    pub todo: Option<TodoId>,
}

impl HistoryFilter {
    /// Whether all timers match.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether more than a text is looked for.
    pub fn has_choices(&self) -> bool {
        *self
            != Self {
                text: self.text.clone(),
                ..Self::default()
            }
    }

    /// The query of an address, without `?`.
    pub fn query(&self, before: Option<&str>) -> String {
        self.write_query(before).into_text()
    }

    /// The address of the page with this filter.
    pub fn address(&self, before: Option<&str>) -> String {
        self.write_query(before).address("/history")
    }

    fn write_query(&self, before: Option<&str>) -> Query {
        let mut query = Query::default();
        let mut add = |name: &str, value: &str| query.add(name, value);
        add(TEXT, &self.text);
        self.tags.iter().for_each(|tag| add(TAG, &tag.to_string()));
        self.statuses.iter().for_each(|status| add(STATUS, status.as_str()));
        add(FROM, &self.from);
        add(TO, &self.to);
        add(SCHEDULE, &self.schedule.map(|id| id.to_string()).unwrap_or_default());
        add(TODO, &self.todo.map(|id| id.to_string()).unwrap_or_default());
        add(BEFORE, before.unwrap_or_default());
        query
    }
}

#[cfg(feature = "ssr")]
impl HistoryFilter {
    /// The filter of a request. What cannot be read is left out.
    pub fn of(request: &PageRequest<'_>) -> Self {
        let date = |name| request.query(name).filter(|text| text.parse::<Date>().is_ok());
        let id = |name| request.query(name).and_then(|text| text.parse().ok());
        let statuses = request.query_all(STATUS);
        Self {
            text: request.query(TEXT).unwrap_or_default().trim().to_owned(),
            tags: request
                .query_all(TAG)
                .iter()
                .filter_map(|tag| tag.parse().ok())
                .collect(),
            statuses: statuses
                .iter()
                .filter_map(|status| TimerStatus::parse(status))
                .collect(),
            from: date(FROM).unwrap_or_default(),
            to: date(TO).unwrap_or_default(),
            schedule: id(SCHEDULE).map(ScheduleId),
            todo: id(TODO).map(TodoId),
        }
    }

    /// The same for the service.
    pub fn to_service(&self) -> HistoryQuery {
        HistoryQuery {
            text: self.text.clone(),
            tag_ids: self.tags.clone(),
            statuses: self.statuses.clone(),
            from: self.from.parse().ok(),
            to: self.to.parse().ok(),
            schedule_id: self.schedule,
            todo_id: self.todo,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_filter_is_the_query_of_an_address() {
        let id = Uuid::from_u128(7);
        let filter = HistoryFilter {
            text: "차 & 50%".into(),
            tags: vec![TagId(id), TagId(id)],
            statuses: vec![TimerStatus::Completed],
            from: "2026-11-26".into(),
            todo: Some(TodoId(id)),
            ..HistoryFilter::default()
        };
        let tag = format!("tag={id}");
        let query =
            format!("text=%EC%B0%A8%20%26%2050%25&{tag}&{tag}&status=COMPLETED&from=2026-11-26&todo={id}&before=b");
        assert_eq!(filter.query(Some("b")), query);
        assert!(filter.has_choices());
        assert_eq!(HistoryFilter::default().address(None), "/history");
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn what_cannot_be_read_in_a_query_is_left_out() {
        let id = Uuid::from_u128(7);
        let uri = format!("/history?text=%20a+b%20&tag={id}&tag=x&status=paused&status=?&from=2026-13-01&schedule=1");
        let (parts, ()) = http::Request::get(uri).body(()).unwrap().into_parts();
        let account = protocol::rest::account::Account {
            id: "ada".into(),
            email: String::new(),
            display_name: None,
        };
        let filter = HistoryFilter::of(&PageRequest {
            parts: &parts,
            account: &account,
            preferences: &protocol::preferences::Preferences::default(),
            parameter: "",
            locale: crate::locale::Locale::default(),
        });
        let expected = HistoryFilter {
            text: "a b".into(),
            tags: vec![TagId(id)],
            statuses: vec![TimerStatus::Paused],
            ..HistoryFilter::default()
        };
        assert_eq!(filter, expected);
    }
}
