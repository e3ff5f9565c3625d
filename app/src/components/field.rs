//! Parts of a form that works with and without scripts.

use leptos::prelude::*;

/// A labelled input; its id is its name.
#[component]
pub fn Field(
    /// What the person reads.
    label: &'static str,
    /// The form's name for it.
    name: &'static str,
    kind: &'static str,
    /// What the browser may fill in (HTML, autofill field names).
    autocomplete: &'static str,
    /// May be left empty.
    #[prop(optional)]
    optional: bool,
    /// A sentence below it.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What it begins with.
    #[prop(optional, into)]
    value: Option<String>,
) -> impl IntoView {
    let hint_id = hint.is_some().then(|| format!("{name}-hint"));
    view! {
        <div class="field">
            <label for=name>{label}</label>
            {optional.then(|| view! { <span class="field-optional">"optional"</span> })}
            <input
                id=name
                name=name
                type=kind
                autocomplete=autocomplete
                value=value
                required=!optional
                aria-describedby=hint_id.clone()
            />
            {hint
                .map(|hint| {
                    view! {
                        <p class="field-hint" id=hint_id>
                            {hint}
                        </p>
                    }
                })}
        </div>
    }
    .into_any()
}

/// Sends a form; while it is on its way a second press does nothing.
#[component]
pub fn SubmitButton(
    text: &'static str,
    /// Whether the form is on its way.
    pending: Memo<bool>,
) -> impl IntoView {
    view! {
        <button class="button primary wide" type="submit" disabled=pending aria-busy=move || pending.get().to_string()>
            {text}
        </button>
    }
    .into_any()
}
