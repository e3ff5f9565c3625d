//! What the page knows, as signals.

use super::{
    belief::Belief,
    claims,
    device::shortened,
    document::{CloseMeaning, Document},
    recording::{BINARY, Direction, Line, reply_to},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use leptos::prelude::*;
use serde_json::Value;
use std::{collections::BTreeMap, fmt};

/// All signals of the page.
#[derive(Clone, Copy)]
pub struct Playground {
    /// `None` until it is read.
    pub document: RwSignal<Option<Document>>,
    pub users: RwSignal<Vec<User>>,
    pub connections: RwSignal<Vec<Connection>>,
    /// The number of the connection that messages are sent on.
    pub selected: RwSignal<Option<u32>>,
    pub log: RwSignal<Vec<Entry>>,
    /// The answers of commands: by the number of the command's entry that of the answer, and the milliseconds between them.
    pub answers: RwSignal<BTreeMap<u32, (u32, f64)>>,
    /// The device's clock in milliseconds, once a second.
    pub now: RwSignal<f64>,
    /// What has just been done, or why it could not be.
    pub notice: RwSignal<String>,
    /// Hours by which the clock of the imagined client is off.
    pub skew_hours: RwSignal<i64>,
}

/// A user whose token the page has. It is only sent to this server.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    pub token: String,
    pub claims: claims::Claims,
}

/// How a connection is.
#[derive(Clone, Debug, PartialEq)]
pub enum Phase {
    Opening,
    Open {
        /// Milliseconds that it took.
        took: f64,
        subprotocol: String,
        extensions: String,
    },
    Closed {
        close: CloseMeaning,
        reason: String,
    },
}

/// What the REST API says of the timers of a connection's user.
#[derive(Clone, Debug, PartialEq)]
pub enum RestAnswer {
    Awaited,
    /// The timers, and when they were received, in milliseconds.
    Timers(Vec<Value>, f64),
    /// Why it says nothing.
    Refused(String),
}

/// A WebSocket of the page.
#[derive(Clone)]
pub struct Connection {
    pub number: u32,
    /// `None` without a token.
    pub user: Option<User>,
    /// The path with the query.
    pub path: String,
    pub phase: ArcRwSignal<Phase>,
    pub belief: ArcRwSignal<Belief>,
    /// What the REST API said last.
    pub rest: ArcRwSignal<RestAnswer>,
    /// Changes of the user's timers, of which the last one of a burst is compared.
    pub changes: ArcRwSignal<u32>,
    /// Milliseconds by which the server's clock is ahead of the imagined client's, by the last pong.
    pub offset: ArcRwSignal<Option<f64>>,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub number: u32,
    /// Milliseconds since 1970, with fractions.
    pub at: f64,
    pub connection: u32,
    pub direction: Direction,
    /// The type of the message, or what it is instead.
    pub kind: String,
    pub text: String,
    pub bytes: usize,
    /// The `id` of a command.
    pub command: Option<String>,
    /// The entry that it answers.
    pub answers: Option<u32>,
}

impl User {
    /// A user of a token.
    ///
    /// # Errors
    /// One sentence that says what is wrong with the token.
    pub fn new(token: &str) -> Result<Self, String> {
        let token = token.trim().to_owned();
        Ok(Self {
            claims: claims::claims(&token)?,
            token,
        })
    }

    pub fn name(&self) -> &str {
        self.claims.name()
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opening => f.write_str("opening…"),
            Self::Open {
                took,
                subprotocol,
                extensions,
            } => {
                let or_none = |text: &str| match text {
                    "" => "none".to_owned(),
                    text => text.to_owned(),
                };
                let (subprotocol, extensions) = (or_none(&shortened(subprotocol)), or_none(extensions));
                write!(
                    f,
                    "Open after {took:.1} ms. Subprotocol: {subprotocol}. Extensions: {extensions}."
                )
            }
            Self::Closed { close, reason } => {
                let reason = if reason.is_empty() {
                    "without a reason"
                } else {
                    reason.as_str()
                };
                let super::document::CloseMeaning { code, meaning, client } = close;
                write!(f, "{code}, {reason}. {meaning} What a client should do: {client}")
            }
        }
    }
}

impl Phase {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Open { .. } => "open",
            Self::Closed { .. } => "closed",
        }
    }

    pub fn is_open(&self) -> bool {
        matches!(self, Self::Open { .. })
    }
}

impl Connection {
    pub fn new(number: u32, user: Option<User>, path: String, belief: Belief) -> Self {
        Self {
            number,
            user,
            path,
            phase: ArcRwSignal::new(Phase::Opening),
            belief: ArcRwSignal::new(belief),
            rest: ArcRwSignal::new(RestAnswer::Awaited),
            changes: ArcRwSignal::new(0),
            offset: ArcRwSignal::new(None),
        }
    }

