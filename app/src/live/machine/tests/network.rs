//! The network of the [`super::world`].

use super::{
    server::{Answer, Server},
    words::FromServer,
    world::{Delivery, Event, USER, World},
};
use crate::live::machine::{ABNORMAL, Input};
use protocol::rest::account::{AccessGrant, Account};

/// How long a message takes in one direction, in milliseconds.
pub const LATENCY: f64 = 20.0;
/// How long the browser waits for an HTTP answer, in milliseconds.
pub const HTTP_TIMEOUT: f64 = 10_000.0;

impl World {
    /// The server closes all connections with this code.
    pub fn close_connections(&mut self, code: u16) {
        let ids: Vec<u64> = self.connections.keys().copied().collect();
        for id in ids {
            self.close(id, code);
        }
    }

    /// Cuts the network, or mends it. What was under way is lost.
    pub fn set_network(&mut self, is_on: bool) {
        self.network = is_on;
        if !is_on {
            self.connections
                .values_mut()
                .for_each(|connection| connection.broken = true);
        }
    }

    pub(super) fn arrive(&mut self, delivery: Delivery) {
        match delivery {
            Delivery::Tab(index, event) => self.on_event(index, event),
            Delivery::Open(id, path) => self.accept(id, &path),
            Delivery::ToServer(id, text) if self.is_usable(id) => {
                let answers = self.server.receive(&text, self.now);
                self.answer(id, answers);
            }
            Delivery::FromServer(id, input) if self.is_usable(id) => {
                let tab = self.connections[&id].tab;
                // A page that has dropped the socket hears nothing of it.
                if self.tabs[tab].connection == Some(id) {
                    self.on_event(tab, Event::Live(input));
                }
            }
            Delivery::ToServer(..) | Delivery::FromServer(..) => {}
        }
    }

    fn is_usable(&self, id: u64) -> bool {
        self.network && self.connections.get(&id).is_some_and(|connection| !connection.broken)
    }

    pub(super) fn is_reachable(&self) -> bool {
        self.network && self.server.is_up
    }

    /// A connection reaches the server; without a network it is never answered.
    fn accept(&mut self, id: u64, path: &str) {
        if !self.network {
            self.connections.get_mut(&id).unwrap().broken = true;
            return;
        }
        match self.server.accept(path, USER) {
            Ok(messages) => self.answer(id, messages.into_iter().map(Answer::Reply).collect()),
            Err(code) => self.close(id, code.unwrap_or(ABNORMAL)),
        }
    }

    fn answer(&mut self, id: u64, answers: Vec<Answer>) {
        for answer in answers {
            let (message, ids) = match answer {
                Answer::Reply(message) => (message, vec![id]),
                Answer::Event(message) => (message, self.connections.keys().copied().collect()),
            };
            for connection in ids {
                self.send(connection, id, &message);
            }
        }
    }

    fn send(&mut self, id: u64, asker: u64, message: &FromServer) {
        let text = serde_json::to_string(&message.for_connection(id == asker)).unwrap();
        let generation = self.connections[&id].generation;
        self.deliver(LATENCY, Delivery::FromServer(id, Input::Text(generation, text)));
    }

    fn close(&mut self, id: u64, code: u16) {
        let generation = self.connections[&id].generation;
        self.deliver(LATENCY, Delivery::FromServer(id, Input::Closed(generation, code)));
    }
}

impl Server {
    pub(super) fn grant(&mut self, user: &str) -> AccessGrant {
        AccessGrant {
            access_token: "token".into(),
            token_type: "Bearer".into(),
            expires_in: 900,
            user: Account {
                id: user.into(),
                email: "ada@example.com".into(),
                display_name: None,
            },
        }
    }
}
