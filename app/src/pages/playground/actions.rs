//! What the page does with its connections.

use super::{
    api,
    belief::{Belief, instant_millis},
    device::{self, after},
    recording::{BINARY, Direction, Line, Replay, TOKEN, reply_to},
    socket::{self, SocketEvent},
    state::{Connection, Entry, Phase, Playground, RestAnswer, User},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use leptos::{prelude::*, task::spawn_local};
use protocol::socket::{BEARER_PREFIX, SUBPROTOCOL};
use serde_json::Value;

/// Changes within so many milliseconds are compared with one answer of the REST API.
const REST_DELAY_MILLIS: u32 = 250;
/// How long a replayed message waits for the timer that it names, in milliseconds.
const TIMER_WAIT_MILLIS: f64 = 5_000.0;
/// How often a replay looks whether it may go on, in milliseconds.
const POLL_MILLIS: u32 = 20;

/// What is offered as subprotocols.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    Bearer,
    BearerAndOurs,
    Nothing,
    OursOnly,
    Malformed,
}

impl Offer {
    pub const ALL: [Self; 5] = [
        Self::Bearer,
        Self::BearerAndOurs,
        Self::Nothing,
        Self::OursOnly,
        Self::Malformed,
    ];

    /// What it is, in the words of the page.
    pub fn label(self) -> &'static str {
        match self {
            Self::Bearer => "the token",
            Self::BearerAndOurs => "the token, and lockstep.v1",
            Self::Nothing => "nothing (refused)",
            Self::OursOnly => "lockstep.v1 without a token (refused)",
            Self::Malformed => "a broken token (refused)",
        }
    }

    fn subprotocols(self, token: Option<&str>) -> Vec<String> {
        let bearer = token.map(|token| format!("{BEARER_PREFIX}{token}"));
        match self {
            Self::Bearer => bearer.into_iter().collect(),
            Self::BearerAndOurs => [SUBPROTOCOL.to_owned()].into_iter().chain(bearer).collect(),
            Self::Nothing => Vec::new(),
            Self::OursOnly => vec![SUBPROTOCOL.to_owned()],
            Self::Malformed => vec![format!("{BEARER_PREFIX}not-a-token")],
        }
    }
}

/// Opens a connection, which begins with what it believes already, and selects it. Returns its number.
pub fn connect(page: Playground, path: String, user: Option<User>, offer: Offer, belief: Belief) -> Option<u32> {
    let number = page
        .connections
        .with_untracked(|all| all.last().map_or(1, |last| last.number + 1));
    let subprotocols = offer.subprotocols(user.as_ref().map(|user| user.token.as_str()));
    let began = device::millis();
    let connection = Connection::new(number, user, path, belief);
    let of_events = connection.clone();
    let on_event = move |event| on_event(page, &of_events, began, event);
    page.check(socket::open(number, &connection.path, &subprotocols, on_event))?;
    page.connections.update(|all| all.push(connection));
    page.selected.set(Some(number));
    Some(number)
}

fn on_event(page: Playground, connection: &Connection, began: f64, event: SocketEvent) {
    let (now, number) = (device::millis(), connection.number);
    match event {
        SocketEvent::Opened {
            subprotocol,
            extensions,
        } => {
            let phase = Phase::Open {
                took: now - began,
                subprotocol,
                extensions,
            };
            page.record(now, number, Direction::Opened, "open", phase.to_string());
            connection.phase.set(phase);
        }
        SocketEvent::Text(text) => {
            let message: Value = serde_json::from_str(&text).unwrap_or_default();
            page.record(now, number, Direction::Received, "", text);
            receive(page, connection, &message, now);
        }
        SocketEvent::Closed { code, reason } => {
            let close = page.document.get_untracked().unwrap_or_default().close_meaning(code);
            let phase = Phase::Closed { close, reason };
            let kind = format!("close {code}");
            page.record(now, number, Direction::Closed, &kind, phase.to_string());
            connection.phase.set(phase);
        }
    }
}

fn receive(page: Playground, connection: &Connection, message: &Value, now: f64) {
    let number = connection.number;
    if message["type"] == "pong" {
        let server = message["timestamp"].as_str().and_then(instant_millis);
        // Its ping is known by its id: after several at once the last one is not the one that is answered.
        let id = reply_to(message);
        let ping = |entry: &&Entry| entry.connection == number && entry.command.as_deref() == id;
        let sent = id.and_then(|_| {
            page.log
                .with_untracked(|log| log.iter().rfind(ping).map(|entry| entry.at))
        });
        // The server wrote its time halfway between, as far as one knows.
        let middle = sent.map(|sent| page.client_clock((sent + now) / 2.0));
        if let Some((server, client)) = server.zip(middle) {
            connection.offset.set(Some(server as f64 - client));
        }
    }
    let mut is_changed = false;
    connection
        .belief
        .update(|belief| is_changed = belief.receive(message, now));
    if is_changed {
        // Of all open connections of the user: one that missed the change is to be seen.
        let subject = |connection: &Connection| connection.user.as_ref().map(|user| user.claims.subject().to_owned());
        let of_this = subject(connection);
        let all = page.connections.get_untracked().into_iter();
        let all = all.filter(|other| subject(other) == of_this && other.phase.with_untracked(Phase::is_open));
        all.for_each(ask_rest_soon);
    }
}

