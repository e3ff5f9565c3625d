//! Query parameters: repeated ones are lists, unknown ones are ignored (contract, REST 1).

use super::error::{ApiError, Issue};
use axum::http::{StatusCode, Uri};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use protocol::time::{Timestamp, Zone};
use serde_json::json;

/// The parameters of a request.
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads them; what is not percent-encoded well is left out.
    pub fn of(uri: &Uri) -> Self {
        Self(
            axum::extract::Query::try_from_uri(uri)
                .map(|query| query.0)
                .unwrap_or_default(),
        )
    }

    /// All values of a parameter.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The last value of a parameter; an empty one counts as not given.
    pub fn last<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).last().filter(|value| !value.is_empty())
    }

    /// `timezone` (contract, REST 4.5).
    ///
    /// # Errors
    /// 400 `InvalidTimezoneError`.
    pub fn timezone(&self) -> Result<Option<Zone>, ApiError> {
        let zone = self.last("timezone").map(str::parse).transpose();
        zone.map_err(|error: protocol::time::ZoneError| {
            ApiError::domain(StatusCode::BAD_REQUEST, "InvalidTimezoneError", error.to_string())
        })
    }

    /// A switch (contract, REST 1), off where it is not given; what is none is noted in `issues`.
    pub fn boolean(&self, name: &str, issues: &mut Vec<Issue>) -> bool {
        let Some(text) = self.last(name) else { return false };
        let is = |words: [&str; 5]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
        if is(["true", "1", "yes", "on", "t"]) || text.eq_ignore_ascii_case("y") {
            return true;
        }
        if !is(["false", "0", "no", "off", "f"]) && !text.eq_ignore_ascii_case("n") {
            issues.push(Issue::new(
                "bool_parsing",
                "query",
                name,
                "Must be true or false",
                json!(text),
            ));
        }
        false
    }

    /// An instant (contract, REST 4.2); what is none is noted in `issues`.
    pub fn instant(&self, name: &str, issues: &mut Vec<Issue>) -> Option<Timestamp> {
        let text = self.last(name)?;
        let instant = instant(text);
        if instant.is_none() {
            let msg = "Must be an ISO 8601 date and time such as 2026-01-28T10:00:00Z; a plus sign must be sent as %2B";
            issues.push(Issue::new("datetime_parsing", "query", name, msg, json!(text)));
        }
        instant
    }
}

/// ISO 8601 with `Z`, with an offset or without one (then UTC), a bare date (midnight), or Unix seconds.
fn instant(text: &str) -> Option<Timestamp> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Some(instant.to_utc().into());
    }
    if let Ok(local) = text.replacen(' ', "T", 1).parse::<NaiveDateTime>() {
        return Some(local.and_utc().into());
    }
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Some(day.and_time(NaiveTime::MIN).and_utc().into());
    }
    let seconds: f64 = text.parse().ok().filter(|seconds: &f64| seconds.is_finite())?;
    // Saturating: a cast of a float cannot overflow.
    Some(Timestamp::from_millis((seconds * 1000.0) as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_come_in_every_form_of_the_contract() {
        let expected = Timestamp::parse_iso("2024-01-01T10:00:00Z");
        for text in [
            "2024-01-01T10:00:00Z",
            "2024-01-01T19:00:00+09:00",
            "2024-01-01T10:00:00",
            "2024-01-01 10:00:00.000",
            "1704103200",
        ] {
            assert_eq!(instant(text), expected, "{text}");
        }
        assert_eq!(instant("2024-01-01"), Timestamp::parse_iso("2024-01-01T00:00:00"));
        for text in ["", "soon", "2024-13-01", "NaN", "inf"] {
            assert_eq!(instant(text), None, "{text}");
        }
    }

    #[test]
    fn a_repeated_parameter_is_a_list() {
        let query = Query::of(&"/v1/timers?status=RUNNING&status=paused&x=%2B".parse().unwrap());
        assert_eq!(query.all("status").collect::<Vec<_>>(), ["RUNNING", "paused"]);
        assert_eq!(query.last("x"), Some("+"));
        assert!(query.last("missing").is_none());
    }
}
