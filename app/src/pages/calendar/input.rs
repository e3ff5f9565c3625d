//! Clicks, keys and pointers of the page. They are handled once for all entries, which name what they do in `data-act`
//! and `data-grip`. Nothing happens on the server.

#[cfg(feature = "hydrate")]
mod clicks;
#[cfg(feature = "hydrate")]
mod focus;
#[cfg(feature = "hydrate")]
mod keys;
#[cfg(feature = "hydrate")]
mod pointer;
#[cfg(feature = "hydrate")]
mod preview;

#[cfg(feature = "hydrate")]
pub use self::{
    clicks::on_click,
    focus::{focus_entry, focus_soon, on_blur, on_focus, start},
    keys::on_key,
    pointer::{on_pointer_cancel, on_pointer_down, on_pointer_move, on_pointer_up},
};
#[cfg(not(feature = "hydrate"))]
pub use server::*;

/// The panel of an entry.
pub const PANEL: &str = "cal-panel";
/// The button that begins a new entry.
pub const NEW: &str = "cal-new";
/// The form's first field.
pub const TITLE: &str = "cal-title";

#[cfg(not(feature = "hydrate"))]
mod server {
    use crate::pages::calendar::{actions::Calendar, data::Key};
    use leptos::ev::{FocusEvent, KeyboardEvent, MouseEvent, PointerEvent};

    pub fn start(_: Calendar) {}

    pub fn on_click(_: Calendar, _: &MouseEvent) {}

    pub fn on_key(_: Calendar, _: &KeyboardEvent) {}

    pub fn on_focus(_: Calendar, _: &FocusEvent) {}

    pub fn on_blur(_: Calendar, _: &FocusEvent) {}

    pub fn on_pointer_down(_: Calendar, _: &PointerEvent) {}

    pub fn on_pointer_move(_: Calendar, _: &PointerEvent) {}

    pub fn on_pointer_up(_: Calendar) {}

    pub fn on_pointer_cancel(_: Calendar) {}

    pub fn focus_soon(_: &'static str) {}

    pub fn focus_entry(_: Key) {}
}
