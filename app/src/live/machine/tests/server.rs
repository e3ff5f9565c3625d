//! The server of the [`super::words`]: a log of words, each command applied once.

use super::words::{FromClient, FromServer, WordList};
use std::collections::HashSet;

/// The server.
pub struct Server {
    pub is_up: bool,
    pub grants_tokens: bool,
    /// How many of the next connections are refused for their token.
    pub refuses: u32,
    /// Until when it refuses commands as too many, in milliseconds.
    pub slow_until: f64,
    epoch: u64,
    /// The number of words before the current log.
    log_start: usize,
    words: Vec<String>,
    applied: HashSet<String>,
    /// The ids of all commands that it received, with repetitions.
    pub received: Vec<String>,
}

/// What it answers.
pub enum Answer {
    /// To the sender alone.
    Reply(FromServer),
    /// To all connections.
    Event(FromServer),
}

impl Default for Server {
    fn default() -> Self {
        Self {
            is_up: true,
            grants_tokens: true,
            refuses: 0,
            slow_until: 0.0,
            epoch: 1,
            log_start: 0,
            words: Vec::new(),
            applied: HashSet::new(),
            received: Vec::new(),
        }
    }
}

impl Server {
    /// Starts another log, in which the words so far have no events.
    pub fn start_new_log(&mut self) {
        self.epoch += 1;
        self.log_start = self.words.len();
    }

    pub fn state(&self) -> WordList {
        WordList {
            epoch: self.epoch,
            seq: self.seq(),
            words: self.words.clone(),
        }
    }

    fn seq(&self) -> u64 {
        (self.words.len() - self.log_start) as u64
    }

    /// The messages at the start of a connection, or the code with which it is refused; `None`: nobody listens.
    pub fn accept(&mut self, path: &str, user: &str) -> Result<Vec<FromServer>, Option<u16>> {
        if !self.is_up {
            return Err(None);
        }
        if self.refuses > 0 {
            self.refuses -= 1;
            return Err(Some(1008));
        }
        let ready = FromServer::Ready {
            user: user.into(),
            epoch: self.epoch,
            seq: self.seq(),
        };
        let (epoch, since) = path.rsplit_once('=').unwrap().1.split_once(':').unwrap();
        let since: usize = since.parse().unwrap();
        let log = &self.words[self.log_start..];
        let missed = match epoch == self.epoch.to_string() && since <= log.len() {
            true => &log[since..],
            // A new log is announced, and its words are fetched.
            false => &[],
        };
        let events = missed
            .iter()
            .zip(since as u64 + 1..)
            .map(|(word, seq)| FromServer::Added {
                epoch: self.epoch,
                seq,
                word: word.clone(),
                reply_to: None,
            });
        Ok([ready].into_iter().chain(events).collect())
    }

    /// Handles a message at `now`.
    pub fn receive(&mut self, text: &str, now: f64) -> Vec<Answer> {
        if !self.is_up {
            return Vec::new();
        }
        match serde_json::from_str(text).unwrap() {
            FromClient::Ping { id: reply_to } => vec![Answer::Reply(FromServer::Pong {
                reply_to,
                millis: now as i64,
            })],
            FromClient::Renew => Vec::new(),
            FromClient::Add { id, word } => {
                self.received.push(id.clone());
                if self.applied.contains(&id) {
                    return vec![Answer::Reply(FromServer::Known { reply_to: id })];
                }
                if now < self.slow_until {
                    return vec![Answer::Reply(FromServer::SlowDown {
                        reply_to: id,
                        seconds: ((self.slow_until - now) / 1000.0).ceil() as u64,
                    })];
                }
                self.applied.insert(id.clone());
                self.words.push(word.clone());
                vec![Answer::Event(FromServer::Added {
                    epoch: self.epoch,
                    seq: self.seq(),
                    word,
                    reply_to: Some(id),
                })]
            }
        }
    }
}

impl FromServer {
    /// The message for one connection: only the sender's has `reply_to`.
    pub fn for_connection(&self, is_sender: bool) -> Self {
        match self {
            Self::Added {
                epoch,
                seq,
                word,
                reply_to,
            } => Self::Added {
                epoch: *epoch,
                seq: *seq,
                word: word.clone(),
                reply_to: reply_to.clone().filter(|_| is_sender),
            },
            other => other.clone(),
        }
    }
}
