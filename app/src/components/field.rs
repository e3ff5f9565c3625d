//! Form fields that work with and without scripts.

use leptos::prelude::*;

/// A labelled input. Its id is its name.
#[component]
pub fn Field(
    /// The visible label.
    label: &'static str,
    /// The form field's name.
    name: &'static str,
    kind: &'static str,
    /// The `autocomplete` token (HTML, autofill field names).
    autocomplete: &'static str,
    /// Whether it may be left empty.
    #[prop(optional)]
    optional: bool,
    /// A sentence below the field.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The initial value.
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

/// A submit button that is disabled while the form is being sent.
#[component]
pub fn SubmitButton(
    text: &'static str,
    /// Whether the form is being sent.
    pending: Memo<bool>,
) -> impl IntoView {
    view! {
        <button class="button primary wide" type="submit" disabled=pending aria-busy=move || pending.get().to_string()>
            {text}
        </button>
    }
    .into_any()
}
