//! A session as JSON lines, one for each frame, and how it is played again.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What stands for a token in a recording: a file is passed on, and a token is a secret.
pub const TOKEN: &str = "<jwt>";

/// What the log calls a binary message.
pub const BINARY: &str = "binary";

/// The direction of a frame, or an event of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Sent,
    Received,
    Opened,
    Closed,
}

impl Direction {
    /// The word of the recording.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Opened => "opened",
            Self::Closed => "closed",
        }
    }
}

/// A line of a recording.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Milliseconds since 1970, on the clock of the device.
    pub at: f64,
    /// The number of the connection in its page.
    pub connection: u32,
    pub direction: Direction,
    /// The frame, in base64 if it is binary, or what is said about the event.
    pub text: String,
    #[serde(default, rename = "binary", skip_serializing_if = "std::ops::Not::not")]
    pub is_binary: bool,
    /// The path of the socket with its query, where it was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub socket: Option<String>,
}

/// The path of the socket that a recording was made on, for a fresh user: without `since`, which is another one's. `None` if
/// the recording does not say it.
pub fn socket(lines: &[Line]) -> Option<String> {
    let sender = lines.iter().find(|line| line.direction == Direction::Sent)?.connection;
    let of_sender = lines.iter().filter(|line| line.connection == sender);
    let path = of_sender.filter_map(|line| line.socket.as_deref()).next()?;
    Some(without_since(path))
}

/// The path of a socket without the query's `since`.
pub fn without_since(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("since="))
        .collect();
    match kept.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{}", kept.join("&")),
    }
}

/// Writes a recording, without tokens.
pub fn write(lines: &[Line]) -> String {
    let lines = lines.iter().filter_map(|line| {
        let text = masked(&line.text).unwrap_or_else(|| line.text.clone());
        serde_json::to_string(&Line { text, ..line.clone() }).ok()
    });
    lines.map(|line| line + "\n").collect()
}

/// A message without the line breaks between its members.
pub fn one_line(text: &str) -> String {
    let message = serde_json::from_str::<Value>(text);
    message.map_or_else(|_| text.to_owned(), |message| message.to_string())
}

/// The id of a message that a client sends.
pub fn command_id(text: &str) -> Option<String> {
    let message: Value = serde_json::from_str(text).ok()?;
    message["id"].as_str().map(str::to_owned)
}

/// The id of the command that a message of the server answers, in either dialect.
pub fn reply_to(message: &Value) -> Option<&str> {
    message["reply_to"].as_str().or(message["replyTo"].as_str())
}

/// The message without its token; `None` for one without a token.
fn masked(text: &str) -> Option<String> {
    let mut message: Value = serde_json::from_str(text).ok()?;
    let token = message.pointer_mut("/payload/token")?;
    *token = TOKEN.into();
    Some(message.to_string())
}

/// Reads a recording.
///
/// # Errors
/// One sentence with the number of the line that cannot be read.
pub fn read(text: &str) -> Result<Vec<Line>, String> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let lines = lines.map(|(number, line)| {
        serde_json::from_str(line).map_err(|error| {
            format!(
                "Line {} is no line of a recording ({error}). One is {}.",
                number + 1,
                r#"{"at":0,"connection":1,"direction":"sent","text":"{\"type\":\"ping\"}"}"#
            )
        })
    });
    lines.collect()
}

/// A message to be sent again.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Milliseconds after the first line of the recording.
    pub after: f64,
    /// In base64 if it is binary.
    pub text: String,
    pub is_binary: bool,
}

/// A recording that is being played: its timers get other ids, which are put in the place of the recorded ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Replay {
    /// The recorded timers in the order of their creation: the id of the command, if it had one, the timer, and its id now.
    timers: Vec<RecordedTimer>,
}

#[derive(Clone, Debug, PartialEq)]
struct RecordedTimer {
    command: Option<String>,
    recorded: String,
    now: Option<String>,
}

impl Replay {
    /// The messages of a recording's first connection that sent any, and the timers that they created.
    pub fn new(lines: &[Line]) -> (Self, Vec<Step>) {
        let first = lines
            .iter()
            .find(|line| line.direction == Direction::Sent)
            .map(|line| line.connection);
        let lines: Vec<&Line> = lines.iter().filter(|line| Some(line.connection) == first).collect();
        let start = lines.first().map(|line| line.at).unwrap_or_default();
        let sent = lines.iter().filter(|line| line.direction == Direction::Sent);
        let steps = sent.map(|line| Step {
            after: line.at - start,
            text: line.text.clone(),
            is_binary: line.is_binary,
        });
        let received = lines.iter().filter(|line| line.direction == Direction::Received);
        let timers = received
            .filter_map(|line| created(&line.text))
            .map(|(command, recorded)| RecordedTimer {
                command,
                recorded,
                now: None,
            });
        (
            Self {
                timers: timers.collect(),
            },
            steps.collect(),
        )
    }

