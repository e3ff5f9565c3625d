//! What the components see of the live half: signals to read, and wishes to utter.

use super::{Shown, Status, clock::ServerClock, state::LiveState};
use crate::{friends::Friends, links::Links, local_time::UtcOffsets, snapshot::TimersSnapshot};
use leptos::prelude::*;
use protocol::{
    id::{TagId, TimerId},
    time::Timestamp,
    timers::{Action, NewTimer},
};

/// What a person may wish for.
#[derive(Clone, Debug)]
pub enum Wish {
    /// Start a timer with these tags.
    Create(NewTimer, Vec<TagId>),
    /// Do something to one.
    Act(Action, TimerId),
    /// Do not wait for the next attempt to connect.
    TryNow,
}

/// Something the person must know, until they have read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Tells alerts apart.
    pub key: u64,
    pub text: String,
}

type WishHandler = Box<dyn Fn(Wish) + Send + Sync>;

/// The live half as a Leptos context. On the server it holds what the page is rendered from, and nothing moves.
#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "nothing moves"))]
pub struct Live {
    /// What is known and what waits.
    pub(super) state: RwSignal<LiveState>,
    pub(super) clock: StoredValue<ServerClock>,
    /// Who fulfils wishes; nobody before hydration.
    pub(super) handler: StoredValue<Option<WishHandler>>,
    /// How the page stands with the server.
    pub status: RwSignal<Status>,
    /// The server's time, set when something that is shown changes by itself.
    pub now: RwSignal<Timestamp>,
    /// The first instant of today where the reader is.
    pub day_start: RwSignal<Timestamp>,
    /// The reader's offsets from UTC as the server knew them.
    pub utc_offsets: StoredValue<UtcOffsets>,
    /// What the person must know.
    pub alerts: RwSignal<Vec<Alert>>,
    /// What is said to somebody who does not see the page.
    pub announcement: RwSignal<String>,
    /// Whether scripts run: before that nothing can be clicked, and local times are not known.
    pub hydrated: RwSignal<bool>,
    /// All timers, newest first.
    pub timers: Memo<Vec<Shown>>,
    /// Whether more timers have ended than are listed.
    pub has_more_ended: Memo<bool>,
    /// What timers are linked to, and what new ones can be linked to.
    pub links: Memo<Links>,
    /// What friends do.
    pub friends: RwSignal<Friends>,
    /// How many commands wait for their answer.
    pub waiting: Memo<usize>,
}

impl Live {
    /// Begins with what the server rendered: the first view of the browser is exactly the server's.
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

    /// Asks for something. It shows at once; the server's answer follows.
    pub fn wish(&self, wish: Wish) {
        self.handler.with_value(|handler| {
            if let Some(handle) = handler {
                handle(wish);
            }
        });
    }

    /// Shows a sentence until it is dismissed. The same one is not shown twice at a time, and not more than a few.
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

    /// Takes a sentence away.
    pub fn dismiss(&self, key: u64) {
        self.alerts.update(|alerts| alerts.retain(|alert| alert.key != key));
    }
}
