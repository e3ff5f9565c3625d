//! A recurrence in words, with its next occurrences, for the form of the calendar.

use crate::{blocking, clock};
use app::{
    backend::BackendError,
    pages::calendar::{Preview, RULE_CHARS},
};
use http::request::Parts;
use protocol::{
    language::Language,
    recurrence::{Budget, Recurrence, words::describe},
    schedule::series,
    time::Timestamp,
};

/// The number of next occurrences.
const NEXT: usize = 5;

/// A rule with the times of its schedule.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub rule: String,
    pub start: Timestamp,
    pub all_day: bool,
    /// The schedule's end of the recurrence.
    pub end: Option<Timestamp>,
    /// The language of the words.
    pub language: Language,
}

impl Asked {
    /// What a form asks for: `rule`, `start` in milliseconds since 1970, `all_day` and `language`.
    pub fn of(request: &Parts) -> Self {
        let mut asked = Self::default();
        let query = request.uri.query().unwrap_or_default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "rule" => asked.rule = value.chars().take(RULE_CHARS).collect(),
                "start" => asked.start = Timestamp::from_millis(value.parse().unwrap_or_default()),
                "all_day" => asked.all_day = value == "true",
                "language" => asked.language = Language::of_tag(&value).unwrap_or_default(),
                _ => {}
            }
        }
        asked
    }

    /// The answer, with the occurrences from now on.
    ///
    /// # Errors
    /// [`BackendError::Unavailable`] if expanding the rule panicked.
    pub async fn preview(self) -> Result<Preview, BackendError> {
        let now = clock::now();
        let preview = blocking::run(move || preview(&self, now)).await;
        preview.map_err(|_| BackendError::Unavailable)
    }
}

fn preview(asked: &Asked, now: Timestamp) -> Preview {
    let refused = Preview {
        is_refused: true,
        ..Preview::default()
    };
    let Ok(recurrence) = asked.rule.parse::<Recurrence>() else {
        return refused;
    };
    let series = series(&recurrence, asked.all_day, asked.start, asked.end);
    if series.check().is_err() {
        return refused;
    }
    let end = series.until().map(|until| series.local(until).date());
    let next = series.next(now.max(asked.start), NEXT, &mut Budget::default());
    Preview {
        words: describe(&recurrence, series.local(asked.start), end, asked.language),
        is_refused: next.is_err(),
        next: next.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(rule: &str) -> Asked {
        Asked {
            rule: rule.to_owned(),
            start: Timestamp::parse_iso("2026-03-27T08:00:00Z").unwrap(),
            ..Asked::default()
        }
    }

    #[test]
    fn the_next_occurrences_keep_the_local_time_when_the_clocks_change() {
        let now = Timestamp::parse_iso("2026-03-28T00:00:00Z").unwrap();
        let rule = "DTSTART;TZID=Europe/Berlin:20260327T090000\nRRULE:FREQ=DAILY;COUNT=4";
        let preview = preview(&asked(rule), now);
        let next: Vec<String> = preview.next.iter().map(|at| at.iso_utc()).collect();
        assert_eq!(
            next,
            ["2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z", "2026-03-30T07:00:00Z"]
        );
        assert!(preview.words.contains("day"), "{}", preview.words);
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        for rule in ["", "FREQ=SOMETIMES", "FREQ=DAILY;COUNT=0", "매일"] {
            let preview = preview(&asked(rule), Timestamp::default());
            assert!(preview.is_refused && preview.next.is_empty(), "{rule}");
        }
    }
}
