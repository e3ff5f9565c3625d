//! What a page asks of the live connection.

use leptos::prelude::*;
use protocol::{id::TimerId, timers::TimerCommand};

/// What the user can ask for.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "nothing moves on the server"))]
pub enum PageCommand {
    Timer(TimerCommand),
    /// Cancels a timer in a few seconds, unless it is undone: its id and what the reader sees meanwhile.
    Cancel(TimerId, String),
    /// Takes a cancellation back.
    KeepTimer(TimerId),
    /// Connect now instead of waiting for the next attempt.
    TryNow,
}

type Handler = Box<dyn Fn(PageCommand) + Send + Sync>;

/// Gives commands to the live connection, as a context.
#[derive(Clone, Copy)]
pub struct Commands(StoredValue<Option<Handler>>);

impl Commands {
    pub(super) fn new() -> Self {
        Self(StoredValue::new(None))
    }

    /// Gives a command. The page shows its effect at once. Before hydration nothing can ask for one.
    pub fn give(self, command: PageCommand) {
        self.0.with_value(|handler| {
            if let Some(handle) = handler {
                handle(command);
            }
        });
    }

    #[cfg(feature = "hydrate")]
    pub(super) fn handle_with(self, handler: impl Fn(PageCommand) + Send + Sync + 'static) {
        self.0.set_value(Some(Box::new(handler)));
    }
}
