//! The timers that a connection believes in, from its messages alone, and how they differ from what the REST API says.

use chrono::{DateTime, NaiveDateTime};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Seconds by which the time of a running timer may differ: each side rounds, and the two are read one after the other.
const TOLERANCE_SECONDS: i64 = 2;
/// Fields that are compared as they are.
const FIELDS: [&str; 6] = [
    "status",
    "title",
    "description",
    "allocated_duration",
    "schedule_id",
    "todo_id",
];
/// Fields that are compared as instants: each side writes them in its own timezone.
const INSTANTS: [&str; 3] = ["started_at", "paused_at", "ended_at"];

/// A timer with when it was received, in milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Believed {
    /// Its members, with names in snake_case.
    pub timer: Value,
    pub received_at: f64,
}

/// What a connection knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Belief {
    /// The connection's user.
    pub user: Option<String>,
    /// The epoch and the number of the newest event, for `since`.
    pub epoch: Option<String>,
    pub seq: u64,
    /// It continues from a list of timers that the page does not have.
    pub is_partial: bool,
    timers: BTreeMap<String, Believed>,
}

/// A timer of both sides.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub id: String,
    pub title: String,
    /// What the connection believes, in words; `None` if it knows no such timer.
    pub here: Option<String>,
    /// What the REST API says.
    pub rest: Option<String>,
    /// The differences, in words. Empty: they agree.
    pub differences: Vec<String>,
}

impl Belief {
    /// What a connection knows that continues by `since`: what `known` had then, or a part that begins with nothing.
    pub fn continued(since: &str, known: Option<Self>) -> Self {
        match known.filter(|known| known.since().as_deref() == Some(since)) {
            Some(known) => known,
            None => Self {
                is_partial: !since.is_empty(),
                ..Self::default()
            },
        }
    }

