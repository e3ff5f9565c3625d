//! Messages to the reader.

use crate::live::EndOffer;
use leptos::prelude::*;

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
    pub offer: Option<EndOffer>,
}

/// The alerts, and the text for screen readers, as a context.
#[derive(Clone, Copy)]
pub struct Alerts {
    list: RwSignal<Vec<Alert>>,
    announcement: RwSignal<String>,
}

impl Alerts {
    pub(super) fn new() -> Self {
        Self {
            list: RwSignal::new(Vec::new()),
            announcement: RwSignal::new(String::new()),
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

    /// Shows a message until it is dismissed. One that is already shown is not added again; their number is bounded.
    #[cfg(feature = "hydrate")]
    pub(super) fn show(self, text: String, offer: Option<EndOffer>) {
        self.list.update(|alerts| {
            alerts.retain(|alert| alert.text != text);
            let key = alerts.iter().map(|alert| alert.key).max().unwrap_or(0) + 1;
            alerts.push(Alert { key, text, offer });
            if alerts.len() > MAX_ALERTS {
                alerts.remove(0);
            }
        });
    }

    #[cfg(feature = "hydrate")]
    pub(super) fn announce(self, text: String) {
        self.announcement.set(text);
    }
}
