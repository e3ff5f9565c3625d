//! Messages to the reader.

use crate::live::EndOffer;
use leptos::prelude::*;
use protocol::id::TimerId;

/// The maximum number of alerts at a time; the oldest gives way.
#[cfg(feature = "hydrate")]
const MAX_ALERTS: usize = 3;

/// A message that is shown until it is dismissed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Identifies the alert.
    pub key: u64,
    pub text: String,
    /// What the reader can do about it.
    pub offer: Option<Offer>,
}

/// What an alert offers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "nothing moves on the server"))]
pub enum Offer {
    /// Another end of a timer.
    End(EndOffer),
    /// To undo what was just done: the id of the pending write.
    Undo(String),
    /// To keep a timer that was just cancelled.
    Keep(TimerId),
}

/// The alerts, and the text for screen readers, as a context.
#[derive(Clone, Copy)]
pub struct Alerts {
    list: RwSignal<Vec<Alert>>,
    announcement: RwSignal<String>,
    #[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "nothing moves on the server"))]
    last_key: StoredValue<u64>,
}

impl Alerts {
    pub(super) fn new() -> Self {
        Self {
            list: RwSignal::new(Vec::new()),
            announcement: RwSignal::new(String::new()),
            last_key: StoredValue::new(0),
        }
    }

    /// The alerts, the oldest first.
    pub fn list(self) -> Vec<Alert> {
        self.list.get()
    }

    /// The latest text for screen readers (a live region).
    pub fn announcement(self) -> String {
        self.announcement.get()
    }

    /// Removes an alert.
    pub fn dismiss(self, key: u64) {
        self.list.update(|alerts| alerts.retain(|alert| alert.key != key));
    }

    /// Shows a message until it is dismissed, by the returned key. One that is already shown is not added again; their
    /// number is bounded.
    #[cfg(feature = "hydrate")]
    pub(super) fn show(self, text: String, offer: Option<Offer>) -> u64 {
        let key = self.last_key.get_value() + 1;
        self.last_key.set_value(key);
        self.list.update(|alerts| {
            alerts.retain(|alert| alert.text != text || alert.offer != offer);
            alerts.push(Alert { key, text, offer });
            if alerts.len() > MAX_ALERTS {
                alerts.remove(0);
            }
        });
        key
    }

    #[cfg(feature = "hydrate")]
    pub(super) fn announce(self, text: String) {
        self.announcement.set(text);
    }
}
