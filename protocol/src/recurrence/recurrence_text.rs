//! The text of a recurrence: lines of iCalendar properties (RFC 5545, 3.1 and 3.8.5).

use super::{Moment, Rule, RuleError};
use crate::time::Zone;
use chrono::NaiveDateTime;
use chrono_tz::Tz;
use std::str::FromStr;

/// A parsed recurrence. [`Recurrence::text`] writes it again, a property a line.
///
/// Lines may be `RRULE:…` or only its value, `DTSTART;TZID=<IANA name>:…`, which says the zone whose local time the rule
/// keeps (the start itself is the schedule's), and any number of `RDATE` and `EXDATE`. There is one rule at most, and
/// without one there are dates.
#[derive(Clone, Debug, PartialEq)]
pub struct Recurrence {
    /// The zone in which the rule is evaluated.
    pub zone: Zone,
    /// `None`: only the start and the additional dates.
    pub rule: Option<Rule>,
    /// `RDATE`
    pub dates: Vec<Moment>,
    /// `EXDATE`
    pub excluded: Vec<Moment>,
    /// The value of the `RRULE` as given.
    rule_text: String,
    /// Whether the text has a `DTSTART`.
    has_start: bool,
    /// Whether the text was only the value of a rule.
    is_bare: bool,
}

impl FromStr for Recurrence {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        // Rules, dates and names of zones are ASCII.
        if !text.is_ascii() {
            return Err(RuleError::Invalid);
        }
        parse(text).ok_or(RuleError::Invalid)
    }
}

fn parse(text: &str) -> Option<Recurrence> {
    let lines = unfolded(text);
    let lines: Vec<Property> = lines.iter().map(|line| Property::parse(line)).collect::<Option<_>>()?;
    let (mut starts, mut rules) = (Vec::new(), Vec::new());
    for line in &lines {
        match line.name.as_str() {
            "DTSTART" => starts.push(line),
            "RRULE" => rules.push(line),
            _ => {}
        }
    }
    if starts.len() > 1 || rules.len() > 1 {
        return None;
    }
    let zone = match starts.first() {
        Some(start) => {
            start.moments(&Zone::Named(Tz::UTC))?;
            start.zone.clone().unwrap_or(Zone::Named(Tz::UTC))
        }
        None => Zone::Named(Tz::UTC),
    };
    let rule_text = rules.first().map(|rule| rule.value.clone());
    let mut recurrence = Recurrence {
        rule: rule_text.as_deref().map(str::parse).transpose().ok()?,
        dates: vec![],
        excluded: vec![],
        rule_text: rule_text.unwrap_or_default(),
        has_start: !starts.is_empty(),
        is_bare: lines.len() == 1 && !rules.is_empty() && rules.iter().all(|rule| rule.is_bare),
        zone,
    };
    for line in &lines {
        match line.name.as_str() {
            "RDATE" => recurrence.dates.append(&mut line.moments(&recurrence.zone)?),
            "EXDATE" => recurrence.excluded.append(&mut line.moments(&recurrence.zone)?),
            "DTSTART" | "RRULE" => {}
            _ => return None,
        }
    }
    (recurrence.rule.is_some() || !recurrence.dates.is_empty()).then_some(recurrence)
}

impl Recurrence {
    /// Ends the rule at a moment, inclusive, instead of after a number of occurrences or at its own end.
    pub fn end_at(&mut self, until: Moment) {
        self.edit_rule(|parts| parts.push(format!("UNTIL={until}")), &["COUNT", "UNTIL"]);
    }

    /// Ends the rule after a number of occurrences, at least one.
    pub fn end_after(&mut self, count: u32) {
        self.edit_rule(|parts| parts.push(format!("COUNT={count}")), &["COUNT", "UNTIL"]);
    }

    /// Evaluates the rule in a zone; one without a name has no place in the text.
    pub fn set_zone(&mut self, zone: &Zone) {
        if matches!(zone, Zone::Named(_)) {
            self.zone = zone.clone();
            self.has_start = true;
        }
    }

