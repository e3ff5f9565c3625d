//! Cancelled timers, as long as that can be undone: the page does not show them, and the command is given when the time
//! for it is over or the page is left.

use super::{Offer, PageState};
use crate::{
    live::{Inputs, Timers},
    writes::UNDO_MILLIS,
};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use protocol::{
    id::TimerId,
    time::Timestamp,
    timers::{Action, TimerCommand},
};
use std::{cell::RefCell, rc::Rc};

/// One cancelled timer.
struct Held {
    timer_id: TimerId,
    cancelled_at: Timestamp,
    alert: u64,
    /// Gives the command; dropping it does not.
    _due: Timeout,
}

/// The cancelled timers of this page.
#[derive(Clone)]
pub struct HeldCancels {
    state: PageState,
    inputs: Rc<Inputs<Timers>>,
    held: Rc<RefCell<Vec<Held>>>,
}

impl HeldCancels {
    pub fn new(state: PageState, inputs: Rc<Inputs<Timers>>) -> Self {
        let cancels = Self {
            state,
            inputs,
            held: Rc::default(),
        };
        // A page that is hidden may never be shown again.
        let hidden = cancels.clone();
        for event in ["pagehide", "visibilitychange"] {
            let hidden = hidden.clone();
            let listener = window_event_listener_untyped(event, move |event| {
                if event.type_() == "pagehide" || !crate::browser::is_visible() {
                    hidden.give_all();
                }
            });
            std::mem::forget(listener);
        }
        cancels
    }

    /// Hides a timer, and cancels it in a few seconds.
    pub fn hold(&self, timer_id: TimerId, sentence: String) {
        let alert = self.state.alerts.show(sentence, Some(Offer::Keep(timer_id)));
        let due = self.clone();
        let held = Held {
            timer_id,
            cancelled_at: self.state.clock.server_now(),
            alert,
            _due: Timeout::new(UNDO_MILLIS as u32, move || due.give(timer_id)),
        };
        self.held.borrow_mut().push(held);
        self.show();
    }

    /// Shows the timer again.
    pub fn undo(&self, timer_id: TimerId) {
        if let Some(held) = self.take(timer_id) {
            self.state.alerts.dismiss(held.alert);
            self.show();
        }
    }

    fn give(&self, timer_id: TimerId) {
        if let Some(held) = self.take(timer_id) {
            self.state.alerts.dismiss(held.alert);
            let command = TimerCommand::Act {
                action: Action::Cancel,
                timer_id,
            };
            self.inputs.held_command(command, held.cancelled_at);
            self.show();
        }
    }

    fn give_all(&self) {
        let ids: Vec<TimerId> = self.held.borrow().iter().map(|held| held.timer_id).collect();
        ids.into_iter().for_each(|id| self.give(id));
    }

    fn take(&self, timer_id: TimerId) -> Option<Held> {
        let mut held = self.held.borrow_mut();
        let index = held.iter().position(|held| held.timer_id == timer_id)?;
        Some(held.remove(index))
    }

    fn show(&self) {
        let ids = self.held.borrow().iter().map(|held| held.timer_id).collect();
        self.state.timers.hide(ids);
    }
}
