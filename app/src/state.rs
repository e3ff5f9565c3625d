//! What the signed-in pages show, as Leptos contexts by concern. Only the live connection changes it; components read.

mod alerts;
mod clock;
mod commands;
mod connection;
mod friends;
#[cfg(feature = "hydrate")]
mod held;
#[cfg(feature = "hydrate")]
mod live_page;
mod local_times;
#[cfg(feature = "hydrate")]
mod ringer;
#[cfg(feature = "hydrate")]
mod ticker;
mod timers;
mod unread;
#[cfg(feature = "hydrate")]
mod waker;

pub use alerts::{Alert, Alerts, Offer};
pub use clock::Clock;
pub use commands::{Commands, PageCommand};
pub use connection::Connection;
pub use friends::FriendsActivity;
pub use local_times::LocalTimes;
pub use timers::{TimerEntry, TimerList};
pub use unread::UnreadCount;

use crate::{live::Timers, navigation::Navigator, snapshot::TimersSnapshot, writes::Writes};
use leptos::prelude::*;
use protocol::preferences::Preferences;

/// All contexts.
#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "nothing moves on the server"))]
pub struct PageState {
    pub alerts: Alerts,
    pub clock: Clock,
    pub commands: Commands,
    pub connection: Connection,
    pub friends: FriendsActivity,
    pub navigator: Navigator,
    pub timers: TimerList,
    pub unread: UnreadCount,
    /// As they were when the page was rendered.
    pub preferences: StoredValue<Preferences>,
    pub writes: Writes,
}

/// Provides the contexts from the snapshot that the server rendered, so that hydration finds the same view. In the
/// browser the live connection starts after hydration.
pub fn provide_page_state(snapshot: TimersSnapshot, preferences: Preferences, navigator: Navigator) -> PageState {
    let clock = Clock::new(&snapshot, preferences.time_zone.is_some());
    let now = snapshot.now;
    let timers = Timers::new(snapshot);
    let state = PageState {
        alerts: Alerts::new(),
        clock,
        commands: Commands::new(),
        connection: Connection::new(),
        friends: FriendsActivity::new(timers.friends().clone()),
        navigator,
        timers: TimerList::new(&timers, now),
        unread: UnreadCount::new(timers.unread()),
        preferences: StoredValue::new(preferences),
        writes: Writes::new(),
    };
    provide_context(state.alerts);
    provide_context(state.clock);
    provide_context(state.commands);
    provide_context(state.connection);
    provide_context(state.friends);
    provide_context(state.timers);
    provide_context(state.unread);
    provide_context(state.writes);
    provide_context(state.preferences);
    #[cfg(feature = "hydrate")]
    live_page::start_after_hydration(state, timers);
    state
}
