//! A small protocol beside the timers: a list of words that grows. It shows what any protocol needs to tell the
//! connection.

use crate::live::{
    live_protocol::{LiveProtocol, Outgoing, Received, Replaced, Signal},
    outbox::{Outbox, Pending},
};
use protocol::{id::UserId, time::Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The words that the server has confirmed.
pub struct Words {
    user: UserId,
    pub state: WordList,
    ahead: BTreeMap<u64, String>,
}

/// All words, at an event of a log.
#[derive(Clone, Debug, PartialEq)]
pub struct WordList {
    pub epoch: u64,
    pub seq: u64,
    pub words: Vec<String>,
}

/// What the page would tell its reader.
#[derive(Debug, PartialEq)]
pub enum WordNotice {
    Dropped(usize),
}

/// A message of the server.
#[derive(Clone, Serialize, Deserialize)]
pub enum FromServer {
    Ready {
        user: UserId,
        epoch: u64,
        seq: u64,
    },
    Added {
        epoch: u64,
        seq: u64,
        word: String,
        reply_to: Option<String>,
    },
    /// The answer to a command that was applied before.
    Known {
        reply_to: String,
    },
    SlowDown {
        reply_to: String,
        seconds: u64,
    },
    Pong {
        reply_to: String,
        millis: i64,
    },
}

/// A message to the server.
#[derive(Serialize, Deserialize)]
pub enum FromClient {
    Add { id: String, word: String },
    Ping { id: String },
    Renew,
}

impl Words {
    pub fn new(user: &str, state: WordList) -> Self {
        Self {
            user: user.into(),
            state,
            ahead: BTreeMap::new(),
        }
    }

    /// Applies the events whose predecessors are known. Returns whether one is missing.
    fn drain(&mut self) -> bool {
        while let Some(entry) = self.ahead.first_entry() {
            match *entry.key() {
                seq if seq <= self.state.seq => {
                    entry.remove();
                }
                seq if seq == self.state.seq + 1 => {
                    self.state.seq = seq;
                    let word = entry.remove();
                    self.state.words.push(word);
                }
                _ => return true,
            }
        }
        false
    }
}

impl LiveProtocol for Words {
    type Command = String;
    type Snapshot = WordList;
    type Notice = WordNotice;

    const NAME: &'static str = "words";

    fn path(&self) -> String {
        format!("/words?since={}", self.position())
    }

    fn user(&self) -> &UserId {
        &self.user
    }

    fn position(&self) -> String {
        format!("{}:{}", self.state.epoch, self.state.seq)
    }

    fn is_behind(&self, position: &str) -> bool {
        let (epoch, seq) = position.split_once(':').unwrap();
        epoch != self.state.epoch.to_string() || seq.parse::<u64>().unwrap() > self.state.seq
    }

    fn receive(&mut self, text: &str, outbox: &mut Outbox<String>) -> Received<Self> {
        let mut received = Received::nothing();
        match serde_json::from_str(text).unwrap() {
            FromServer::Ready { user, .. } if user != self.user => received.signal = Signal::OtherUser,
            FromServer::Ready { epoch, seq, .. } => {
                received.signal = Signal::Ready;
                if epoch != self.state.epoch || seq < self.state.seq {
                    self.ahead.clear();
                    // The words of the other log come with the next whole list.
                    (self.state.epoch, self.state.seq) = (epoch, seq);
                    received.resync = true;
                }
            }
            FromServer::Added {
                epoch,
                seq,
                word,
                reply_to,
            } => {
                received.settled = reply_to.as_deref().and_then(|id| outbox.settle(id));
                received.reply_to = reply_to;
                if epoch == self.state.epoch {
                    self.ahead.insert(seq, word);
                }
                received.resync = epoch != self.state.epoch || self.drain();
            }
            FromServer::Known { reply_to } => {
                received.settled = outbox.settle(&reply_to);
                received.reply_to = Some(reply_to);
            }
            FromServer::SlowDown { reply_to, seconds } => {
                received.reply_to = Some(reply_to);
                received.signal = Signal::RateLimited { seconds };
            }
            FromServer::Pong { reply_to, millis } => {
                received.reply_to = Some(reply_to);
                received.signal = Signal::Pong(Timestamp::from_millis(millis));
            }
        }
        received
    }

    fn replace(&mut self, snapshot: WordList) -> Replaced {
        if snapshot.epoch == self.state.epoch && snapshot.seq < self.state.seq {
            return Replaced::TooOld;
        }
        if snapshot.epoch != self.state.epoch {
            self.ahead.clear();
        }
        self.state = snapshot;
        match self.drain() {
            true => Replaced::TooOld,
            false => Replaced::Done,
        }
    }

    fn encode(message: Outgoing<'_, String>) -> String {
        let message = match message {
            Outgoing::Command(command, _) => FromClient::Add {
                id: command.id.clone(),
                word: command.command.clone(),
            },
            Outgoing::Ping(id) => FromClient::Ping { id: id.to_owned() },
            Outgoing::Renew(_) => FromClient::Renew,
        };
        serde_json::to_string(&message).unwrap()
    }

    fn request_more(&mut self, _id: &str) -> Option<String> {
        None
    }

    fn touch(&mut self, _command: &Pending<String>) {}

    fn needs_refresh(&self) -> bool {
        false
    }

    fn dropped(count: usize) -> WordNotice {
        WordNotice::Dropped(count)
    }
}
