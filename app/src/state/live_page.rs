//! Connects the contexts to the live connection: what the connection reports becomes visible, and what the user asks
//! for becomes its input.

use super::{Offer, PageCommand, PageState, held::HeldCancels, ticker::Ticker};
use crate::{
    api, browser,
    live::{self, LiveProtocol, LiveView, Machine, Outbox, ServerClock, Status, TimerNotice, Timers},
    locale::Locale,
    snapshot::TimersSnapshot,
    texts::NoticeTexts,
    writes,
};
use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local};
use protocol::timers::TimerCommand;
use std::rc::Rc;

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

fn start(state: PageState, mut timers: Timers) {
    state.clock.set_hydrated();
    browser::remember_time_zone();
    if browser::document_kept_at().is_some() {
        timers.set_old();
    }
    let received = browser::page_received_millis();
    state.navigator.set_known_at(Some(received));
    let clock = ServerClock::new(state.clock.rendered_at(), received);
    state.clock.set_server(&clock);
    let locale = Locale::current();
    let view = TimersView {
        state,
        locale,
        ticker: Ticker::new(state),
    };
    view.ticker.repaint();
    let user = timers_user(&timers);
    let inputs = live::start(
        Machine::new(
            timers,
            clock,
            browser::random_uuid().to_string(),
            browser::device_millis(),
        ),
        view,
    );
    let inputs = Rc::new(inputs);
    let cancels = StoredValue::new_local(HeldCancels::new(state, inputs.clone()));
    let inputs = StoredValue::new_local(inputs);
    let tokens = inputs.with_value(|inputs| inputs.tokens());
    writes::start(&user, tokens, state.writes, move |outcome| {
        on_write(state, locale, outcome)
    });
    state.commands.handle_with(move |command| match command {
        PageCommand::Timer(command) => inputs.with_value(|inputs| inputs.command(command)),
        PageCommand::TryNow => inputs.with_value(|inputs| inputs.awake()),
        PageCommand::Cancel(timer_id, sentence) => cancels.with_value(|cancels| cancels.hold(timer_id, sentence)),
        PageCommand::KeepTimer(timer_id) => cancels.with_value(|cancels| cancels.undo(timer_id)),
    });
}

fn timers_user(timers: &Timers) -> String {
    timers.user().to_string()
}

/// Shows what became of the writes of pages.
fn on_write(state: PageState, locale: Locale, outcome: writes::Outcome) {
    use writes::Outcome;
    let alerts = state.alerts;
    match outcome {
        Outcome::Changed => state.navigator.show_edits(),
        Outcome::Drained => state.navigator.refresh(),
        Outcome::Refused(message) => {
            alerts.show((locale.texts::<NoticeTexts>().write_refused)(&message), None);
        }
        Outcome::Undoable(sentence, id) => {
            let key = alerts.show(sentence, Some(Offer::Undo(id)));
            let gone = Timeout::new(writes::UNDO_MILLIS as u32, move || alerts.dismiss(key));
            gone.forget();
        }
    }
}

/// The timers page, as the live connection sees it.
#[derive(Clone, Copy)]
struct TimersView {
    state: PageState,
    locale: Locale,
    ticker: Ticker,
}

impl LiveView<Timers> for TimersView {
    async fn fetch(self) -> Result<Option<TimersSnapshot>, api::PageError> {
        api::timers().await
    }

    fn notify(self, notice: TimerNotice) {
        let (alerts, locale) = (self.state.alerts, self.locale);
        let t = locale.texts::<NoticeTexts>();
        match notice {
            TimerNotice::Refused(error) => drop(alerts.show((t.refusal)(error.reason, &error.message), None)),
            TimerNotice::EndedElsewhere(offer) => {
                let here = self.state.clock.local(offer.stopped_here);
                let there = self.state.clock.local(offer.ended_at);
                let title = locale.title(offer.title.as_deref());
                let is_another_day = there.days_since(here) != 0;
                let text = (t.ended_elsewhere)(title, &locale.time(there), is_another_day, &locale.time(here));
                alerts.show(text, Some(Offer::End(offer)));
            }
            TimerNotice::Changed(title, action) => {
                alerts.announce((t.news)(locale.title(title.as_deref()), action));
            }
            TimerNotice::Dropped(_) => drop(alerts.show(t.dropped.to_owned(), None)),
        }
    }

    fn show(self, machine: &mut Machine<Timers>) {
        let (state, status) = (self.state, machine.status());
        state.connection.set(status, machine.outbox().len());
        self.ticker.set_leader(machine.is_leader());
        state.navigator.set_live(status == Status::Live);
        let is_adjusted = state.clock.set_server(machine.clock());
        let is_connected = state.connection.became_live();
        let changes = machine.protocol_mut().take_changes();
        if changes.data || is_connected {
            state.navigator.data_changed();
        }
        if changes.unread {
            state.unread.set(machine.protocol().unread());
        }
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
        if are_timers_changed {
            state.navigator.timers_changed();
        }
        // A page that is not for this user any more is not kept.
        if are_timers_changed || is_connected || status == Status::SignedOut {
            browser::shown_changed();
        }
        if is_adjusted || are_timers_changed {
            self.ticker.repaint();
        }
    }

    fn awake(self) {
        writes::wake();
        self.ticker.repaint();
    }
}