    fn edit_rule(&mut self, edit: impl FnOnce(&mut Vec<String>), removed: &[&str]) {
        let kept = self.rule_text.split(';').filter(|part| {
            let name = part.split('=').next().unwrap_or_default();
            !part.is_empty() && !removed.iter().any(|removed| name.eq_ignore_ascii_case(removed))
        });
        let mut parts: Vec<String> = kept.map(str::to_owned).collect();
        edit(&mut parts);
        let text = parts.join(";");
        if self.rule.is_some()
            && let Ok(rule) = text.parse()
        {
            self.rule = Some(rule);
            self.rule_text = text;
        }
    }

    /// The text, with a start in local time for the `DTSTART` line if there is one.
    pub fn text(&self, start: NaiveDateTime) -> String {
        let mut lines = Vec::new();
        if self.has_start {
            let line = match &self.zone {
                Zone::Named(zone) if *zone != Tz::UTC => format!("DTSTART;TZID={zone}:{}", Moment::Local(start)),
                _ => format!("DTSTART:{}", Moment::Utc(start)),
            };
            lines.push(line);
        }
        if self.rule.is_some() {
            let prefix = if self.is_bare && !self.has_start && self.dates.is_empty() && self.excluded.is_empty() {
                ""
            } else {
                "RRULE:"
            };
            lines.push(format!("{prefix}{}", self.rule_text));
        }
        for (name, moments) in [("RDATE", &self.dates), ("EXDATE", &self.excluded)] {
            lines.extend(moments.iter().map(|moment| self.line(name, moment)));
        }
        lines.join("\n")
    }

    fn line(&self, name: &str, moment: &Moment) -> String {
        match (moment, &self.zone) {
            (Moment::Date(_), _) => format!("{name};VALUE=DATE:{moment}"),
            (Moment::Zoned(_, Zone::Named(zone)), _) => format!("{name};TZID={zone}:{moment}"),
            (Moment::Local(_), Zone::Named(zone)) if *zone != Tz::UTC => format!("{name};TZID={zone}:{moment}"),
            _ => format!("{name}:{moment}"),
        }
    }
}

/// A line: its name in upper case, its zone, and its value.
struct Property {
    name: String,
    zone: Option<Zone>,
    value: String,
    is_bare: bool,
}

impl Property {
    fn parse(line: &str) -> Option<Self> {
        let Some((head, value)) = line.split_once(':') else {
            return Some(Self {
                name: "RRULE".into(),
                zone: None,
                value: line.to_owned(),
                is_bare: true,
            });
        };
        let mut parts = head.split(';');
        let name = parts.next()?.to_ascii_uppercase();
        let mut zone = None;
        for part in parts {
            let (key, value) = part.split_once('=')?;
            match key.to_ascii_uppercase().as_str() {
                "TZID" => {
                    let named: Zone = value.trim_matches('"').parse().ok()?;
                    zone = matches!(named, Zone::Named(_)).then_some(named);
                    zone.as_ref()?;
                }
                "VALUE"
                    if ["DATE", "DATE-TIME"]
                        .iter()
                        .any(|known| value.eq_ignore_ascii_case(known)) => {}
                _ => return None,
            }
        }
        Some(Self {
            name,
            zone,
            value: value.trim().to_owned(),
            is_bare: false,
        })
    }

    /// The dates and times of the value; local times of another zone than the series' are converted to UTC.
    fn moments(&self, series: &Zone) -> Option<Vec<Moment>> {
        let moments = self.value.split(',').map(|text| {
            Some(match (Moment::parse(text.trim())?, &self.zone) {
                (Moment::Local(local), Some(zone)) if zone != series => Moment::Zoned(local, zone.clone()),
                (moment, _) => moment,
            })
        });
        moments.collect()
    }
}

/// The lines, with continuations appended (RFC 5545, 3.1). A line that is only indented is a line of its own.
fn unfolded(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let trimmed = line.trim();
        let is_property = ["RRULE", "RDATE", "EXDATE", "DTSTART", "FREQ="].iter().any(|name| {
            trimmed
                .get(..name.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(name))
        });
        match lines.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) && !is_property => last.push_str(trimmed),
            _ if trimmed.is_empty() => {}
            _ => lines.push(trimmed.to_owned()),
        }
    }
    lines
}
