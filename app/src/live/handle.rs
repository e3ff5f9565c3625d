//! The components' interface to the live connection: signals to read, and wishes to send.

use super::{Status, TimerItem, clock::ServerClock, state::LiveState};
use crate::{friends::Friends, links::Links, local_time::UtcOffsets, snapshot::TimersSnapshot};
use leptos::prelude::*;
use protocol::{
    id::{TagId, TimerId},
    time::Timestamp,
    timers::{Action, NewTimer},
};

/// What the user can ask for.
#[derive(Clone, Debug)]
pub enum Wish {
    /// Start a timer with these tags.
    Create(NewTimer, Vec<TagId>),
    /// Apply an action to a timer.
    Act(Action, TimerId),
    /// Connect now instead of waiting for the next attempt.
    TryNow,
}

/// A message that is shown until it is dismissed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Identifies the alert.
    pub key: u64,
    pub text: String,
}

type WishHandler = Box<dyn Fn(Wish) + Send + Sync>;

/// The live connection as a Leptos context. On the server it holds the data that the page is rendered from.
#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "nothing moves"))]
pub struct Live {
    /// Confirmed timers and pending commands.
    pub(super) state: RwSignal<LiveState>,
    pub(super) clock: StoredValue<ServerClock>,
    /// Handles wishes; `None` before hydration.
    pub(super) handler: StoredValue<Option<WishHandler>>,
    /// The connection status.
    pub status: RwSignal<Status>,
    /// The server's time, updated when something that is shown changes with time.
    pub now: RwSignal<Timestamp>,
    /// The first instant of today in the reader's timezone.
    pub day_start: RwSignal<Timestamp>,
    /// The offsets of the reader's timezone, as computed by the server.
    pub utc_offsets: StoredValue<UtcOffsets>,
    pub alerts: RwSignal<Vec<Alert>>,
    /// Text for screen readers (a live region).
    pub announcement: RwSignal<String>,
    /// Whether scripts run: until then controls are disabled, and the device's timezone is unknown.
    pub hydrated: RwSignal<bool>,
    /// All timers, newest first.
    pub timers: Memo<Vec<TimerItem>>,
    /// Whether there are more ended timers than are listed.
    pub has_more_ended: Memo<bool>,
    /// The links of timers, and the choices for new ones.
    pub links: Memo<Links>,
    /// Friends' activity.
    pub friends: RwSignal<Friends>,
    /// Number of commands without an answer.
    pub waiting: Memo<usize>,
}

impl Live {
    /// Starts from the snapshot that the server rendered, so that hydration finds the same view.
    pub fn new(snapshot: TimersSnapshot) -> Self {
        let (now, day_start) = (snapshot.now, snapshot.day_start);
        let friends = RwSignal::new(snapshot.friends.clone());
        let utc_offsets = StoredValue::new(snapshot.utc_offsets.clone());
        let state = RwSignal::new(LiveState::new(snapshot));
        Self {
            state,
            clock: StoredValue::new(ServerClock::new(now, now.millis() as f64)),
            handler: StoredValue::new(None),
            status: RwSignal::new(Status::Connecting),
            now: RwSignal::new(now),
            day_start: RwSignal::new(day_start),
            utc_offsets,
            alerts: RwSignal::new(Vec::new()),
            announcement: RwSignal::new(String::new()),
            hydrated: RwSignal::new(false),
            timers: Memo::new(move |_| state.with(LiveState::view)),
            has_more_ended: Memo::new(move |_| state.with(LiveState::has_more_ended)),
            links: Memo::new(move |_| state.with(|state| state.links().clone())),
            friends,
            waiting: Memo::new(move |_| state.with(|state| state.pending().len())),
        }
    }

    /// Sends a wish to the connection. The page shows its effect at once.
    pub fn wish(&self, wish: Wish) {
        self.handler.with_value(|handler| {
            if let Some(handle) = handler {
                handle(wish);
            }
        });
    }

    /// Shows a message until it is dismissed. A message that is already shown is not added again; their number is
    /// bounded.
    pub fn alert(&self, text: impl Into<String>) {
        let text = text.into();
        self.alerts.update(|alerts| {
            alerts.retain(|alert| alert.text != text);
            let key = alerts.iter().map(|alert| alert.key).max().unwrap_or(0) + 1;
            alerts.push(Alert { key, text });
            if alerts.len() > 3 {
                alerts.remove(0);
            }
        });
    }

    /// Removes a message.
    pub fn dismiss(&self, key: u64) {
        self.alerts.update(|alerts| alerts.retain(|alert| alert.key != key));
    }
}