    /// The numbers and recorded ids of the timers, in the order of their creation.
    pub fn timers(&self) -> impl Iterator<Item = (usize, &str)> {
        self.timers.iter().map(|timer| timer.recorded.as_str()).enumerate()
    }

    /// The number of the timer that a message has created in the recording.
    pub fn created_by(&self, text: &str) -> Option<usize> {
        let command = command_id(text)?;
        self.timers
            .iter()
            .position(|timer| timer.command.as_ref() == Some(&command))
    }

    /// Takes an answer of the server: it may say the id of a timer that was created again.
    pub fn receive(&mut self, text: &str) {
        let Some((command, id)) = created(text) else {
            return;
        };
        let waiting = |timer: &&mut RecordedTimer| timer.now.is_none() && timer.command == command;
        if let Some(timer) = self.timers.iter_mut().find(waiting) {
            timer.now = Some(id);
        }
    }

    /// A message with the ids as they are now; `None` while one of them is not known yet.
    pub fn rewrite(&self, text: &str) -> Option<String> {
        let used = self.timers.iter().filter(|timer| text.contains(&timer.recorded));
        used.into_iter().try_fold(text.to_owned(), |text, timer| {
            Some(text.replace(&timer.recorded, timer.now.as_ref()?))
        })
    }
}

/// The command and the timer of a `timer.created`.
fn created(text: &str) -> Option<(Option<String>, String)> {
    let message: Value = serde_json::from_str(text).ok()?;
    if message["type"] != "timer.created" {
        return None;
    }
    let id = message["payload"]["timer"]["id"].as_str()?.to_owned();
    Some((reply_to(&message).map(str::to_owned), id))
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use serde_json::json;

    fn line(at: f64, direction: Direction, message: &Value) -> Line {
        Line {
            at,
            connection: 2,
            direction,
            text: message.to_string(),
            is_binary: false,
            socket: None,
        }
    }

    /// A timer is created and paused.
    pub fn session() -> Vec<Line> {
        vec![
            line(
                1000.0,
                Direction::Sent,
                &json!({ "type": "timer.create", "payload": { "allocated_duration": 60 }, "id": "a" }),
            ),
            line(
                1010.0,
                Direction::Received,
                &json!({ "type": "timer.created", "payload": { "timer": { "id": "t-old" } }, "reply_to": "a" }),
            ),
            line(
                2500.0,
                Direction::Sent,
                &json!({ "type": "timer.pause", "payload": { "timer_id": "t-old" }, "id": "b" }),
            ),
        ]
    }

    #[test]
    fn recording_is_read_as_it_was_written_but_for_tokens() {
        let mut lines = session();
        assert_eq!(read(&write(&lines)), Ok(lines.clone()));
        lines[0].text = json!({ "type": "auth.renew", "payload": { "token": "secret" } }).to_string();
        let text = write(&lines);
        assert!(!text.contains("secret") && text.contains("<jwt>"), "{text}");
        let error = read("\n{}").unwrap_err();
        assert!(error.starts_with("Line 2 is no line of a recording"), "{error}");
    }

    #[test]
    fn recording_is_played_on_the_socket_that_it_was_made_on() {
        let mut lines = session();
        assert_eq!(socket(&lines), None);
        let path = "/v1/ws/timers?dialect=camel&since=e:7&shared=true";
        lines.insert(
            0,
            Line {
                socket: Some(path.to_owned()),
                ..line(990.0, Direction::Opened, &json!({}))
            },
        );
        assert_eq!(
            socket(&lines).as_deref(),
            Some("/v1/ws/timers?dialect=camel&shared=true")
        );
        assert_eq!(read(&write(&lines)), Ok(lines));
        assert_eq!(without_since("/v1/ws/timers?since=e:7"), "/v1/ws/timers");
    }

    #[test]
    fn replayed_commands_name_the_timers_that_were_created_again() {
        let (mut replay, steps) = Replay::new(&session());
        assert_eq!(steps.iter().map(|step| step.after).collect::<Vec<_>>(), [0.0, 1500.0]);
        assert_eq!(replay.rewrite(&steps[0].text).as_ref(), Some(&steps[0].text));
        assert_eq!(replay.rewrite(&steps[1].text), None, "its timer is not there yet");
        replay.receive(
            &json!({ "type": "timer.created", "payload": { "timer": { "id": "t-new" } }, "reply_to": "a" }).to_string(),
        );
        let pause = replay.rewrite(&steps[1].text).unwrap();
        assert!(pause.contains("t-new") && !pause.contains("t-old"), "{pause}");
    }
}
