//! Fields and buttons with their labels.

use leptos::prelude::*;

/// A field of a line.
pub fn text_field(
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    placeholder: &'static str,
) -> AnyView {
    view! {
        <div class="pg-field">
            <label for=id>{label}</label>
            <input
                id=id
                type="text"
                autocomplete="off"
                spellcheck="false"
                placeholder=placeholder
                prop:value=move || value.get()
                on:input:target=move |event| value.set(event.target().value())
            />
        </div>
    }
    .into_any()
}

/// A field of several lines; its text may have a fault.
pub fn area(
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    rows: u32,
    is_faulty: impl Fn() -> bool + Send + 'static,
) -> AnyView {
    let value_now = Memo::new(move |_| value.get());
    view! {
        <div class="pg-field">
            <label for=id>{label}</label>
            <textarea
                id=id
                class="pg-code"
                rows=rows
                spellcheck="false"
                aria-invalid=move || is_faulty().to_string()
                prop:value=value_now
                on:input:target=move |event| value.set(event.target().value())
            ></textarea>
        </div>
    }
    .into_any()
}

/// A field for a small whole number.
pub fn number_field(id: &'static str, label: &'static str, value: RwSignal<u32>) -> AnyView {
    view! {
        <div class="pg-field pg-number">
            <label for=id>{label}</label>
            <input
                id=id
                type="number"
                min="1"
                max="1000"
                prop:value=move || value.get().to_string()
                on:input:target=move |event| {
                    if let Ok(number) = event.target().value().parse::<u32>() {
                        value.set(number.clamp(1, 1000));
                    }
                }
            />
        </div>
    }
    .into_any()
}

/// A list of values with their names, of which one is chosen.
pub fn choice(
    id: &'static str,
    label: &'static str,
    value: RwSignal<String>,
    options: impl Fn() -> Vec<(String, String)> + Send + 'static,
) -> AnyView {
    let option = move |(key, name): (String, String)| {
        let is_selected = key == value.get_untracked();
        view! {
            <option value=key selected=is_selected>
                {name}
            </option>
        }
        .into_any()
    };
    view! {
        <div class="pg-field">
            <label for=id>{label}</label>
            <select
                id=id
                prop:value=move || value.get()
                on:change:target=move |event| value.set(event.target().value())
            >
                {move || options().into_iter().map(option).collect_view()}
            </select>
        </div>
    }
    .into_any()
}

/// A switch.
pub fn check(label: &'static str, value: RwSignal<bool>) -> AnyView {
    view! {
        <label class="pg-check">
            <input
                type="checkbox"
                prop:checked=move || value.get()
                on:change:target=move |event| value.set(event.target().checked())
            />
            {label}
        </label>
    }
    .into_any()
}

/// A button.
pub fn button(label: &'static str, act: impl Fn() + 'static) -> AnyView {
    view! {
        <button class="button" type="button" on:click=move |_| act()>
            {label}
        </button>
    }
    .into_any()
}

/// The most important button of a card.
pub fn primary(label: &'static str, act: impl Fn() + 'static) -> AnyView {
    view! {
        <button class="button primary" type="button" on:click=move |_| act()>
            {label}
        </button>
    }
    .into_any()
}

/// A small button within a line.
pub fn link(label: &'static str, act: impl Fn() + 'static) -> AnyView {
    view! {
        <button class="link" type="button" on:click=move |_| act()>
            {label}
        </button>
    }
    .into_any()
}