    /// Takes a message of the server. Returns whether what is believed has changed.
    pub fn receive(&mut self, message: &Value, now: f64) -> bool {
        let message = snake_keys(message.clone());
        if let Some(seq) = message["seq"].as_u64() {
            self.seq = self.seq.max(seq);
        }
        let payload = &message["payload"];
        match message["type"].as_str().unwrap_or_default() {
            "connected" => {
                self.user = payload["user_id"].as_str().map(str::to_owned);
                self.epoch = payload["epoch"].as_str().map(str::to_owned);
                self.seq = payload["seq"].as_u64().unwrap_or_default();
                true
            }
            "timer.sync_result" | "timer.synced" => {
                // The first list replaces all; a page that was asked for adds to them.
                if message["reply_to"].is_null() {
                    self.timers.clear();
                    self.is_partial = false;
                }
                payload["timers"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .for_each(|timer| self.keep(timer, now));
                true
            }
            "timer.deleted" => self
                .timers
                .remove(payload["timer_id"].as_str().unwrap_or_default())
                .is_some(),
            _ if payload["timer"].is_object() => {
                self.keep(&payload["timer"], now);
                true
            }
            _ => false,
        }
    }

    fn keep(&mut self, timer: &Value, now: f64) {
        if let Some(id) = timer["id"].as_str() {
            let believed = Believed {
                timer: timer.clone(),
                received_at: now,
            };
            self.timers.insert(id.to_owned(), believed);
        }
    }

    /// The value of `since` that continues after the newest event.
    pub fn since(&self) -> Option<String> {
        self.epoch.as_ref().map(|epoch| format!("{epoch}:{}", self.seq))
    }

    /// The ids and titles of the timers that have a status, of all without one; the newest first: ids of version 7 are ordered
    /// by time.
    pub fn timers(&self, wanted: Option<&str>) -> Vec<(String, String)> {
        let timers = self.timers.iter().rev();
        let timers = timers.filter(|(_, believed)| wanted.is_none_or(|wanted| status(&believed.timer) == wanted));
        timers
            .map(|(id, believed)| {
                (
                    id.clone(),
                    format!("{} ({})", title(&believed.timer), status(&believed.timer)),
                )
            })
            .collect()
    }

    /// Compares with the answer of the REST API, which was received at `rest_at`; both in milliseconds.
    pub fn compare(&self, rest: &[Value], rest_at: f64, now: f64) -> Vec<Comparison> {
        let rest: BTreeMap<&str, &Value> = rest
            .iter()
            .filter_map(|timer| Some((timer["id"].as_str()?, timer)))
            .collect();
        let is_active = |timer: &Value| ["RUNNING", "PAUSED"].contains(&status(timer));
        // Ended timers that it was never sent are unknown to a connection.
        let unknown = rest
            .iter()
            .filter(|(id, timer)| !self.is_partial && is_active(timer) && !self.timers.contains_key(**id));
        let mut ids: Vec<&str> = self
            .timers
            .keys()
            .map(String::as_str)
            .chain(unknown.map(|(id, _)| *id))
            .collect();
        ids.sort_unstable_by(|one, other| other.cmp(one));
        let compared = ids.into_iter().map(|id| {
            let (here, rest) = (self.timers.get(id), rest.get(id).copied());
            let said = |timer: &Value, at: f64| format!("{}, {} s", status(timer), elapsed(timer, at, now));
            Comparison {
                id: id.to_owned(),
                title: here.map(|here| &here.timer).or(rest).map(title).unwrap_or_default(),
                here: here.map(|here| said(&here.timer, here.received_at)),
                rest: rest.map(|rest| said(rest, rest_at)),
                differences: differences(here, rest, rest_at, now),
            }
        });
        compared.collect()
    }
}

fn differences(here: Option<&Believed>, rest: Option<&Value>, rest_at: f64, now: f64) -> Vec<String> {
    let (here, rest) = match (here, rest) {
        (Some(here), Some(rest)) => (here, rest),
        (None, _) => return vec!["the connection does not know it".to_owned()],
        (_, None) => return vec!["the REST API does not know it".to_owned()],
    };
    let as_is = |field: &str| (here.timer[field].clone(), rest[field].clone());
    let instants = |field: &str| (second(&here.timer[field]), second(&rest[field]));
    let mut found: Vec<String> = FIELDS
        .iter()
        .map(|field| (field, as_is(field)))
        .chain(INSTANTS.iter().map(|field| (field, instants(field))))
        .filter(|(_, (here, rest))| here != rest)
        .map(|(field, (here, rest))| format!("{field}: {here} here, {rest} by REST"))
        .collect();
    let (believed, said) = (elapsed(&here.timer, here.received_at, now), elapsed(rest, rest_at, now));
    if (believed - said).abs() > TOLERANCE_SECONDS {
        found.push(format!("elapsed: {believed} s here, {said} s by REST"));
    }
    found
}

/// The seconds that a timer has run by now; `at` is when its message was received.
fn elapsed(timer: &Value, at: f64, now: f64) -> i64 {
    let then = timer["elapsed_time"].as_i64().unwrap_or_default();
    match status(timer) {
        "RUNNING" => then + ((now - at) / 1000.0).max(0.0) as i64,
        _ => then,
    }
}

/// A time as whole seconds since 1970, which is what the REST API writes: the same in every timezone.
fn second(value: &Value) -> Value {
    match value.as_str().map(instant_millis) {
        Some(Some(millis)) => millis.div_euclid(1000).into(),
        _ => value.clone(),
    }
}

/// The time of a message or of the REST API in milliseconds since 1970; without an offset it is UTC (contract, WebSocket
/// "Times").
pub fn instant_millis(text: &str) -> Option<i64> {
    const LOCAL: &str = "%Y-%m-%dT%H:%M:%S%.f";
    let with_offset = DateTime::parse_from_str(text, &format!("{LOCAL}%#z")).map(|time| time.to_utc());
    let without = || NaiveDateTime::parse_from_str(text, LOCAL).map(|time| time.and_utc());
    let time = with_offset.or_else(|_| without());
    time.ok().map(|time| time.timestamp_millis())
}

fn status(timer: &Value) -> &str {
    timer["status"].as_str().unwrap_or("without a status")
}

fn title(timer: &Value) -> String {
    timer["title"].as_str().unwrap_or("Untitled").to_owned()
}

/// The names of all members in snake_case, as in the default dialect.
pub fn snake_keys(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members
                .into_iter()
                .map(|(name, value)| (snake(&name), snake_keys(value)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.into_iter().map(snake_keys).collect(),
        other => other,
    }
}

/// A name in snake_case.
pub fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn timer(id: &str, status: &str) -> Value {
        json!({ "id": id, "title": "Tea", "status": status, "elapsed_time": 10, "started_at": "2026-01-28T10:00:00.5" })
    }

    fn changed(timer: &Value) -> Value {
        json!({ "type": "timer.updated", "seq": 8, "payload": { "timer": timer, "action": "pause" } })
    }

    #[test]
    fn messages_of_either_dialect_become_the_same_belief() {
        let mut snake = Belief::default();
        let mut camel = Belief::default();
        snake.receive(
            &json!({ "type": "connected", "payload": { "user_id": "u", "epoch": "e", "seq": 7 } }),
            0.0,
        );
        camel.receive(
            &json!({ "type": "connected", "payload": { "userId": "u", "epoch": "e", "seq": 7 } }),
            0.0,
        );
        snake.receive(
            &json!({ "type": "timer.sync_result", "payload": { "timers": [timer("1", "RUNNING")] } }),
            0.0,
        );
        let camel_timer = json!({ "id": "1", "title": "Tea", "status": "RUNNING", "elapsedTime": 10, "startedAt": "2026-01-28T10:00:00.5" });
        camel.receive(
            &json!({ "type": "timer.synced", "payload": { "timers": [camel_timer] } }),
            0.0,
        );
        assert_eq!(snake, camel);
        assert_eq!(snake.since().as_deref(), Some("e:7"));
        snake.receive(&changed(&timer("1", "PAUSED")), 0.0);
        assert_eq!(snake.since().as_deref(), Some("e:8"));
        assert_eq!(snake.timers(Some("COMPLETED")), []);
        assert_eq!(snake.timers(None), [("1".to_owned(), "Tea (PAUSED)".to_owned())]);
        snake.receive(&json!({ "type": "timer.deleted", "payload": { "timer_id": "1" } }), 0.0);
        assert_eq!(snake.timers(None), []);
    }

    #[test]
    fn times_are_read_in_every_form() {
        for text in [
            "2026-01-28T10:00:00.123000",
            "2026-01-28T19:00:00.123000+09:00",
            "2026-01-28T10:00:00.123Z",
            "2026-01-28T10:00:00.123+0000",
        ] {
            assert_eq!(instant_millis(text), Some(1_769_594_400_123), "{text}");
        }
        assert_eq!(instant_millis("soon"), None);
    }

    #[test]
    fn differences_from_the_rest_api_are_named() {
        let mut belief = Belief::default();
        belief.receive(&changed(&timer("1", "RUNNING")), 0.0);
        let compare = |rest: &[Value]| belief.compare(rest, 5_000.0, 5_000.0);
        let mut rest = timer("1", "RUNNING");
        rest["elapsed_time"] = 15.into();
        rest["started_at"] = "2026-01-28T19:00:00+0900".into();
        assert_eq!(
            compare(&[rest.clone(), timer("0", "COMPLETED")])[0].differences,
            Vec::<String>::new()
        );
        rest["elapsed_time"] = 60.into();
        rest["status"] = "PAUSED".into();
        assert_eq!(
            compare(&[rest])[0].differences,
            [
                r#"status: "RUNNING" here, "PAUSED" by REST"#,
                "elapsed: 15 s here, 60 s by REST"
            ]
        );
        assert_eq!(compare(&[])[0].differences, ["the REST API does not know it"]);
        let both = compare(&[timer("1", "RUNNING"), timer("2", "PAUSED")]);
        assert_eq!(both[0].differences, ["the connection does not know it"]);
    }

    #[test]
    fn connection_that_continues_begins_with_what_was_known_then() {
        let mut first = Belief::default();
        first.receive(
            &json!({ "type": "connected", "payload": { "user_id": "u", "epoch": "e", "seq": 7 } }),
            0.0,
        );
        first.receive(&changed(&timer("1", "RUNNING")), 0.0);
        let running = timer("1", "RUNNING");
        let continued = Belief::continued("e:8", Some(first.clone()));
        assert_eq!(
            continued.compare(std::slice::from_ref(&running), 0.0, 0.0)[0].differences,
            Vec::<String>::new()
        );
        // Of another moment nothing is known, so that nothing is missed.
        let mut partial = Belief::continued("e:7", Some(first));
        assert_eq!(partial.compare(std::slice::from_ref(&running), 0.0, 0.0), []);
        partial.receive(
            &json!({ "type": "timer.sync_result", "payload": { "timers": [] } }),
            0.0,
        );
        assert_eq!(partial.compare(&[running], 0.0, 0.0).len(), 1, "the list begins anew");
    }
}
