//! Connects the contexts to the live connection: what the connection reports becomes visible, and what the user asks
//! for becomes its input.

use super::{PageCommand, PageState, ticker::Ticker};
use crate::{
    api, browser,
    live::{self, LiveView, Machine, Outbox, ServerClock, TimerNotice, Timers},
    snapshot::TimersSnapshot,
    text,
};
use leptos::{prelude::*, task::spawn_local};
use protocol::timers::TimerCommand;

/// Starts the live connection once the page is hydrated, whose first view must equal the server's.
pub fn start_after_hydration(state: PageState, timers: Timers) {
    let timers = StoredValue::new_local(Some(timers));
    Effect::new(move |_| {
        let Some(timers) = timers.try_update_value(Option::take).flatten() else {
            return;
        };
        let owner = Owner::current().unwrap_or_default();
        spawn_local(async move {
            browser::next_task().await;
            owner.with(|| start(state, timers));
        });
    });
}

fn start(state: PageState, timers: Timers) {
    state.clock.set_hydrated();
    browser::remember_time_zone();
    let clock = ServerClock::new(state.clock.rendered_at(), browser::page_received_millis());
    state.clock.set_server(&clock);
    let view = TimersView {
        state,
        ticker: Ticker::new(state),
    };
    view.ticker.repaint();
    let inputs = live::start(
        Machine::new(
            timers,
            clock,
            browser::random_uuid().to_string(),
            browser::device_millis(),
        ),
        view,
    );
    state.commands.handle_with(move |command| match command {
        PageCommand::Timer(command) => inputs.command(command),
        PageCommand::TryNow => inputs.awake(),
    });
}

/// The timers page, as the live connection sees it.
#[derive(Clone, Copy)]
struct TimersView {
    state: PageState,
    ticker: Ticker,
}

impl LiveView<Timers> for TimersView {
    async fn fetch(self) -> Result<Option<TimersSnapshot>, api::PageError> {
        api::timers().await
    }

    fn notify(self, notice: TimerNotice) {
        let alerts = self.state.alerts;
        match notice {
            TimerNotice::Refused(error) => alerts.show(text::refusal(&error), None),
            TimerNotice::EndedElsewhere(offer) => {
                let here = self.state.clock.local(offer.stopped_here);
                let there = self.state.clock.local(offer.ended_at);
                let title = text::title(offer.title.as_deref());
                alerts.show(text::ended_elsewhere(title, there, here), Some(offer));
            }
            TimerNotice::Changed(title, action) => alerts.announce(text::news(title.as_deref(), action)),
            TimerNotice::Dropped(_) => alerts.show(
                "Some changes from more than a day ago never reached the server, and were dropped.".to_owned(),
                None,
            ),
        }
    }

    fn show(self, machine: &mut Machine<Timers>) {
        let state = self.state;
        state.connection.set(machine.status(), machine.outbox().len());
        let is_adjusted = state.clock.set_server(machine.clock());
        let changes = machine.protocol_mut().take_changes();
        if changes.friends {
            state.friends.set(machine.protocol().friends().clone());
        }
        let are_timers_changed = changes.all || !changes.timers.is_empty();
        if are_timers_changed {
            let outbox: &Outbox<TimerCommand> = machine.outbox();
            state
                .timers
                .update(machine.protocol(), outbox, changes, state.clock.server_now());
        }
        if is_adjusted || are_timers_changed {
            self.ticker.repaint();
        }
    }

    fn awake(self) {
        self.ticker.repaint();
    }
}
