//! Dialogs above the page: the palette and the list of shortcuts.

use super::{icon::Icon, palette::Palette, shortcuts::Shortcuts};
use crate::texts::{CommonTexts, LayoutTexts, texts};
use leptos::{html::Dialog, prelude::*};

/// What is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    Palette,
    Help,
}

/// Opens and closes the dialogs, as a context.
#[derive(Clone, Copy)]
pub struct Overlays(RwSignal<Option<Opened>>);

impl Overlays {
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    pub fn open_palette(self) {
        self.0.set(Some(Opened::Palette));
    }

    #[cfg_attr(not(feature = "hydrate"), allow(dead_code, reason = "no keys on the server"))]
    pub fn open_help(self) {
        self.0.set(Some(Opened::Help));
    }

    pub fn close(self) {
        self.0.set(None);
    }

    /// Whether a dialog is open, without being called again.
    #[cfg(feature = "hydrate")]
    pub fn is_open(self) -> bool {
        self.0.with_untracked(Option::is_some)
    }
}

/// The dialog that is open.
#[component]
pub fn Overlay(overlays: Overlays) -> impl IntoView {
    let t = texts::<LayoutTexts>();
    move || match overlays.0.get() {
        Some(Opened::Palette) => view! {
            <Modal overlays label=t.palette>
                <Palette />
            </Modal>
        }
        .into_any(),
        Some(Opened::Help) => view! {
            <Modal overlays label=t.help>
                <Shortcuts />
            </Modal>
        }
        .into_any(),
        None => ().into_any(),
    }
}

/// A dialog that closes by Escape, by its button, and by a click beside it.
#[component]
fn Modal(overlays: Overlays, label: &'static str, children: Children) -> impl IntoView {
    let close = texts::<CommonTexts>().close;
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            let _ = dialog.show_modal();
        }
    });
    let on_click = move |event: leptos::ev::MouseEvent| {
        // Only the backdrop's clicks have the dialog itself as their target.
        if dialog
            .get_untracked()
            .is_some_and(|dialog| event.target().as_ref() == Some(dialog.as_ref()))
        {
            overlays.close();
        }
    };
    view! {
        <dialog class="modal" node_ref=dialog aria-label=label on:close=move |_| overlays.close() on:click=on_click>
            <button class="icon-button modal-close" type="button" aria-label=close on:click=move |_| overlays.close()>
                {Icon::Close.view()}
            </button>
            {children()}
        </dialog>
    }
    .into_any()
}