    /// `#1 Ada`
    pub fn label(&self) -> String {
        let name = self.user.as_ref().map_or("without a token", User::name);
        format!("#{} {name}", self.number)
    }
}

impl Playground {
    pub fn new(now: f64) -> Self {
        Self {
            document: RwSignal::new(None),
            users: RwSignal::new(Vec::new()),
            connections: RwSignal::new(Vec::new()),
            selected: RwSignal::new(None),
            log: RwSignal::new(Vec::new()),
            answers: RwSignal::new(BTreeMap::new()),
            now: RwSignal::new(now),
            notice: RwSignal::new(String::new()),
            skew_hours: RwSignal::new(0),
        }
    }

    /// Says what has been done or why it could not be.
    pub fn say(self, notice: impl Into<String>) {
        self.notice.set(notice.into());
    }

    /// Says an error, if it is one.
    pub fn check<T>(self, result: Result<T, String>) -> Option<T> {
        result.map_err(|error| self.say(error)).ok()
    }

    /// Adds a user, or replaces the token of the same one.
    pub fn add_user(self, user: User) {
        self.users.update(|users| {
            users.retain(|known| known.claims.subject() != user.claims.subject());
            users.push(user);
        });
    }

    /// The connection that messages are sent on.
    pub fn connection(self) -> Option<Connection> {
        let selected = self.selected.get()?;
        self.connections
            .with(|all| all.iter().find(|connection| connection.number == selected).cloned())
    }

    /// The user of a subject.
    pub fn user(self, subject: &str) -> Option<User> {
        self.users
            .with_untracked(|users| users.iter().find(|user| user.claims.subject() == subject).cloned())
    }

    /// A connection by its number.
    pub fn find(self, number: u32) -> Option<Connection> {
        self.connections
            .with_untracked(|all| all.iter().find(|connection| connection.number == number).cloned())
    }

    /// The number of the connection that messages are sent on, for handlers; says so if there is none.
    pub fn sending(self) -> Option<u32> {
        let selected = self
            .selected
            .get_untracked()
            .filter(|number| self.find(*number).is_some());
        if selected.is_none() {
            self.say("There is no connection yet: connect first.");
        }
        selected
    }

    /// The device's clock in milliseconds, off as the imagined client's is.
    pub fn client_clock(self, device_millis: f64) -> f64 {
        device_millis + self.skew_hours.get_untracked() as f64 * 3_600_000.0
    }

    /// The recording of a connection; of all without one.
    pub fn session(self, connection: Option<u32>) -> Vec<Line> {
        let line = |entry: &Entry| Line {
            at: entry.at,
            connection: entry.connection,
            direction: entry.direction,
            text: entry.text.clone(),
            is_binary: entry.kind == BINARY,
            socket: match entry.direction {
                Direction::Opened => self.find(entry.connection).map(|connection| connection.path),
                _ => None,
            },
        };
        self.log.with_untracked(|log| {
            let entries = log.iter();
            let entries = entries.filter(|entry| connection.is_none_or(|number| entry.connection == number));
            entries.map(line).collect()
        })
    }

    /// Adds an entry to the log. Returns its number.
    pub fn record(self, at: f64, connection: u32, direction: Direction, kind: &str, text: String) -> u32 {
        let message: Value = serde_json::from_str(&text).unwrap_or_default();
        let kind = match (kind, message["type"].as_str()) {
            ("", Some(kind)) => kind.to_owned(),
            ("", None) => "not a message".to_owned(),
            (kind, _) => kind.to_owned(),
        };
        let number = self
            .log
            .with_untracked(|log| log.last().map_or(1, |last| last.number + 1));
        let reply_to = reply_to(&message);
        let answered = reply_to.filter(|_| direction == Direction::Received).and_then(|id| {
            let sent = |entry: &&Entry| entry.connection == connection && entry.command.as_deref() == Some(id);
            self.log
                .with_untracked(|log| log.iter().rfind(sent).map(|entry| (entry.number, entry.at)))
        });
        if let Some((command, sent_at)) = answered {
            // The first answer counts: a command that is sent again is another entry.
            self.answers.update(|answers| {
                answers.entry(command).or_insert((number, at - sent_at));
            });
        }
        let command = message["id"]
            .as_str()
            .filter(|_| direction == Direction::Sent)
            .map(str::to_owned);
        let bytes = match kind.as_str() {
            BINARY => STANDARD.decode(&text).map_or(0, |bytes| bytes.len()),
            _ => text.len(),
        };
        let entry = Entry {
            number,
            at,
            connection,
            direction,
            kind,
            bytes,
            text,
            command,
            answers: answered.map(|(command, _)| command),
        };
        self.log.update(|log| log.push(entry));
        number
    }
}
