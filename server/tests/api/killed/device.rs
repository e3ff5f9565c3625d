//! A device that sends command upon command without waiting, through one kill of the server after another.

use crate::support::{Client, Connect, User, act, create};
use protocol::{
    id::TimerId,
    timers::{Action, Body, ClientMessage, Command, ServerMessage, TimerCommand, TimerStatus},
};
use rand::{RngExt, rngs::StdRng};
use std::collections::{BTreeMap, VecDeque};

/// Commands that are sent and not yet answered.
const IN_FLIGHT: usize = 8;

pub struct Device {
    name: String,
    connect: Connect,
    random: StdRng,
    epoch: String,
    /// Every event of its user, from the first: what it was told, over all its connections.
    pub seen: Vec<ServerMessage>,
    /// Its commands that were answered, and with which event.
    pub acknowledged: BTreeMap<String, u64>,
    /// How many of the answers were to a command that had been applied before a kill.
    pub replayed: usize,
    /// Sent and not answered, in order: they are sent again.
    pending: VecDeque<ClientMessage>,
    /// The timers that it made, as they will be when all that is pending is done.
    timers: Vec<(TimerId, TimerStatus)>,
    made: usize,
}

impl Device {
    pub async fn new(user: &User, name: String, random: StdRng) -> Self {
        let connect = user.connect();
        let mut client = connect.open().await.unwrap();
        let Body::Connected { epoch, seq: 0, .. } = client.next().await.body else {
            panic!("not the beginning")
        };
        Self {
            name,
            connect,
            random,
            epoch,
            seen: vec![],
            acknowledged: BTreeMap::new(),
            replayed: 0,
            pending: VecDeque::new(),
            timers: vec![],
            made: 0,
        }
    }

    /// Works until the server is gone.
    pub async fn work(mut self) -> Self {
        let Some(mut client) = self.begin().await else {
            return self;
        };
        loop {
            while self.pending.len() < IN_FLIGHT {
                let message = self.invent();
                self.pending.push_back(message.clone());
                if !client.offer(message.to_json()).await {
                    return self;
                }
            }
            let Some(text) = client.next_or_gone().await else {
                return self;
            };
            self.hear(&text);
        }
    }

    /// Sends again what is pending, and nothing new.
    pub async fn finish(mut self) -> Self {
        let mut client = self.begin().await.expect("a server that lives");
        while !self.pending.is_empty() {
            let text = client.next_text().await;
            self.hear(&text);
        }
        self
    }

    /// Hears what the others had still to say.
    pub async fn catch_up(&mut self) {
        self.begin().await.expect("a server that lives");
    }

    /// Connects from where it was and sends again what is pending. `None`: the server is gone already.
    async fn begin(&mut self) -> Option<Client> {
        let since = format!("since={}:{}", self.epoch, self.seen.len());
        let mut client = self.connect.clone().query(&since).open().await.ok()?;
        let connected = ServerMessage::parse(&client.next_or_gone().await?).unwrap();
        let Body::Connected { epoch, seq, .. } = connected.body else {
            panic!("{connected:?}")
        };
        assert_eq!(epoch, self.epoch);
        assert!(
            seq >= self.seen.len() as u64,
            "{}: the log is behind what was told",
            self.name
        );
        // The missed events come first, so that an answer told again is of one that is known.
        while (self.seen.len() as u64) < seq {
            let text = client.next_or_gone().await?;
            self.hear(&text);
        }
        for message in self.pending.clone() {
            if !client.offer(message.to_json()).await {
                return None;
            }
        }
        Some(client)
    }

    fn hear(&mut self, text: &str) {
        let message = ServerMessage::parse(text).unwrap();
        let Some(seq) = message.seq else {
            panic!(
                "{}: every command of it must succeed, and be recoverable: {message:?}",
                self.name
            )
        };
        let (reply_to, replayed) = (message.reply_to.clone(), message.replayed);
        let event = ServerMessage {
            reply_to: None,
            replayed: false,
            ..message
        };
        if replayed {
            assert_eq!(
                self.seen.get(seq as usize - 1),
                Some(&event),
                "{}: told otherwise before",
                self.name
            );
            self.replayed += 1;
        } else {
            assert_eq!(seq, self.seen.len() as u64 + 1, "{}: no gap, none twice", self.name);
            self.seen.push(event.clone());
        }
        if let Some(id) = reply_to {
            self.acknowledge(id, seq, &event);
        }
    }

    fn acknowledge(&mut self, id: String, seq: u64, event: &ServerMessage) {
        let command = self.pending.pop_front().expect("something pending");
        assert_eq!(command.id.as_ref(), Some(&id), "{}: answers come in order", self.name);
        assert_eq!(self.acknowledged.insert(id, seq), None);
        let Body::Timer { timer, .. } = &event.body else {
            panic!("{event:?}")
        };
        if let Command::Timer(TimerCommand::Create { new, .. }) = command.command {
            assert_eq!(timer.title, new.title);
            self.timers.push((timer.id, TimerStatus::Running));
        }
    }

    /// A command that will succeed: the device alone controls its timers, and its commands apply in order.
    fn invent(&mut self) -> ClientMessage {
        self.made += 1;
        let id = format!("{}-{}", self.name, self.made);
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
