//! Writes of the REST API that pages make. A write is kept, also in local storage, until the server answers it; so what
//! was done without a network is sent when there is one. Ids of new things are chosen here, so that a write can be sent
//! again.

#[cfg(feature = "hydrate")]
mod request;
#[cfg(feature = "hydrate")]
mod sender;
#[cfg(feature = "hydrate")]
mod storage;

#[cfg(feature = "hydrate")]
pub use sender::{Outcome, edits_of, start, wake};

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// How long a write that can be undone waits, in milliseconds.
pub const UNDO_MILLIS: f64 = 8_000.0;

/// The method of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    Post,
    Put,
    Patch,
    Delete,
}

/// One write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Write {
    pub method: Method,
    /// The path and query, from `/v1`.
    pub path: String,
    /// The body as JSON.
    pub body: Option<String>,
    /// What the reader sees while it can be undone; such a write waits [`UNDO_MILLIS`].
    pub undo: Option<String>,
}

/// A write that waits for its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PendingWrite {
    /// When it was made on the device's clock, and a random part: writes are sent in the order of their ids.
    pub id: String,
    pub write: Write,
    /// The path of the page whose edit it is.
    pub page: String,
    /// That edit as JSON.
    pub edit: Option<String>,
    /// Not to be sent before, in milliseconds on the device's clock.
    pub not_before: f64,
}

impl Write {
    fn new(method: Method, path: impl Into<String>, body: Option<String>) -> Self {
        Self {
            method,
            path: path.into(),
            body,
            undo: None,
        }
    }

    /// A creation. The body has an `id`, so that it can be sent again.
    pub fn post(path: impl Into<String>, body: &impl Serialize) -> Self {
        Self::new(Method::Post, path, to_json(body))
    }

    /// A replacement.
    pub fn put(path: impl Into<String>, body: &impl Serialize) -> Self {
        Self::new(Method::Put, path, to_json(body))
    }

    /// A change of some members.
    pub fn patch(path: impl Into<String>, body: &impl Serialize) -> Self {
        Self::new(Method::Patch, path, to_json(body))
    }

    /// A change of some members, as the text of a JSON object.
    pub fn patch_json(path: impl Into<String>, body: String) -> Self {
        Self::new(Method::Patch, path, Some(body))
    }

    /// A deletion.
    pub fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::Delete, path, None)
    }

    /// Shows a sentence with an offer to undo this, and sends it a few seconds later.
    pub fn undoable(self, sentence: String) -> Self {
        Self {
            undo: Some(sentence),
            ..self
        }
    }
}

fn to_json(body: &impl Serialize) -> Option<String> {
    serde_json::to_string(body).ok()
}

/// The number of writes that wait, as a context.
#[derive(Clone, Copy)]
pub struct Writes(RwSignal<usize>);

impl Writes {
    pub fn new() -> Self {
        Self(RwSignal::new(0))
    }

    /// The number of writes that wait.
    pub fn waiting(self) -> usize {
        self.0.get()
    }

    /// Sends a write.
    pub fn send(write: Write) {
        Self::send_for_page(write, None);
    }

    /// Sends a write, and keeps the edit of the shown page that belongs to it.
    #[cfg(feature = "hydrate")]
    pub fn send_for_page(write: Write, edit: Option<String>) {
        sender::send(write, edit);
    }

    /// Nothing is written on the server.
    #[cfg(not(feature = "hydrate"))]
    pub fn send_for_page(_: Write, _: Option<String>) {}

    /// Takes back a write that was not sent yet.
    pub fn undo(id: &str) {
        #[cfg(feature = "hydrate")]
        sender::undo(id);
        #[cfg(not(feature = "hydrate"))]
        let _ = id;
    }

    #[cfg(feature = "hydrate")]
    fn set(self, waiting: usize) {
        if self.0.get_untracked() != waiting {
            self.0.set(waiting);
        }
    }
}

impl Default for Writes {
    fn default() -> Self {
        Self::new()
    }
}
