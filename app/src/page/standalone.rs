//! Pages for developers.

use leptos::prelude::*;

/// A page for developers that the browser hydrates: without data, without an account, and outside the layout, so that no live
/// connection but its own is open. It is part of builds for development only.
pub trait StandalonePage: 'static {
    /// The path of the document.
    const PATH: &'static str;

    /// The content of the document's `body`: the same in the server's document and in the browser.
    fn view() -> AnyView;
}
