//! A choice of one of a few values.

use super::{Data, SettingsData, SettingsEdit};
use crate::state::Clock;
use leptos::prelude::*;

/// A value with its name.
pub struct Choice<T> {
    name: &'static str,
    value: T,
}

impl<T> Choice<T> {
    pub fn new(name: &'static str, value: T) -> Self {
        Self { name, value }
    }
}

/// A labelled `select`, whose options are numbered.
pub fn choice<T: Copy + PartialEq + Send + Sync + 'static>(
    data: Data,
    id: &'static str,
    label: &'static str,
    choices: Vec<Choice<T>>,
    current: fn(&SettingsData) -> T,
    edit: fn(T) -> SettingsEdit,
) -> AnyView {
    let values: Vec<T> = choices.iter().map(|choice| choice.value).collect();
    let names = choices.iter().map(|choice| choice.name).collect();
    let of = values.clone();
    let index = Signal::derive(move || {
        let value = data.with(current);
        of.iter().position(|known| *known == value).unwrap_or_default()
    });
    let choose = Callback::new(move |index: usize| {
        if let Some(value) = values.get(index) {
            let edit = edit(*value);
            let write = edit.write();
            data.edit(edit, write);
        }
    });
    view! { <Select id label names index choose /> }.into_any()
}

#[component]
fn Select(
    id: &'static str,
    label: &'static str,
    names: Vec<&'static str>,
    index: Signal<usize>,
    choose: Callback<usize>,
) -> impl IntoView {
    let clock = expect_context::<Clock>();
    let option = move |(number, name): (usize, &'static str)| {
        view! {
            <option value=number.to_string() selected=move || index.get() == number>
                {name}
            </option>
        }
        .into_any()
    };
    view! {
        <div class="setting">
            <label for=id>{label}</label>
            <select
                id=id
                disabled=move || !clock.is_hydrated()
                on:change:target=move |event| {
                    if let Ok(number) = event.target().value().parse() {
                        choose.run(number);
                    }
                }
            >
                {names.into_iter().enumerate().map(option).collect_view()}
            </select>
        </div>
    }
    .into_any()
}
