//! A text that is edited where it stands.

use crate::{
    state::Clock,
    texts::{CommonTexts, Text, texts},
};
use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    prelude::*,
};

/// What distinguishes the texts of a page.
#[derive(Clone, Copy)]
pub struct TextField {
    /// The ids of the field and of the button that opens it.
    pub field: &'static str,
    pub button: &'static str,
    pub label: Text,
    /// What the button does.
    pub edit: Text,
    /// The maximum length in characters.
    pub max: usize,
    /// Whether it has several lines.
    pub is_long: bool,
}

/// The text as the children show it, with a button to edit it; or the field. Enter saves (with Ctrl where the text has
/// several lines), Escape leaves the text as it was.
#[component]
pub fn InPlace(
    field: TextField,
    value: Signal<String>,
    #[prop(into)] save: Callback<String>,
    /// Whether the reader may edit it.
    can_edit: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let clock = expect_context::<Clock>();
    let t = texts::<CommonTexts>();
    let draft = RwSignal::new(None::<String>);
    let is_open = Memo::new(move |_| draft.with(Option::is_some));
    let open = move |_| {
        draft.set(Some(value.get_untracked()));
        focus_soon(field.field);
    };
    let close = move || {
        draft.set(None);
        focus_soon(field.button);
    };
    let submit = move || {
        if let Some(text) = draft.get_untracked().filter(|text| *text != value.get_untracked()) {
            save.run(text);
        }
        close();
    };
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        submit();
    };
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        "Escape" => close(),
        "Enter" if field.is_long && (event.ctrl_key() || event.meta_key()) => submit(),
        _ => {}
    };
    let input = move || match field.is_long {
        true => view! {
            <textarea
                id=field.field
                rows="6"
                maxlength=field.max.to_string()
                prop:value=draft.get_untracked().unwrap_or_default()
                on:input:target=move |event| draft.set(Some(event.target().value()))
                on:keydown=on_key
            ></textarea>
        }
        .into_any(),
        false => view! {
            <input
                id=field.field
                type="text"
                autocomplete="off"
                maxlength=field.max.to_string()
                prop:value=draft.get_untracked().unwrap_or_default()
                on:input:target=move |event| draft.set(Some(event.target().value()))
                on:keydown=on_key
            />
        }
        .into_any(),
    };
    let form = move || {
        view! {
            <form class="in-place-form" on:submit=on_submit>
                <label for=field.field>{field.label}</label>
                {input()}
                <div class="in-place-buttons">
                    <button class="button primary" type="submit">
                        {t.save}
                    </button>
                    <button class="button quiet" type="button" on:click=move |_| close()>
                        {t.cancel}
                    </button>
                </div>
            </form>
        }
        .into_any()
    };
    let text = move || {
        let button = can_edit.then(|| {
            view! {
                <button
                    class="button quiet in-place-open"
                    id=field.button
                    type="button"
                    disabled=move || !clock.is_hydrated()
                    on:click=open
                >
                    {field.edit}
                </button>
            }
            .into_any()
        });
        view! { <div class="in-place">{children()} {button}</div> }.into_any()
    };
    view! { {move || if is_open.get() { form() } else { text() }} }.into_any()
}

fn focus_soon(id: &'static str) {
    #[cfg(feature = "hydrate")]
    crate::browser::focus_soon(id);
    #[cfg(not(feature = "hydrate"))]
    let _ = id;
}
