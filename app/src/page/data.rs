//! A live page's data, and the changes that a user makes to it.

use leptos::prelude::*;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::marker::PhantomData;

/// A change of a page's data, which is shown before the server has it. It is kept with the write that it belongs to, so
/// that a page that is loaded anew shows it as well.
pub trait Edit<D>: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Makes the change. What it changes may be gone.
    fn apply(&self, data: &mut D);
}

/// The edit of a page that changes nothing of its own data.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum NoEdit {}

impl<D> Edit<D> for NoEdit {
    fn apply(&self, _: &mut D) {
        match *self {}
    }
}

/// The data of the page that is shown: what the server said last, with the user's changes that wait.
pub struct PageData<D: 'static, E: 'static> {
    shown: RwSignal<D>,
    edit: PhantomData<fn(E)>,
}

impl<D, E> Clone for PageData<D, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D, E> Copy for PageData<D, E> {}

impl<D: Clone + Send + Sync + 'static, E: Edit<D>> PageData<D, E> {
    pub(super) fn new(shown: ArcRwSignal<D>) -> Self {
        Self {
            shown: RwSignal::from(shown),
            edit: PhantomData,
        }
    }

    /// The data.
    pub fn get(self) -> D {
        self.shown.get()
    }

    /// Reads a part of the data.
    pub fn with<T>(self, read: impl FnOnce(&D) -> T) -> T {
        self.shown.with(read)
    }

    /// Reads a part of the data, without being called again when it changes.
    pub fn with_untracked<T>(self, read: impl FnOnce(&D) -> T) -> T {
        self.shown.with_untracked(read)
    }

    /// Shows a change at once, and sends the write that makes it.
    pub fn edit(self, edit: E, write: crate::writes::Write) {
        self.shown.update(|data| edit.apply(data));
        let kept = serde_json::to_string(&edit).ok();
        crate::writes::Writes::send_for_page(write, kept);
    }
}
