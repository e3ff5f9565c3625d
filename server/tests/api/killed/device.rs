//! A device that pipelines commands while the server is killed again and again.

use crate::support::{Client, Connect, User, act, create};
use protocol::{
    id::TimerId,
    timers::{Action, Body, ClientMessage, Command, ServerMessage, TimerCommand, TimerStatus},
};
use rand::{RngExt, rngs::StdRng};
use std::collections::{BTreeMap, VecDeque};

/// Maximum number of unanswered commands.
const IN_FLIGHT: usize = 8;

pub struct Device {
    name: String,
    connect: Connect,
    random: StdRng,
    epoch: String,
    /// Every event of its user since the first, received over all its connections.
    pub received: Vec<ServerMessage>,
    /// The ids of its answered commands, with the `seq` of their events.
    pub acknowledged: BTreeMap<String, u64>,
    /// Number of answers to commands that were committed before a kill and sent again.
    pub replayed: usize,
    /// Unanswered commands in order; they are sent again after a kill.
    pending: VecDeque<ClientMessage>,
    /// The active timers that it created, with their status after all pending commands.
    timers: Vec<(TimerId, TimerStatus)>,
    created: usize,
}

impl Device {
    pub async fn new(user: &User, name: String, random: StdRng) -> Self {
        let connect = user.connect();
        let mut client = connect.open().await.unwrap();
        let Body::Connected { epoch, seq: 0, .. } = client.next().await.body else {
            panic!("expected `connected` with `seq` 0")
        };
        Self {
            name,
            connect,
            random,
            epoch,
            received: vec![],
            acknowledged: BTreeMap::new(),
            replayed: 0,
            pending: VecDeque::new(),
            timers: vec![],
            created: 0,
        }
    }

    /// Sends commands until the connection ends.
    pub async fn work(mut self) -> Self {
        let Some(mut client) = self.resume().await else {
            return self;
        };
        loop {
            while self.pending.len() < IN_FLIGHT {
                let message = self.next_command();
                self.pending.push_back(message.clone());
                if !client.offer(message.to_json()).await {
                    return self;
                }
            }
            let Some(text) = client.next_or_gone().await else {
                return self;
            };
            self.on_message(&text);
        }
    }

    /// Sends the pending commands again, and no new ones.
    pub async fn finish(mut self) -> Self {
        let mut client = self.resume().await.expect("a running server");
        while !self.pending.is_empty() {
            let text = client.next_text().await;
            self.on_message(&text);
        }
        self
    }

    /// Receives the missed events of the other devices.
    pub async fn catch_up(&mut self) {
        self.resume().await.expect("a running server");
    }

    /// Connects, receives the missed events and sends the pending commands again. `None` if the connection ends before.
    async fn resume(&mut self) -> Option<Client> {
        let since = format!("since={}:{}", self.epoch, self.received.len());
        let mut client = self.connect.clone().query(&since).open().await.ok()?;
        let connected = ServerMessage::parse(&client.next_or_gone().await?).unwrap();
        let Body::Connected { epoch, seq, .. } = connected.body else {
            panic!("{connected:?}")
        };
        assert_eq!(epoch, self.epoch);
        assert!(
            seq >= self.received.len() as u64,
            "{}: `connected` has a lower `seq` than the events delivered before",
            self.name
        );
        // The missed events come first, so that the event of a replayed answer is known.
        while (self.received.len() as u64) < seq {
            let text = client.next_or_gone().await?;
            self.on_message(&text);
        }
        for message in self.pending.clone() {
            if !client.offer(message.to_json()).await {
                return None;
            }
        }
        Some(client)
    }

    fn on_message(&mut self, text: &str) {
        let message = ServerMessage::parse(text).unwrap();
        let Some(seq) = message.seq else {
            panic!("{}: a command failed or its event has no seq: {message:?}", self.name)
        };
        let (reply_to, replayed) = (message.reply_to.clone(), message.replayed);
        let event = ServerMessage {
            reply_to: None,
            replayed: false,
            ..message
        };
        if replayed {
            assert_eq!(
                self.received.get(seq as usize - 1),
                Some(&event),
                "{}: a replayed answer differs from its event",
                self.name
            );
            self.replayed += 1;
        } else {
            assert_eq!(
                seq,
                self.received.len() as u64 + 1,
                "{}: gap or duplicate in seq",
                self.name
            );
            self.received.push(event.clone());
        }
        if let Some(id) = reply_to {
            self.acknowledge(id, seq, &event);
        }
    }

    fn acknowledge(&mut self, id: String, seq: u64, event: &ServerMessage) {
        let command = self.pending.pop_front().expect("something pending");
        assert_eq!(
            command.id.as_ref(),
            Some(&id),
            "{}: answers are out of order",
            self.name
        );
        assert_eq!(self.acknowledged.insert(id, seq), None);
        let Body::Timer { timer, .. } = &event.body else {
            panic!("{event:?}")
        };
        if let Command::Timer {
            command: TimerCommand::Create { new, .. },
            ..
        } = command.command
        {
            assert_eq!(timer.title, new.title);
            self.timers.push((timer.id, TimerStatus::Running));
        }
    }

    /// A random command that will succeed: no other device uses these timers, and commands are applied in order.
    fn next_command(&mut self) -> ClientMessage {
        self.created += 1;
        let id = format!("{}-{}", self.name, self.created);
        let command = if self.timers.len() < 3 {
            create(&id)
        } else {
            let index = self.random.random_range(0..self.timers.len());
            let (timer, status) = self.timers[index];
            let action = match (self.random.random_range(0..12), status) {
                (0, _) => Action::Stop,
                (1, _) => Action::Cancel,
                (_, TimerStatus::Paused) => Action::Resume,
                _ => Action::Pause,
            };
            match action {
                Action::Pause => self.timers[index].1 = TimerStatus::Paused,
                Action::Resume => self.timers[index].1 = TimerStatus::Running,
                Action::Stop | Action::Cancel => drop(self.timers.swap_remove(index)),
            }
            act(action, timer)
        };
        ClientMessage { id: Some(id), command }
    }
}
