//! The browser's other tabs: the lock that one of them has, and the channel between them.

use super::{
    Event,
    channel::Channel,
    lock::{self, Lock, LockEvent, Request},
};
use crate::{
    browser,
    live::{
        election::{Election, ElectionEffect, ElectionInput},
        live_protocol::LiveProtocol,
        machine::Frame,
    },
};
use futures_channel::mpsc::UnboundedSender;

/// How long a tab counts as watched after another tab, which somebody sees, asked it: a few of its intervals.
const WATCHED_MILLIS: f64 = 3_000.0;

/// This tab among the others.
pub struct Tabs {
    name: String,
    election: Election,
    channel: Option<Channel>,
    lock: Option<Lock>,
    on_lock: std::rc::Rc<dyn Fn(LockEvent)>,
    probed_at: f64,
}

impl Tabs {
    /// Opens the channel of this name, which is also that of the lock.
    pub fn open<P: LiveProtocol + 'static>(name: &str, events: &UnboundedSender<Event<P>>) -> Self {
        let (frames, locks) = (events.clone(), events.clone());
        let channel = lock::is_supported().then(|| {
            Channel::open(name, move |frame| {
                let _ = frames.unbounded_send(Event::Frame(frame));
            })
        });
        Self {
            name: name.to_owned(),
            election: Election::default(),
            channel: channel.and_then(Result::ok),
            lock: None,
            on_lock: std::rc::Rc::new(move |event| {
                let _ = locks.unbounded_send(Event::Election(match event {
                    LockEvent::Granted => ElectionInput::Granted,
                    LockEvent::Lost => ElectionInput::Lost,
                }));
            }),
            probed_at: f64::MIN,
        }
    }

    /// Whether the browser has what tabs need to share a connection.
    pub fn is_supported(&self) -> bool {
        self.channel.is_some()
    }

    /// Sends a frame to the other tabs.
    pub fn post(&self, frame: &Frame) {
        if let Some(channel) = &self.channel {
            channel.post(frame);
        }
    }

    /// Another tab, which somebody sees, depends on this one.
    pub fn note_probe(&mut self) {
        self.probed_at = browser::device_millis();
    }

    /// Whether somebody sees a tab that depends on this one.
    pub fn is_watched(&self) -> bool {
        (browser::device_millis() - self.probed_at).abs() < WATCHED_MILLIS
    }

    /// Handles an event of the election. Returns the effects that concern more than the lock and the channel, too.
    pub fn step(&mut self, input: ElectionInput) -> Vec<ElectionEffect> {
        let effects = self.election.step(input, browser::is_visible(), browser::random());
        for effect in &effects {
            match effect {
                ElectionEffect::Queue => self.request(Request::Queue),
                ElectionEffect::Steal => self.request(Request::Steal),
                ElectionEffect::Release => self.lock = None,
                ElectionEffect::Probe => self.post(&Frame::Probe),
                ElectionEffect::Answer => self.post(&Frame::Alive),
                _ => {}
            }
        }
        effects
    }

    fn request(&mut self, how: Request) {
        // The former request first, so that this tab has one at a time.
        self.lock = None;
        let on_lock = self.on_lock.clone();
        self.lock = Some(Lock::new(&self.name, how, move |event| on_lock(event)));
    }
}
