//! Opens live pages without a new document. What is around the page stays, such as its sockets.
//!
//! Where anything fails, or the page is not a live one, the browser loads the document as it does without scripts. So
//! links are plain ones; `rel="external"` leaves one to the browser.

#[cfg(feature = "hydrate")]
mod links;
#[cfg(feature = "hydrate")]
mod open;
#[cfg(feature = "hydrate")]
mod place;

#[cfg(feature = "hydrate")]
pub use open::route_of;

use crate::page::Opened;
use leptos::prelude::*;

/// The page that is shown, as a context.
#[derive(Clone, Copy)]
pub struct Navigator {
    shown: RwSignal<Opened>,
    /// See [`Navigator::known_at`].
    known_at: RwSignal<Option<f64>>,
}

impl Navigator {
    pub fn new(first: Opened) -> Self {
        Self {
            shown: RwSignal::new(first),
            known_at: RwSignal::new(None),
        }
    }

    /// The page.
    pub fn shown(self) -> Opened {
        self.shown.get()
    }

    /// The pattern of the page's path.
    pub fn path(self) -> &'static str {
        self.shown.with(|page| page.path)
    }

    /// When what is shown was known last, in milliseconds on the device's clock; `None` while it follows the server.
    pub fn known_at(self) -> Option<f64> {
        self.known_at.get()
    }

    /// Opens a page or any other address.
    pub fn go(self, href: &str) {
        #[cfg(feature = "hydrate")]
        open::go(self, href, open::Entry::Link);
        #[cfg(not(feature = "hydrate"))]
        let _ = href;
    }

    /// Shows the same page with another query (without `?`), keeping the focus and what is typed.
    pub fn set_query(self, query: &str) {
        #[cfg(feature = "hydrate")]
        open::set_query(self, query);
        #[cfg(not(feature = "hydrate"))]
        let _ = query;
    }

    /// Reads the page's data again.
    pub fn refresh(self) {
        #[cfg(feature = "hydrate")]
        open::refresh(self);
    }
}

#[cfg(feature = "hydrate")]
impl Navigator {
    /// Follows links, back and forward, and loads a page's files when its link is hovered or focused.
    pub fn start(self) {
        links::follow(self);
    }

    /// Takes note of when what is shown was known.
    pub fn set_known_at(self, known_at: Option<f64>) {
        if self.known_at.get_untracked() != known_at {
            self.known_at.set(known_at);
        }
    }

    /// Takes note of whether changes are received. Where they are not any more, what is shown is known as of now.
    pub fn set_live(self, is_live: bool) {
        match is_live {
            true => self.set_known_at(None),
            false if self.known_at.get_untracked().is_none() => {
                self.set_known_at(Some(crate::browser::device_millis()))
            }
            false => {}
        }
    }

    /// Shows the page's data with the edits that wait.
    pub fn show_edits(self) {
        self.shown.get_untracked().replace(None, &open::edits());
    }

    /// Reads the page's data again, since it may have changed elsewhere.
    pub fn data_changed(self) {
        if self.shown.with_untracked(|page| page.has_data) {
            open::refresh_soon(self);
        }
    }

    /// Reads the page's data again if it depends on timers.
    pub fn timers_changed(self) {
        if self.shown.with_untracked(|page| page.follows_timers) {
            open::refresh_soon(self);
        }
    }
}
