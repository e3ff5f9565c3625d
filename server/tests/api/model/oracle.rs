//! The model: a timer is the list of what happened to it, and everything else follows. It shares no code with
//! `protocol::timers`.

use super::steps::{Nonsense, Say, Step};
use protocol::timers::Action;
use std::collections::HashMap;

/// A timer. Times are milliseconds since 1970.
#[derive(Clone, Debug)]
pub struct Tiny {
    pub id: String,
    pub owner: String,
    pub title: Option<String>,
    pub seconds: i64,
    /// start, pause, resume, stop, cancel, and when.
    pub history: Vec<(&'static str, i64)>,
}

impl Tiny {
    pub fn status(&self) -> &'static str {
        match self.history.last().unwrap().0 {
            "start" | "resume" => "RUNNING",
            "pause" => "PAUSED",
            "stop" => "COMPLETED",
            _ => "CANCELLED",
        }
    }

    /// Whole seconds that it ran until a moment.
    pub fn elapsed(&self, until: i64) -> i64 {
        let ends = self.history.iter().skip(1).map(|(_, at)| *at).chain([until]);
        let spans = self
            .history
            .iter()
            .zip(ends)
            .filter(|((word, _), _)| ["start", "resume"].contains(word));
        spans.map(|((_, from), to)| (to.min(until) - from).max(0)).sum::<i64>() / 1000
    }

    /// When something of these last happened.
    pub fn last(&self, words: &[&str]) -> Option<i64> {
        let found = self.history.iter().rev().find(|(word, _)| words.contains(word));
        found.map(|(_, at)| *at)
    }

    fn takes(&self, action: Action) -> bool {
        match (action, self.status()) {
            (Action::Pause, status) => status == "RUNNING",
            (Action::Resume, status) => status == "PAUSED",
            (_, status) => ["RUNNING", "PAUSED"].contains(&status),
        }
    }
}

/// What a message is answered with.
#[derive(Clone, Debug)]
pub enum Answer {
    Event {
        seq: u64,
        at: i64,
        action: &'static str,
        timer: Tiny,
    },
    Seen {
        at: i64,
        timer: Tiny,
    },
    /// The message is the model's where the contract gives its words.
    Refused {
        at: i64,
        code: &'static str,
        reason: &'static str,
        message: Option<String>,
    },
}

struct Person {
    id: String,
    seq: u64,
    answers: HashMap<String, Answer>,
}

/// Two users and their timers, oldest first.
pub struct World {
    people: [Person; 2],
    timers: Vec<Tiny>,
}

impl World {
    pub fn of(ids: [String; 2]) -> Self {
        let person = |id| Person {
            id,
            seq: 0,
            answers: HashMap::new(),
        };
        Self {
            people: ids.map(person),
            timers: Vec::new(),
        }
    }

    pub fn user(&self, owner: usize) -> &str {
        &self.people[owner].id
    }

    pub fn newest_first(&self, owner: usize) -> Vec<&Tiny> {
        let mut timers: Vec<_> = self
            .timers
            .iter()
            .filter(|timer| timer.owner == self.user(owner))
            .collect();
        timers.sort_by_key(|timer| std::cmp::Reverse((timer.history[0].1, timer.id.clone())));
        timers
    }

    /// The id of the timer that a step is about.
    pub fn target(&self, which: proptest::sample::Index) -> String {
        let timer = self.timers.get(which.index(self.timers.len() + 1));
        timer.map_or_else(
            || "019a0000-0000-7000-8000-000000000000".to_owned(),
            |timer| timer.id.clone(),
        )
    }

    /// What a step is answered with, and whether that was said before. `at` and `new` are the server's to choose.
    pub fn answer(
        &mut self,
        owner: usize,
        step: &Step,
        id: Option<&str>,
        at: i64,
        new: Option<String>,
    ) -> (Answer, bool) {
        let kept = id.filter(|_| step.say.is_command());
        if let Some(first) = kept.and_then(|id| self.people[owner].answers.get(id)) {
            return (first.clone(), true);
        }
        let answer = self.first_answer(owner, step, at, new);
        if let Some(id) = kept {
            self.people[owner].answers.insert(id.to_owned(), answer.clone());
        }
        (answer, false)
    }

    fn first_answer(&mut self, owner: usize, step: &Step, at: i64, new: Option<String>) -> Answer {
        let refused = |code, reason, message| Answer::Refused {
            at,
            code,
            reason,
            message,
        };
        let target = self.target(step.which);
        match &step.say {
            Say::Nonsense(Nonsense::UnknownType) => {
                let message = Some("Unknown message type: timer.explode".to_owned());
                refused("UNKNOWN_TYPE", "UNKNOWN_TYPE", message)
            }
            Say::Nonsense(_) => refused("INVALID_MESSAGE", "INVALID_MESSAGE", None),
            Say::Create { seconds, title } => {
                let title_chars = title.iter().flat_map(|title| title.chars()).count();
                if !(1..=315_360_000).contains(seconds)
                    || title_chars > 500
                    || title.as_deref().is_some_and(|title| title.contains('\0'))
                {
                    return refused("CREATE_FAILED", "VALIDATION_ERROR", None);
                }
                let timer = Tiny {
                    id: new.expect("a created timer"),
                    owner: self.user(owner).to_owned(),
                    title: title.clone(),
                    seconds: *seconds,
                    history: vec![("start", at)],
                };
                self.timers.push(timer.clone());
                self.event(owner, at, "start", timer)
            }
            Say::Act(action) => {
                let (code, word) = words(*action);
                let Some(index) = self.own(owner, &target) else {
                    return refused(code, "TIMER_NOT_FOUND", None);
                };
                let timer = &mut self.timers[index];
                if !timer.takes(*action) {
                    let reason = match (timer.status(), action) {
                        ("COMPLETED" | "CANCELLED", _) => "TIMER_ALREADY_COMPLETED",
                        (_, Action::Resume) => "TIMER_NOT_PAUSED",
                        _ => "TIMER_NOT_RUNNING",
                    };
                    return refused(
                        code,
                        reason,
                        Some(format!("Cannot {word} timer with status {}", timer.status())),
                    );
                }
                timer.history.push((word, at));
                let timer = timer.clone();
                self.event(owner, at, word, timer)
            }
            Say::Look => match self.own(owner, &target) {
                Some(index) => Answer::Seen {
                    at,
                    timer: self.timers[index].clone(),
                },
                None => refused("SYNC_FAILED", "TIMER_NOT_FOUND", None),
            },
        }
    }

    fn event(&mut self, owner: usize, at: i64, action: &'static str, timer: Tiny) -> Answer {
        self.people[owner].seq += 1;
        Answer::Event {
            seq: self.people[owner].seq,
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

fn words(action: Action) -> (&'static str, &'static str) {
    match action {
        Action::Pause => ("PAUSE_FAILED", "pause"),
        Action::Resume => ("RESUME_FAILED", "resume"),
        Action::Stop => ("STOP_FAILED", "stop"),
        Action::Cancel => ("CANCEL_FAILED", "cancel"),
    }
}
