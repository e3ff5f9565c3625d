//! Query parameters: repeated ones are lists, unknown ones are ignored (contract, REST 1).

use super::error::{ApiError, Issue};
use axum::http::{StatusCode, Uri};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use protocol::{
    limits,
    time::{Timestamp, Zone, ZoneError},
};
use serde_json::json;
use std::{collections::HashSet, hash::Hash, str::FromStr};

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

    /// Whether a parameter is repeated no more often than is taken; otherwise it is noted in `issues`.
    pub fn is_list(&self, name: &str, issues: &mut Vec<Issue>) -> bool {
        let entries = self.all(name).count();
        let fits = entries <= limits::LIST_ENTRIES;
        if !fits {
            issues.push(Issue::too_long("query", name, entries));
        }
        fits
    }

    /// The last value of a parameter.
    pub fn last<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).last()
    }

    /// `timezone`; an empty one counts as not given (contract, REST 4.5).
    ///
    /// # Errors
    /// 400 `InvalidTimezoneError`.
    pub fn timezone(&self) -> Result<Option<Zone>, ApiError> {
        let zone = self.last("timezone").filter(|zone| !zone.is_empty());
        zone.map(str::parse).transpose().map_err(|error: ZoneError| {
            ApiError::domain(StatusCode::BAD_REQUEST, "InvalidTimezoneError", error.to_string())
        })
    }

    /// One of a few words; what is none of them is noted in `issues`.
    pub fn word<T: Copy>(&self, name: &str, words: &[(&str, T)], issues: &mut Vec<Issue>) -> Option<T> {
        let text = self.last(name)?;
        let known = words.iter().find(|(word, _)| *word == text);
        if known.is_none() {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let msg = format!("Must be one of {}", words.join(", "));
            issues.push(Issue::new("enum", "query", name, msg, json!(text)));
        }
        known.map(|(_, value)| *value)
    }

    /// A repeated id, each taken once; what is none is noted in `issues`.
    pub fn ids<T: FromStr + Copy + Eq + Hash>(&self, name: &str, issues: &mut Vec<Issue>) -> Vec<T> {
        let (mut ids, mut known) = (Vec::new(), HashSet::new());
        if !self.is_list(name, issues) {
            return ids;
        }
        for (place, text) in self.all(name).enumerate() {
            match text.parse() {
                Ok(id) if known.insert(id) => ids.push(id),
                Ok(_) => {}
                Err(_) => {
                    let mut issue = Issue::new("uuid_parsing", "query", name, "Must be a UUID", json!(text));
                    issue.loc.push(place.into());
                    issues.push(issue);
                }
            }
        }
        ids
    }

    /// An id; what is none is noted in `issues`.
    pub fn id<T: FromStr>(&self, name: &str, issues: &mut Vec<Issue>) -> Option<T> {
        let text = self.last(name)?;
        let id = text.parse().ok();
        if id.is_none() {
            issues.push(Issue::new("uuid_parsing", "query", name, "Must be a UUID", json!(text)));
        }
        id
    }

    /// Notes a parameter that is missing, where one must be given.
    pub fn required(&self, name: &str, issues: &mut Vec<Issue>) {
        if self.last(name).is_none() {
            issues.push(Issue::new("missing", "query", name, "Field required", json!(null)));
        }
    }

    /// A switch (contract, REST 1), off where it is not given; what is none is noted in `issues`.
    pub fn boolean(&self, name: &str, issues: &mut Vec<Issue>) -> bool {
        let Some(text) = self.last(name) else { return false };
        let is = |words: [&str; 6]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
        if is(["true", "1", "yes", "on", "t", "y"]) {
            return true;
        }
        if !is(["false", "0", "no", "off", "f", "n"]) {
            let msg = "Must be true or false";
            issues.push(Issue::new("bool_parsing", "query", name, msg, json!(text)));
        }
        false
    }

    /// An instant (contract, REST 4.2); what is none is noted in `issues`.
    pub fn instant(&self, name: &str, issues: &mut Vec<Issue>) -> Option<Timestamp> {
        let text = self.last(name)?;
        let instant = instant(text);
        if instant.is_none() {
            let msg = "Must be an ISO 8601 date and time of the years 1 to 9999, such as 2026-01-28T10:00:00Z; a plus \
                       sign must be sent as %2B";
            issues.push(Issue::new("datetime_parsing", "query", name, msg, json!(text)));
        }
        instant
    }
}

/// ISO 8601 with `Z`, with an offset or without one (then UTC), a bare date (midnight), or Unix seconds; of the years 1
/// to 9999 as they are written.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    let in_range = |year: i32| (1..=9_999).contains(&year);
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return in_range(instant.year()).then(|| instant.to_utc().into());
    }
    let text = text.replacen(' ', "T", 1);
    // Offsets without a colon, as REST itself writes them, and without minutes.
    for format in ["%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z"] {
        if let Ok(instant) = DateTime::parse_from_str(&text, format) {
            return in_range(instant.year()).then(|| instant.to_utc().into());
        }
    }
    for format in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"] {
        if let Ok(local) = NaiveDateTime::parse_from_str(&text, format) {
            return in_range(local.year()).then(|| local.and_utc().into());
        }
    }
    if let Ok(day) = NaiveDate::parse_from_str(&text, "%Y-%m-%d") {
        return in_range(day.year()).then(|| day.and_time(NaiveTime::MIN).and_utc().into());
    }
    // Saturating: a cast of a float cannot overflow.
    let millis = (text.parse::<f64>().ok().filter(|seconds| seconds.is_finite())? * 1000.0) as i64;
    let instant = DateTime::from_timestamp_millis(millis);
    instant.filter(|instant| in_range(instant.year())).map(Timestamp::from)
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
            "2024-01-01T10:00:00+0000",
            "2024-01-01T19:00:00.000+0900",
            "2024-01-01T19:00+09",
            "2024-01-01T10:00",
            "2024-01-01T10:00Z",
            "1704103200",
        ] {
            assert_eq!(instant(text), expected, "{text}");
        }
        assert_eq!(instant("2024-01-01"), Timestamp::parse_iso("2024-01-01T00:00:00"));
        for text in ["", "soon", "2024-13-01", "2024-01-01T25:00", "10:00", "NaN", "inf"] {
            assert_eq!(instant(text), None, "{text}");
        }
        for text in [
            "0000-12-31T23:59:59Z",
            "0000-01-01",
            "-0001-01-01T00:00:00",
            "+10000-01-01T00:00:00Z",
            "+10000-01-01 00:00+09",
            "-62135596801",
            "253402300800",
            "1e300",
            "-inf",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
        for text in ["0001-01-01", "9999-12-31T23:59:59Z", "-62135596800", "253402300799"] {
            assert!(instant(text).is_some(), "{text}");
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
