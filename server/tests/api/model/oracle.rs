//! The model: a timer is the list of its actions, from which all other values are derived. It shares no code with
//! `protocol::timers`.

use super::steps::{InvalidMessage, Request, Step};
use protocol::timers::Action;
use std::collections::HashMap;

/// A timer. Instants are Unix milliseconds.
#[derive(Clone, Debug)]
pub struct ModelTimer {
    pub id: String,
    pub owner: String,
    pub title: Option<String>,
    pub seconds: i64,
    /// Its actions, oldest first.
    pub history: Vec<Entry>,
}

/// An action: start, pause, resume, stop or cancel.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub action: &'static str,
    /// When it happened.
    pub at: i64,
    /// When the server received it, if that was more than two seconds later.
    pub received: Option<i64>,
}

impl Entry {
    fn new(action: &'static str, at: i64, now: i64) -> Self {
        let received = (now - at > 2_000).then_some(now);
        Self { action, at, received }
    }
}

/// When a command that is received at `now` happened, or the accepted range (contract, WebSocket "What was done offline
/// happened when it was done").
fn moment(occurred_at: Option<i64>, latest_change: Option<i64>, now: i64) -> Result<i64, (i64, i64)> {
    let Some(occurred_at) = occurred_at else {
        return Ok(latest_change.map_or(now, |change| now.max(change)));
    };
    let earliest = latest_change.unwrap_or(i64::MIN).max(now - 24 * 3_600_000);
    let is_too_old = occurred_at < now - 24 * 3_600_000;
    if is_too_old || occurred_at < latest_change.unwrap_or(i64::MIN).saturating_sub(2_000) || occurred_at > now + 2_000
    {
        return Err((earliest, now.max(earliest)));
    }
    Ok(occurred_at.max(latest_change.unwrap_or(i64::MIN)).min(now))
}

impl ModelTimer {
    pub fn status(&self) -> &'static str {
        match self.history.last().unwrap().action {
            "start" | "resume" => "RUNNING",
            "pause" => "PAUSED",
            "stop" => "COMPLETED",
            _ => "CANCELLED",
        }
    }

    /// Whole seconds that it has run at an instant.
    pub fn elapsed(&self, until: i64) -> i64 {
        let ends = self.history.iter().skip(1).map(|entry| entry.at).chain([until]);
        let spans = self
            .history
            .iter()
            .zip(ends)
            .filter(|(entry, _)| ["start", "resume"].contains(&entry.action));
        spans.map(|(entry, to)| (to.min(until) - entry.at).max(0)).sum::<i64>() / 1000
    }

    /// The instant of the last of these actions.
    pub fn last(&self, actions: &[&str]) -> Option<i64> {
        let found = self.history.iter().rev().find(|entry| actions.contains(&entry.action));
        found.map(|entry| entry.at)
    }

    /// When it was changed last.
    pub fn updated(&self) -> i64 {
        let changes = self.history.iter().map(|entry| entry.received.unwrap_or(entry.at));
        changes.max().unwrap()
    }

    fn allows(&self, action: Action) -> bool {
        match (action, self.status()) {
            (Action::Pause, status) => status == "RUNNING",
            (Action::Resume, status) => status == "PAUSED",
            (_, status) => ["RUNNING", "PAUSED"].contains(&status),
        }
    }
}

/// The answer to a request.
#[derive(Clone, Debug)]
pub enum Answer {
    Event {
        seq: u64,
        at: i64,
        action: &'static str,
        timer: ModelTimer,
    },
    Found {
        at: i64,
        timer: ModelTimer,
    },
    /// `message` is set if the contract fixes its text.
    Refused {
        at: i64,
        code: &'static str,
        reason: &'static str,
        message: Option<String>,
        /// `earliest` and `latest` of OCCURRED_AT_INVALID.
        range: Option<(i64, i64)>,
        /// The timer of TIMER_ALREADY_COMPLETED.
        ended: Option<ModelTimer>,
    },
}

struct ModelUser {
    id: String,
    seq: u64,
    answers: HashMap<String, Answer>,
}

/// Two users and their timers, oldest first.
pub struct Model {
    users: [ModelUser; 2],
    timers: Vec<ModelTimer>,
}

impl Model {
    pub fn of(ids: [String; 2]) -> Self {
        let user = |id| ModelUser {
            id,
            seq: 0,
            answers: HashMap::new(),
        };
        Self {
            users: ids.map(user),
            timers: Vec::new(),
        }
    }

    pub fn user(&self, owner: usize) -> &str {
        &self.users[owner].id
    }

    pub fn newest_first(&self, owner: usize) -> Vec<&ModelTimer> {
        let mut timers: Vec<_> = self
            .timers
            .iter()
            .filter(|timer| timer.owner == self.user(owner))
            .collect();
        timers.sort_by_key(|timer| std::cmp::Reverse((timer.history[0].at, timer.id.clone())));
        timers
    }

