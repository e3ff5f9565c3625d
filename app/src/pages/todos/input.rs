//! Clicks, keys and pointers of the page. They are handled once for all rows, which name what they do in `data-act`.
//! Nothing happens on the server.

#[cfg(feature = "hydrate")]
mod clicks;
#[cfg(feature = "hydrate")]
mod drag;
#[cfg(feature = "hydrate")]
mod focus;
#[cfg(feature = "hydrate")]
mod keys;

#[cfg(feature = "hydrate")]
pub use self::{
    clicks::on_click,
    drag::{on_pointer_cancel, on_pointer_down, on_pointer_move, on_pointer_up},
    focus::{focus_row, focus_soon, on_blur, on_focus},
    keys::{on_key, start},
};
#[cfg(feature = "hydrate")]
pub use crate::browser::instant_of_local;
#[cfg(not(feature = "hydrate"))]
pub use server::*;

/// The field that adds todos.
pub const ADD_ID: &str = "todo-add-title";
/// The panel's first field.
pub const TITLE_ID: &str = "todo-panel-title";
/// The button that opens the form of a time in the calendar.
pub const PLAN_ID: &str = "todo-plan";

#[cfg(not(feature = "hydrate"))]
mod server {
    use crate::pages::todos::actions::Todos;
    use leptos::ev::{FocusEvent, KeyboardEvent, MouseEvent, PointerEvent};
    use protocol::time::Timestamp;

    pub fn start(_: Todos) {}

    pub fn on_click(_: Todos, _: &MouseEvent) {}

    pub fn on_key(_: Todos, _: &KeyboardEvent) {}

    pub fn on_focus(_: Todos, _: &FocusEvent) {}

    pub fn on_blur(_: Todos, _: &FocusEvent) {}

    pub fn on_pointer_down(_: Todos, _: &PointerEvent) {}

    pub fn on_pointer_move(_: Todos, _: &PointerEvent) {}

    pub fn on_pointer_up(_: Todos) {}

    pub fn on_pointer_cancel(_: Todos) {}

    pub fn focus_soon(_: &'static str) {}

    pub fn instant_of_local(_: &str) -> Option<Timestamp> {
        None
    }
}