/// Reads what the REST API says once a burst of changes is over.
fn ask_rest_soon(connection: Connection) {
    connection.rest.set(RestAnswer::Awaited);
    connection.changes.update(|changes| *changes += 1);
    let changes = connection.changes.get_untracked();
    after(REST_DELAY_MILLIS, move || {
        if connection.changes.get_untracked() == changes {
            ask_rest(connection);
        }
    });
}

/// Reads what the REST API says of a connection's timers.
pub fn ask_rest(connection: Connection) {
    let Some(user) = connection.user.clone() else {
        return;
    };
    spawn_local(async move {
        let answer = api::timers(&user.token).await;
        connection.rest.set(match answer {
            Ok(timers) => RestAnswer::Timers(timers, device::millis()),
            Err(refusal) => RestAnswer::Refused(refusal),
        });
    });
}

/// Sends a text, and keeps it in the log.
pub fn send(page: Playground, number: u32, text: &str) -> bool {
    // Before it is sent, so that its answer finds it.
    let now = device::millis();
    let sent = page.check(socket::send(number, text)).is_some();
    if sent {
        page.record(now, number, Direction::Sent, "", text.to_owned());
    }
    sent
}

/// Sends bytes as a binary message.
pub fn send_binary(page: Playground, number: u32, bytes: &[u8]) -> bool {
    let sent = page.check(socket::send_binary(number, bytes)).is_some();
    if sent {
        page.record(
            device::millis(),
            number,
            Direction::Sent,
            BINARY,
            STANDARD.encode(bytes),
        );
    }
    sent
}

/// Closes a connection from this side.
pub fn close(page: Playground, number: u32, code: u16) {
    page.check(socket::close(number, code));
}

/// How fast a recording is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    Recorded,
    AtOnce,
}

/// Plays a recording on a new connection of a fresh user.
pub fn replay(page: Playground, path: String, lines: Vec<Line>, pace: Pace) {
    let (mut replay, steps) = Replay::new(&lines);
    if steps.is_empty() {
        page.say("The recording has no message that was sent.");
        return;
    }
    spawn_local(async move {
        let name = format!("Replay {}", device::short_id());
        let user = api::mint(&name, None).await.and_then(|token| User::new(&token));
        let Some(user) = page.check(user) else {
            return;
        };
        page.add_user(user.clone());
        let Some(number) = connect(page, path, Some(user.clone()), Offer::Bearer, Belief::default()) else {
            return;
        };
        let is_open = || {
            page.find(number)
                .is_some_and(|connection| connection.phase.with_untracked(Phase::is_open))
        };
        if !wait_until(is_open).await {
            page.say(format!("Connection #{number} did not open, so nothing was played."));
            return;
        }
        let start = device::millis();
        let mut seen = 0;
        for (index, step) in steps.iter().enumerate() {
            if pace == Pace::Recorded {
                device::sleep((start + step.after - device::millis()).max(0.0) as u32).await;
            }
            let is_sent = match step.is_binary {
                true => send_binary(page, number, &STANDARD.decode(&step.text).unwrap_or_default()),
                false => {
                    let text = current_text(page, number, &mut replay, &mut seen, &step.text).await;
                    send(page, number, &text.replace(TOKEN, &user.token))
                }
            };
            if !is_sent {
                return;
            }
            page.say(format!(
                "Played {} of {} messages on #{number}.",
                index + 1,
                steps.len()
            ));
        }
    });
}

/// A recorded message with the ids of today's timers, once they are known. One whose timer was not created is sent as it was
/// recorded, so that the server can be seen refusing it.
async fn current_text(page: Playground, number: u32, replay: &mut Replay, seen: &mut usize, text: &str) -> String {
    let deadline = device::millis() + TIMER_WAIT_MILLIS;
    loop {
        page.log.with_untracked(|log| {
            let of_this = log.iter().skip(*seen).filter(|entry| entry.connection == number);
            let received = of_this.filter(|entry| entry.direction == Direction::Received);
            received.for_each(|entry| replay.receive(&entry.text));
            *seen = log.len();
        });
        match replay.rewrite(text) {
            Some(text) => return text,
            None if device::millis() < deadline => device::sleep(POLL_MILLIS).await,
            None => return text.to_owned(),
        }
    }
}

async fn wait_until(holds: impl Fn() -> bool) -> bool {
    let deadline = device::millis() + TIMER_WAIT_MILLIS;
    while !holds() && device::millis() < deadline {
        device::sleep(POLL_MILLIS).await;
    }
    holds()
}