    /// The id of a step's timer, or an unknown id.
    pub fn target(&self, target: proptest::sample::Index) -> String {
        let timer = self.timers.get(target.index(self.timers.len() + 1));
        timer.map_or_else(
            || "019a0000-0000-7000-8000-000000000000".to_owned(),
            |timer| timer.id.clone(),
        )
    }

    /// The answer to a step, and whether it is a replay. The server chose `at` and the id `new`.
    pub fn answer(
        &mut self,
        owner: usize,
        step: &Step,
        id: Option<&str>,
        at: i64,
        new: Option<String>,
    ) -> (Answer, bool) {
        let idempotent_id = id.filter(|_| step.request.is_command());
        if let Some(first) = idempotent_id.and_then(|id| self.users[owner].answers.get(id)) {
            return (first.clone(), true);
        }
        let answer = self.first_answer(owner, step, at, new);
        if let Some(id) = idempotent_id {
            self.users[owner].answers.insert(id.to_owned(), answer.clone());
        }
        (answer, false)
    }

    fn first_answer(&mut self, owner: usize, step: &Step, at: i64, new: Option<String>) -> Answer {
        let refused = |code, reason, message| Answer::Refused {
            at,
            code,
            reason,
            message,
            range: None,
            ended: None,
        };
        let misdated = |code, range| Answer::Refused {
            at,
            code,
            reason: "OCCURRED_AT_INVALID",
            message: None,
            range: Some(range),
            ended: None,
        };
        let target = self.target(step.target);
        match &step.request {
            Request::Invalid(InvalidMessage::UnknownType) => {
                let message = Some("Unknown message type: timer.explode".to_owned());
                refused("UNKNOWN_TYPE", "UNKNOWN_TYPE", message)
            }
            Request::Invalid(_) => refused("INVALID_MESSAGE", "INVALID_MESSAGE", None),
            Request::Create { seconds, title } => {
                let happened = match moment(step.occurred_at, None, at) {
                    Ok(happened) => happened,
                    Err(range) => return misdated("CREATE_FAILED", range),
                };
                let title_chars = title.iter().flat_map(|title| title.chars()).count();
                if !(1..=315_360_000).contains(seconds)
                    || title_chars > 500
                    || title.as_deref().is_some_and(|title| title.contains('\0'))
                {
                    return refused("CREATE_FAILED", "VALIDATION_ERROR", None);
                }
                let timer = ModelTimer {
                    id: new.expect("a created timer"),
                    owner: self.user(owner).to_owned(),
                    title: title.clone(),
                    seconds: *seconds,
                    history: vec![Entry::new("start", happened, at)],
                };
                self.timers.push(timer.clone());
                self.event(owner, at, "start", timer)
            }
            Request::Act(action) => {
                let (code, name) = code_and_name(*action);
                let Some(index) = self.own(owner, &target) else {
                    return refused(code, "TIMER_NOT_FOUND", None);
                };
                let timer = &mut self.timers[index];
                if !timer.allows(*action) {
                    let reason = match (timer.status(), action) {
                        ("COMPLETED" | "CANCELLED", _) => "TIMER_ALREADY_COMPLETED",
                        (_, Action::Resume) => "TIMER_NOT_PAUSED",
                        _ => "TIMER_NOT_RUNNING",
                    };
                    return Answer::Refused {
                        at,
                        code,
                        reason,
                        message: Some(format!("Cannot {name} timer with status {}", timer.status())),
                        range: None,
                        ended: (reason == "TIMER_ALREADY_COMPLETED").then(|| timer.clone()),
                    };
                }
                let latest_change = timer.history.last().map(|entry| entry.at);
                match moment(step.occurred_at, latest_change, at) {
                    Ok(happened) => timer.history.push(Entry::new(name, happened, at)),
                    Err(range) => return misdated(code, range),
                }
                let timer = timer.clone();
                self.event(owner, at, name, timer)
            }
            Request::Sync => match self.own(owner, &target) {
                Some(index) => Answer::Found {
                    at,
                    timer: self.timers[index].clone(),
                },
                None => refused("SYNC_FAILED", "TIMER_NOT_FOUND", None),
            },
        }
    }

    fn event(&mut self, owner: usize, at: i64, action: &'static str, timer: ModelTimer) -> Answer {
        self.users[owner].seq += 1;
        Answer::Event {
            seq: self.users[owner].seq,
            at,
            action,
            timer,
        }
    }

    fn own(&self, owner: usize, id: &str) -> Option<usize> {
        self.timers
            .iter()
            .position(|timer| timer.id == id && timer.owner == self.user(owner))
    }
}

fn code_and_name(action: Action) -> (&'static str, &'static str) {
    match action {
        Action::Pause => ("PAUSE_FAILED", "pause"),
        Action::Resume => ("RESUME_FAILED", "resume"),
        Action::Stop => ("STOP_FAILED", "stop"),
        Action::Cancel => ("CANCEL_FAILED", "cancel"),
    }
}
