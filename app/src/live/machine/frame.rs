//! What the tabs of one browser tell each other. One of them, the leader, has the connection; it passes on what the
//! server sends, and the others send their commands through it.

use super::{Effect, Environment, Machine};
use crate::live::{Status, clock::Sample, live_protocol::LiveProtocol, outbox::Pending};
use protocol::json;
use serde::{Deserialize, Serialize};

/// A message between tabs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Frame {
    /// From a follower: what is the state?
    Hello,
    /// From the leader: the status of the connection, the newest event, and the best estimate of the server's clock.
    State {
        status: Status,
        position: String,
        clock: Option<Sample>,
    },
    /// From the leader: a message of the server.
    Message(String),
    /// From any tab: a command that the user gave there, as JSON.
    Command(String),
    /// From a follower: send this message to the server.
    Request(String),
    /// From a follower: somebody looks, so check the connection.
    Awake,
    /// From a tab that wants to know whether the leader works.
    Probe,
    /// The leader's answer to [`Frame::Probe`].
    Alive,
}

impl<P: LiveProtocol> Machine<P> {
    pub(super) fn on_frame(&mut self, frame: Frame, env: Environment) {
        let leads = self.is_leader();
        match frame {
            Frame::Command(json) => self.on_command_elsewhere(&json, env),
            Frame::Hello if leads => self.post_state(),
            Frame::Request(text) if leads => self.send(text),
            Frame::Awake if leads => self.check_connection(env),
            Frame::Message(text) if !leads => self.receive(&text, env),
            Frame::State {
                status,
                position,
                clock,
            } if !leads => {
                if let Some(sample) = clock {
                    self.clock.adopt(sample);
                }
                let is_back = status == Status::Live && self.status != Status::Live;
                self.status = status;
                let missed = self.protocol.is_behind(&position);
                if missed || (is_back && self.protocol.needs_refresh()) {
                    self.resync(env);
                }
                if is_back {
                    self.request_more();
                }
            }
            // For the other role, or for the election.
            _ => {}
        }
    }

    fn on_command_elsewhere(&mut self, json: &str, env: Environment) {
        let Some(command) = Pending::parse(json) else {
            return;
        };
        self.protocol.touch(&command);
        if self.outbox.push(command.clone()) {
            self.send_command(&command, env);
        }
    }

    /// Tells the followers what they show. Nothing in a follower.
    pub(super) fn post_state(&mut self) {
        if self.is_leader() {
            let state = Frame::State {
                status: self.status,
                position: self.protocol.position(),
                clock: self.clock.best(),
            };
            self.effects.push(Effect::Post(state));
        }
    }
}

impl Frame {
    /// The frame as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Parses what [`Self::to_json`] wrote; `None` for anything else, such as a frame of another release.
    pub fn parse(json: &str) -> Option<Self> {
        json::parse(json).ok()
    }
}
