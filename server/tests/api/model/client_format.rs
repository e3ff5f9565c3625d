//! The format of one device's messages: dialect and timezone, implemented from the contract alone.

use super::oracle::{Answer, Entry, ModelTimer};
use chrono::{DateTime, FixedOffset, NaiveDateTime, Timelike, Utc};
use serde_json::{Map, Value, json};

/// The query, and the resulting offset in seconds; `None`: UTC, written without an offset.
pub type Zone = (&'static str, Option<i32>);

/// Zones without daylight saving time, so that the model needs no timezone database.
pub const ZONES: [Zone; 7] = [
    ("", None),
    ("timezone=Mars/Olympus", None),
    ("timezone=UTC", Some(0)),
    ("timezone=Asia/Seoul", Some(9 * 3600)),
    ("timezone=%2B05:45", Some(5 * 3600 + 45 * 60)),
    ("timezone=-11", Some(-11 * 3600)),
    ("timezone=America/Phoenix", Some(-7 * 3600)),
];

/// A dialect and a timezone.
#[derive(Clone, Debug)]
pub struct ClientFormat {
    pub camel: bool,
    pub zone: Zone,
}

impl ClientFormat {
    pub fn query(&self) -> String {
        format!("dialect={}&{}", if self.camel { "camel" } else { "snake" }, self.zone.0)
    }

    /// The query for REST, which refuses invalid timezones.
    pub fn rest_query(&self) -> String {
        self.zone.1.map(|_| format!("?{}", self.zone.0)).unwrap_or_default()
    }

    fn local(&self, millis: i64) -> DateTime<FixedOffset> {
        let utc: DateTime<Utc> = DateTime::from_timestamp_millis(millis).unwrap();
        utc.with_timezone(&FixedOffset::east_opt(self.zone.1.unwrap_or(0)).unwrap())
    }

    fn time(&self, millis: i64) -> String {
        let local = self.local(millis);
        let fraction = if local.nanosecond() == 0 { "" } else { "%.6f" };
        let offset = if self.zone.1.is_some() { "%:z" } else { "" };
        local
            .format(&format!("%Y-%m-%dT%H:%M:%S{fraction}{offset}"))
            .to_string()
    }

    /// Parses a time in this format; returns Unix milliseconds.
    pub fn read(&self, text: &str) -> i64 {
        let instant = match self.zone.1 {
            Some(_) => DateTime::parse_from_rfc3339(text).map(|time| time.timestamp_millis()),
            None => text
                .parse::<NaiveDateTime>()
                .map(|time| time.and_utc().timestamp_millis()),
        };
        instant.unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    /// A member's name in this dialect.
    pub fn key(&self, snake: &str) -> String {
        if !self.camel {
            return snake.to_owned();
        }
        let mut words = snake.split('_');
        let first = words.next().unwrap_or_default().to_owned();
        words.fold(first, |key, word| key + &word[..1].to_uppercase() + &word[1..])
    }

    fn keys(&self, value: Value) -> Value {
        match value {
            Value::Object(map) => map
                .into_iter()
                .map(|(key, value)| (self.key(&key), self.keys(value)))
                .collect::<Map<_, _>>()
                .into(),
            Value::Array(items) => items.into_iter().map(|item| self.keys(item)).collect(),
            other => other,
        }
    }

    /// A timer's JSON at an instant.
    pub fn timer(&self, timer: &ModelTimer, at: i64) -> Value {
        self.keys(shape(timer, timer.elapsed(at), |millis| self.time(millis)))
    }

    /// The message that carries an answer, or its event (`reply_to` is `None`).
    pub fn message(&self, answer: &Answer, from: &str, reply_to: Option<&str>, replayed: bool) -> Value {
        let mut message = match answer {
            Answer::Event {
                at,
                action: "stop",
                timer,
                ..
            } if self.camel => {
                json!({ "type": "timer.completed", "payload": { "timer": self.timer(timer, *at) }, "timestamp": self.time(*at) })
            }
            Answer::Event { at, action, timer, .. } => {
                let kind = if *action == "start" {
                    "timer.created"
                } else {
                    "timer.updated"
                };
                let payload = json!({ "timer": self.timer(timer, *at), "action": action });
                json!({ "type": kind, "payload": payload, "timestamp": self.time(*at) })
            }
            Answer::Found { at, timer } => {
                let payload = json!({ "timer": self.timer(timer, *at), "action": "sync" });
                json!({ "type": "timer.updated", "payload": payload, "timestamp": self.time(*at) })
            }
            Answer::Refused {
                at,
                code,
                reason,
                message,
                range,
                ended,
            } => {
                let code = match (self.camel, *reason) {
                    // The older table has no code for it.
                    (true, "OCCURRED_AT_INVALID") => "VALIDATION_ERROR",
                    (true, reason) => reason,
                    (false, _) => code,
                };
                let mut details = json!({ "reason": reason });
                if let Some((earliest, latest)) = range {
                    details["earliest"] = self.time(*earliest).into();
                    details["latest"] = self.time(*latest).into();
                }
                if let Some(ended) = ended {
                    details["timer"] = self.timer(ended, *at);
                }
                let payload = json!({ "code": code, "message": message, "details": details });
                json!({ "type": "error", "payload": payload, "timestamp": self.time(*at) })
            }
        };
        if let Answer::Event { seq, .. } = answer {
            message["seq"] = json!(seq);
            message["from_user"] = json!(from);
        }
        if let Some(id) = reply_to {
            message["reply_to"] = json!(id);
        }
        if replayed {
            message["replayed"] = json!(true);
        }
        self.keys(message)
    }

    /// Asserts that a timer of a REST answer, made between two instants, has all members of the model.
    pub fn assert_rest_timer(&self, listed: &Value, timer: &ModelTimer, before: i64, after: i64) {
        let elapsed = listed["elapsed_time"].as_i64().unwrap();
        assert!(
            (timer.elapsed(before)..=timer.elapsed(after)).contains(&elapsed),
            "{listed}"
        );
        let expected = shape(timer, elapsed, |at| {
            self.local(at).format("%Y-%m-%dT%H:%M:%S%z").to_string()
        });
        for (key, value) in expected.as_object().unwrap() {
            assert_eq!(&listed[key], value, "{key} of GET /v1/timers differs from the model");
        }
    }
}

fn shape(timer: &ModelTimer, elapsed: i64, time: impl Fn(i64) -> String) -> Value {
    let entry = |entry: &Entry| {
        let mut json = json!({ "action": entry.action, "at": time(entry.at) });
        if !["start", "resume"].contains(&entry.action) {
            json["elapsed"] = timer.elapsed(entry.at).into();
        }
        if let Some(received) = entry.received {
            json["received_at"] = time(received).into();
        }
        json
    };
    // `paused_at` is cleared by a resume and kept by a stop.
    let paused = timer
        .history
        .iter()
        .rev()
        .find(|entry| ["pause", "resume"].contains(&entry.action));
    let paused = paused
        .filter(|entry| entry.action == "pause")
        .map(|entry| time(entry.at));
    json!({
        "id": timer.id, "owner_id": timer.owner, "title": timer.title, "description": null,
        "schedule_id": null, "todo_id": null, "allocated_duration": timer.seconds,
        "elapsed_time": elapsed, "status": timer.status(),
        "started_at": time(timer.last(&["start", "resume"]).unwrap()),
        "paused_at": paused, "ended_at": timer.last(&["stop", "cancel"]).map(&time),
        "pause_history": timer.history.iter().map(entry).collect::<Vec<_>>(),
        "created_at": time(timer.history[0].at), "updated_at": time(timer.updated()),
        "tags": [], "is_shared": false,
    })
}
